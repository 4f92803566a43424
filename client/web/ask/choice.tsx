import { useAttempt } from '../ui/attempt.ts';
import { AnswerForm } from './answer-form.tsx';
import { optionsOf, wordsOfOption } from './form-fields.ts';

interface ChoiceProps {
  readonly schema: Readonly<Record<string, unknown>>;
  readonly onAnswer: (value: unknown) => Promise<unknown>;
}

/** One button for each value that the schema's `enum` allows. */
export function Choice({ schema, onAnswer }: ChoiceProps) {
  const { isBusy, problem, attempt } = useAttempt();
  const options = optionsOf(schema);
  if (options === null) return <AnswerForm schema={schema} onAnswer={onAnswer} />;
  return (
    <>
      <div className="choices">
        {options.map((option) => (
          <button
            key={JSON.stringify(option)}
            type="button"
            className="quiet"
            aria-disabled={isBusy}
            onClick={() => void (isBusy || attempt(() => onAnswer(option)))}
          >
            {wordsOfOption(option)}
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
