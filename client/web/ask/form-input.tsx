import { useId } from 'react';
import type { KeyboardEvent } from 'react';
import type { FormField } from './form-fields.ts';
import { JsonField } from './json-field.tsx';

export interface FormInputProps {
  readonly field: FormField;
  readonly text: string;
  readonly mistake: string | null;
  readonly onChange: (text: string) => void;
}

/** One field of a form, by the kind of its value. */
export function FormInput({ field, text, mistake, onChange }: FormInputProps) {
  const id = useId();
  const { kind, hint, isRequired } = field;
  const name = kind === 'lines' ? `${field.label}, one on each line` : field.label;
  const label = isRequired && kind !== 'boolean' ? `${name} (required)` : name;
  const ties: Ties = { 'aria-describedby': `${id}-about`, 'aria-invalid': mistake !== null };
  if (kind === 'json')
    return (
      <>
        <JsonField label={`${label}, as JSON`} text={text} mistake={mistake} onChange={onChange} />
        <FieldMistake id={`${id}-about`} hint={hint} mistake={null} />
      </>
    );
  return (
    <div className="labelled">
      {kind === 'boolean' ? (
        <label className="ticked">
          <input
            type="checkbox"
            {...ties}
            checked={text === 'true'}
            onChange={(event) => onChange(event.target.checked ? 'true' : '')}
          />
          {label}
        </label>
      ) : (
        <label className="labelled">
          {label}
          <TypedInput field={field} ties={ties} text={text} onChange={onChange} />
        </label>
      )}
      <FieldMistake id={`${id}-about`} hint={hint} mistake={mistake} />
    </div>
  );
}

interface Ties {
  readonly 'aria-describedby': string;
  readonly 'aria-invalid': boolean;
}

interface TypedInputProps extends Omit<FormInputProps, 'mistake'> {
  readonly ties: Ties;
}

function TypedInput({ field: { kind, options, isRequired }, ties, text, onChange }: TypedInputProps) {
  const common = { ...ties, required: isRequired, value: text };
  switch (kind) {
    case 'enum':
      return (
        <select {...common} onChange={(event) => onChange(event.target.value)}>
          <option value="">Choose…</option>
          {options.map(({ value, label }, index) => (
            <option key={JSON.stringify(value)} value={index}>
              {label}
            </option>
          ))}
        </select>
      );
    case 'lines':
      return <textarea {...common} onChange={(event) => onChange(event.target.value)} />;
    case 'string':
      // Not an input, which has no lines and drops those of a text that is pasted.
      return (
        <textarea {...common} rows={1} onKeyDown={answerOnEnter} onChange={(event) => onChange(event.target.value)} />
      );
    case 'number':
    case 'integer':
      return (
        <input
          {...common}
          type="number"
          step={kind === 'integer' ? 1 : 'any'}
          onChange={(event) => onChange(event.target.value)}
        />
      );
    default:
      return <input {...common} type={kind} onChange={(event) => onChange(event.target.value)} />;
  }
}

/** As in the field for messages: Enter answers, Shift+Enter begins a new line. */
function answerOnEnter(event: KeyboardEvent<HTMLTextAreaElement>): void {
  if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
  event.preventDefault();
  event.currentTarget.form?.requestSubmit();
}

interface FieldMistakeProps {
  readonly id: string;
  readonly hint: string | null;
  readonly mistake: string | null;
}

/** What is to be known about a field, and what is wrong with it. */
export function FieldMistake({ id, hint, mistake }: FieldMistakeProps) {
  return (
    <div id={id}>
      {hint !== null && <span className="field-hint">{hint}</span>}
      {mistake !== null && (
        <p className="problem" role="alert">
          {mistake}
        </p>
      )}
    </div>
  );
}
