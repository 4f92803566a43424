import type { Part } from '../../../shared/message.ts';

interface SuggestionsProps {
  readonly parts: readonly Part[];
  readonly onAsk: (question: string) => void;
}

/** What the person may ask next, under the newest answer. */
export function Suggestions({ parts, onAsk }: SuggestionsProps) {
  const items = parts.flatMap((part) => (part.type === 'suggestions' ? part.items : []));
  if (items.length === 0) return null;
  return (
    <ul className="suggestions" aria-label="What to ask next">
      {items.map((item) => (
        <li key={item}>
          <button type="button" className="quiet" onClick={() => onAsk(item)}>
            {item}
          </button>
        </li>
      ))}
    </ul>
  );
}
