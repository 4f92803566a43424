import { useEffect, useMemo, useRef, useState } from 'react';
import type { FormEvent } from 'react';
import { useAttempt } from '../ui/attempt.ts';
import { ChoicesField } from './choices-field.tsx';
import { FilesField } from './files-field.tsx';
import { answerOf, fieldsOf } from './form-fields.ts';
import type { Answered, FormField } from './form-fields.ts';
import { FormInput } from './form-input.tsx';
import { JsonField } from './json-field.tsx';
import { parseJson } from './parse-json.ts';
import { mistakesOf, wholeAnswer } from './refused-fields.ts';
import type { Mistakes } from './refused-fields.ts';
import { useWritten } from './use-written.ts';

interface AnswerFormProps {
  readonly questionId: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly onAnswer: (value: unknown) => Promise<unknown>;
}

const none: Mistakes = {};

/** Fields for an answer that has several; where the schema describes no object, one field for its JSON. */
export function AnswerForm({ questionId, schema, onAnswer }: AnswerFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const fields = useMemo(() => fieldsOf(schema), [schema]);
  const { written, write, forget } = useWritten(questionId);
  const [unread, setUnread] = useState(none);
  const { isBusy, problem, attempt } = useAttempt();
  const refused = useMemo(() => (problem === null ? none : mistakesOf(problem, fields ?? [])), [problem, fields]);
  const mistakes = unread === none ? refused : unread;
  useEffect(() => {
    if (mistakes !== none)
      form.current?.querySelector<HTMLElement>('[aria-invalid=true], [data-wrong] .attach')?.focus();
  }, [mistakes]);

  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (isBusy) return;
    const answered = fields ? answerOf(fields, written) : wholeOf(written[wholeAnswer] ?? '');
    setUnread('mistake' in answered ? { [answered.name]: answered.mistake } : none);
    if ('value' in answered)
      void attempt(() => onAnswer(answered.value)).then((isDone) => isDone && forget(fields ?? []));
  };
  const draw = (field: FormField) => {
    const { name, kind, initial } = field;
    const mistake = mistakes[name] ?? null;
    if (kind === 'files')
      return <FilesField key={name} questionId={questionId} field={field} mistake={mistake} onWrite={write} />;
    const Field = kind === 'choices' ? ChoicesField : FormInput;
    const onChange = (text: string): void => write(name, text);
    return <Field key={name} field={field} text={written[name] ?? initial} mistake={mistake} onChange={onChange} />;
  };
  const whole = mistakes[wholeAnswer] ?? null;

  return (
    <form ref={form} onSubmit={onSubmit}>
      {fields ? (
        fields.map(draw)
      ) : (
        <JsonField
          label="Answer, as JSON"
          text={written[wholeAnswer] ?? ''}
          mistake={whole}
          onChange={(text) => write(wholeAnswer, text)}
        />
      )}
      {fields && whole !== null && (
        <p className="problem" role="alert">
          {whole}
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

function wholeOf(text: string): { readonly value: unknown } | Extract<Answered, { mistake: string }> {
  const { mistake, value } = parseJson(text);
  return mistake === null ? { value } : { name: wholeAnswer, mistake };
}
