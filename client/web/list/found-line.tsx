import type { ReactNode } from 'react';
import type { FoundMessage } from '../../../shared/listed-chat.ts';

/** The line of a message that a search has found, with its words marked. */
export function FoundLine({ found: { role, excerpt, marks } }: { readonly found: FoundMessage }) {
  const pieces: ReactNode[] = [];
  let at = 0;
  for (const { offset, length } of marks) {
    pieces.push(excerpt.slice(at, offset), <mark key={offset}>{excerpt.slice(offset, offset + length)}</mark>);
    at = offset + length;
  }
  return (
    <span className="found">
      <span className="unseen">{role === 'user' ? 'You: ' : 'Answer: '}</span>
      {pieces}
      {excerpt.slice(at)}
    </span>
  );
}
