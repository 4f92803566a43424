import type { FilePart } from '../../../shared/message.ts';
import { Icon } from '../ui/icon.tsx';
import type { PartOf } from './part-of.ts';

/** A question that the answer asked a person, and what they said. */
export function InputPart({ part }: { readonly part: PartOf<'input'> }) {
  const { prompt, answer } = part;
  return (
    <div className="aside-part">
      <Icon name="question" />
      <div>
        <p>{prompt}</p>
        {answer === undefined ? <p className="soft">Not answered yet</p> : <Answer answer={answer} />}
      </div>
    </div>
  );
}

/** A form has one line for each of its fields. */
function Answer({ answer }: { readonly answer: unknown }) {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer))
    return <p className="soft">{wordsOf(answer)}</p>;
  return (
    <dl className="answered soft">
      {Object.entries(answer).map(([name, value]) => (
        <div key={name}>
          <dt>{name}:</dt> <dd>{wordsOf(value)}</dd>
        </div>
      ))}
    </dl>
  );
}

function isFiles(value: unknown): value is readonly FilePart[] {
  return (
    Array.isArray(value) && value.length > 0 && value.every((one: Partial<FilePart> | null) => one?.type === 'file')
  );
}

function wordsOf(value: unknown): string {
  if (isFiles(value)) return value.map(({ name }) => name).join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
