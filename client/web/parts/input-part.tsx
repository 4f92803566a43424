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
        <p className="soft">
          {answer === undefined ? 'Not answered yet' : typeof answer === 'string' ? answer : JSON.stringify(answer)}
        </p>
      </div>
    </div>
  );
}
