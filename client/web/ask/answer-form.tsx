import { useCallback, useMemo, useState } from 'react';
import type { FormEvent } from 'react';
import { useAttempt } from '../ui/attempt.ts';
import { answerOf, fieldsOf } from './form-fields.ts';
import type { Written } from './form-fields.ts';
import { FilesField } from './files-field.tsx';
import { FormInput } from './form-input.tsx';
import { JsonField } from './json-field.tsx';
import { parseJson } from './parse-json.ts';

interface AnswerFormProps {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly onAnswer: (value: unknown) => Promise<unknown>;
}

interface Mistake {
  /** Empty: the whole answer. */
  readonly name: string;
  readonly mistake: string;
}

/** Fields for an answer that has several; where the schema describes no object, one field for its JSON. */
export function AnswerForm({ schema, onAnswer }: AnswerFormProps) {
  const fields = useMemo(() => fieldsOf(schema), [schema]);
  const [written, setWritten] = useState<Written>({});
  const [wrong, setWrong] = useState<Mistake | null>(null);
  const { isBusy, problem, attempt } = useAttempt();
  const write = useCallback((name: string, text: string): void => {
    setWritten((before) => ({ ...before, [name]: text }));
  }, []);

  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (isBusy) return;
    const answered = fields ? answerOf(fields, written) : wholeOf(written[''] ?? '');
    setWrong('mistake' in answered ? answered : null);
    if ('value' in answered) void attempt(() => onAnswer(answered.value));
  };

  return (
    <form onSubmit={onSubmit}>
      {fields ? (
        fields.map((field) => {
          const mistake = wrong?.name === field.name ? wrong.mistake : null;
          if (field.kind === 'files')
            return <FilesField key={field.name} field={field} mistake={mistake} onWrite={write} />;
          return (
            <FormInput
              key={field.name}
              field={field}
              text={written[field.name] ?? field.initial}
              mistake={mistake}
              onChange={(text) => write(field.name, text)}
            />
          );
        })
      ) : (
        <JsonField
          label="Answer, as JSON"
          text={written[''] ?? ''}
          mistake={wrong?.mistake ?? null}
          onChange={(text) => write('', text)}
        />
      )}
      {problem !== null && (
        <p className="problem" role="alert">
          Not answered: {problem}
        </p>
      )}
      <div className="actions">
        <button type="submit" aria-disabled={isBusy}>
          Answer
        </button>
      </div>
    </form>
  );
}

function wholeOf(text: string): Mistake | { readonly value: unknown } {
  const { mistake, value } = parseJson(text);
  return mistake === null ? { value } : { name: '', mistake };
}
