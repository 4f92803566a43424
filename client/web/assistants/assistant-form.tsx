import { useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { flushSync } from 'react-dom';
import type { Model } from '../../../shared/assistant.ts';
import { limits } from '../../../shared/limits.ts';
import type { ToolInfo } from '../../../shared/tool.ts';
import { assistantsAddress } from '../route.ts';
import { fieldProblemsOf, ownProblemsOf } from './field-problems.ts';
import type { FieldProblems } from './field-problems.ts';
import { FormField } from '../ui/form-field.tsx';
import { saveOnKey } from '../ui/shortcuts.ts';
import { Unsaved } from '../ui/unsaved.tsx';
import type { FormValues } from './form-values.ts';
import { ToolChoice } from './tool-choice.tsx';

interface AssistantFormProps {
  readonly initial: FormValues;
  readonly models: readonly Model[];
  /** Null until they are known. */
  readonly tools: readonly ToolInfo[] | null;
  /** Rejects with the server's error, which is then shown at its field. */
  readonly onSave: (values: FormValues) => Promise<void>;
}

export function AssistantForm({ initial, models, tools, onSave }: AssistantFormProps) {
  const [values, setValues] = useState(initial);
  const [problems, setProblems] = useState<FieldProblems>({});
  const [isBusy, setBusy] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const set = (change: Partial<FormValues>): void => setValues((before) => ({ ...before, ...change }));
  const mark = (marked: FieldProblems): void => {
    // What is marked takes the focus, so it has to be drawn first.
    flushSync(() => setProblems(marked));
    form.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
  };
  const save = async (): Promise<void> => {
    const known = ownProblemsOf(values);
    if (Object.keys(known).length > 0) return mark(known);
    setBusy(true);
    setProblems({});
    try {
      await onSave(values);
    } catch (reason) {
      mark(fieldProblemsOf(reason));
    } finally {
      setBusy(false);
    }
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    void save();
  };

  return (
    <>
      <form ref={form} className="assistant-form" onSubmit={onSubmit} onKeyDown={saveOnKey}>
        <FormField label="Name" problem={problems.name}>
          {(ties) => (
            <input
              {...ties}
              required
              maxLength={limits.assistantName}
              value={values.name}
              onChange={(event) => set({ name: event.target.value })}
            />
          )}
        </FormField>
        <FormField label="Description" hint="What people read before they choose it." problem={problems.description}>
          {(ties) => (
            <textarea
              {...ties}
              rows={2}
              value={values.description}
              onChange={(event) => set({ description: event.target.value })}
            />
          )}
        </FormField>
        <FormField
          label="Avatar"
          hint="One emoji, or an https:// address of a picture, which this page does not fetch."
          problem={problems.avatar}
        >
          {(ties) => (
            <input {...ties} value={values.avatar} onChange={(event) => set({ avatar: event.target.value })} />
          )}
        </FormField>
        <FormField
          label="Prompt"
          hint="What the model is told before every conversation. Only you see it."
          problem={problems.prompt}
        >
          {(ties) => (
            <textarea
              {...ties}
              rows={6}
              value={values.prompt}
              onChange={(event) => set({ prompt: event.target.value })}
            />
          )}
        </FormField>
        <div className="form-row">
          <ModelField values={values} models={models} problem={problems.model} set={set} />
          <NumberField
            label="Temperature"
            hint="0 to 2; empty: as the model has it."
            value={values.temperature}
            problem={problems.temperature}
            onChange={(temperature) => set({ temperature })}
          />
          <NumberField
            label="Top-p"
            hint="0 to 1; empty: as the model has it."
            value={values.topP}
            problem={problems.topP}
            onChange={(topP) => set({ topP })}
          />
          <NumberField
            label="Longest answer"
            hint="In tokens; empty: as the model has it."
            value={values.maxOutputTokens}
            problem={problems.maxOutputTokens}
            onChange={(maxOutputTokens) => set({ maxOutputTokens })}
          />
          <NumberField
            label="Steps"
            hint={`Times that it may use tools in an answer, up to ${limits.toolSteps}.`}
            value={values.steps}
            problem={problems.limits}
            onChange={(steps) => set({ steps })}
          />
        </div>
        <ToolChoice
          known={tools}
          chosen={values.tools}
          problem={problems.tools}
          onChange={(chosen) => set({ tools: chosen })}
        />
        <FormField label="Greeting" hint="Stands over a new chat with it." problem={problems.guideWord}>
          {(ties) => (
            <input {...ties} value={values.guideWord} onChange={(event) => set({ guideWord: event.target.value })} />
          )}
        </FormField>
        <FormField label="Questions to start with" hint="One on each line." problem={problems.guideQuestions}>
          {(ties) => (
            <textarea
              {...ties}
              rows={3}
              value={values.guideQuestions}
              onChange={(event) => set({ guideQuestions: event.target.value })}
            />
          )}
        </FormField>
        <label className="ticked">
          <input
            type="checkbox"
            checked={values.followUps}
            onChange={(event) => set({ followUps: event.target.checked })}
          />
          Propose questions to go on with after an answer
        </label>
        <div role="alert">
          {problems.all !== undefined && <p className="problem">Not saved: {problems.all}</p>}
          {problems.all === undefined && Object.keys(problems).length > 0 && (
            <p className="problem">Not saved: see the fields that are marked.</p>
          )}
        </div>
        <div className="actions">
          <a className="button quiet" href={assistantsAddress()}>
            Cancel
          </a>
          <button type="submit" disabled={isBusy}>
            Save
          </button>
        </div>
      </form>
      <Unsaved isChanged={JSON.stringify(values) !== JSON.stringify(initial)} />
    </>
  );
}

interface NumberFieldProps {
  readonly label: string;
  readonly hint: string;
  readonly value: string;
  readonly problem: string | undefined;
  readonly onChange: (value: string) => void;
}

/** A text, because a number that is half written is none; the server says what is allowed. */
function NumberField({ label, hint, value, problem, onChange }: NumberFieldProps) {
  return (
    <FormField label={label} hint={hint} problem={problem}>
      {(ties) => (
        <input {...ties} inputMode="decimal" value={value} onChange={(event) => onChange(event.target.value)} />
      )}
    </FormField>
  );
}

interface ModelFieldProps {
  readonly values: FormValues;
  readonly models: readonly Model[];
  readonly problem: string | undefined;
  readonly set: (change: Partial<FormValues>) => void;
}

/** A model that the server does not list now stays chosen until another one is. */
function ModelField({ values: { model }, models, problem, set }: ModelFieldProps) {
  const ids = models.map(({ id }) => id);
  const options = model === '' || ids.includes(model) ? ids : [...ids, model];
  return (
    <FormField label="Model" problem={problem}>
      {(ties) => (
        <select {...ties} value={model} onChange={(event) => set({ model: event.target.value })}>
          <option value="">The server’s default</option>
          {options.map((id) => (
            <option key={id} value={id}>
              {id}
            </option>
          ))}
        </select>
      )}
    </FormField>
  );
}
