import { useAttempt } from '../ui/attempt.ts';
import { AnswerForm } from './answer-form.tsx';
import { optionsOf } from './form-fields.ts';

interface ChoiceProps {
  readonly questionId: string;
  readonly schema: Readonly<Record<string, unknown>>;
  readonly onAnswer: (value: unknown) => Promise<unknown>;
}

/** One button for each value that the schema lists. */
export function Choice({ questionId, schema, onAnswer }: ChoiceProps) {
  const { isBusy, problem, attempt } = useAttempt();
  const options = optionsOf(schema);
  if (options === null) return <AnswerForm questionId={questionId} schema={schema} onAnswer={onAnswer} />;
  return (
    <>
      <div className="choices">
        {options.map(({ value, label }) => (
          <button
            key={JSON.stringify(value)}
            type="button"
            className="quiet"
            aria-disabled={isBusy}
            onClick={() => void (isBusy || attempt(() => onAnswer(value)))}
          >
            {label}
          </button>
        ))}
      </div>
      {problem !== null && (
        <p className="problem" role="alert">
          Not answered: {problem}
        </p>
      )}
    </>
  );
}
