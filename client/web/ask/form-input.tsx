import { useId } from 'react';
import type { FormField } from './form-fields.ts';
import { JsonField } from './json-field.tsx';

interface FormInputProps {
  readonly field: FormField;
  readonly text: string;
  readonly mistake: string | null;
  readonly onChange: (text: string) => void;
}

/** One field of a form, by the kind of its value. */
export function FormInput({ field, text, mistake, onChange }: FormInputProps) {
  const hintId = useId();
  const { kind, hint, isRequired } = field;
  const name = kind === 'lines' ? `${field.label}, one on each line` : field.label;
  const label = isRequired && kind !== 'boolean' ? `${name} (required)` : name;
  const named = { 'aria-describedby': hint === null ? undefined : hintId };
  const hinted = hint !== null && (
    <span id={hintId} className="soft">
      {hint}
    </span>
  );
  if (kind === 'json')
    return (
      <>
        <JsonField label={`${label}, as JSON`} text={text} mistake={mistake} onChange={onChange} />
        {hinted}
      </>
    );
  if (kind === 'boolean')
    return (
      <div className="labelled">
        <label className="ticked">
          <input
            type="checkbox"
            {...named}
            checked={text === 'true'}
            onChange={(event) => onChange(event.target.checked ? 'true' : '')}
          />
          {label}
        </label>
        {hinted}
      </div>
    );
  return (
    <div className="labelled">
      <label className="labelled">
        {label}
        {kind === 'enum' ? (
          <select {...named} required={isRequired} value={text} onChange={(event) => onChange(event.target.value)}>
            <option value="">Choose…</option>
            {field.options.map(({ value, label }, index) => (
              <option key={JSON.stringify(value)} value={index}>
                {label}
              </option>
            ))}
          </select>
        ) : kind === 'lines' ? (
          <textarea {...named} required={isRequired} value={text} onChange={(event) => onChange(event.target.value)} />
        ) : (
          <input
            {...named}
            type={kind === 'string' ? 'text' : 'number'}
            step={kind === 'integer' ? 1 : 'any'}
            required={isRequired}
            value={text}
            onChange={(event) => onChange(event.target.value)}
          />
        )}
      </label>
      {hinted}
    </div>
  );
}
