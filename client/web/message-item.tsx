import { memo } from 'react';
import { unreachable } from '../../shared/errors.ts';
import type { Message, Part } from '../../shared/message.ts';

/** One message; drawn again only when it changed, so that a long chat costs nothing while its last answer grows. */
export const MessageItem = memo(({ message }: { readonly message: Message }) => (
  <li className="message" data-role={message.role} data-status={message.status}>
    <span className="unseen">{message.role === 'user' ? 'You:' : 'Answer:'}</span>
    {message.parts.map((part, index) => (
      // A part's place is its name: parts are never moved or taken away.
      // oxlint-disable-next-line react/no-array-index-key
      <PartItem key={index} part={part} isOpen={message.status === 'streaming' && index === message.parts.length - 1} />
    ))}
    <Ending message={message} />
  </li>
));

interface PartItemProps {
  readonly part: Part;
  /** Whether this is what is being written now. */
  readonly isOpen: boolean;
}

/** Text is shown as it is, whatever it looks like. Kinds of parts that this page does not know are left out. */
function PartItem({ part, isOpen }: PartItemProps) {
  if (part.type === 'text') return <div className={isOpen ? 'text growing' : 'text'}>{part.text}</div>;
  if (part.type !== 'reasoning') return null;
  return (
    <details className="reasoning">
      <summary>{isOpen ? 'Reasoning…' : 'Reasoning'}</summary>
      <div className="text">{part.text}</div>
    </details>
  );
}

/** How an answer stands that is not simply complete. */
function Ending({ message }: { readonly message: Message }) {
  const words = endingOf(message);
  if (words === null) return null;
  return (
    <p className="ending">
      {words}
      {message.error && <code>{message.error.code}</code>}
    </p>
  );
}

export function endingOf({ status, parts, error }: Message): string | null {
  switch (status) {
    case 'streaming':
      return parts.length === 0 ? 'Thinking…' : null;
    case 'completed':
      return null;
    case 'stopped':
      return 'Stopped.';
    case 'failed':
      return error?.message ?? 'The answer failed.';
    case 'interrupted':
      return error?.message ?? 'The server stopped before the answer was complete.';
    default:
      return unreachable(status);
  }
}
