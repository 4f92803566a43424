import { memo } from 'react';
import type { Message } from '../../../shared/message.ts';
import { PartItem } from '../parts/part-item.tsx';
import { AnswerFoot } from './answer-foot.tsx';
import { AnswerProblem } from './answer-problem.tsx';
import { wordsOf } from './words-of.ts';

interface MessageItemProps {
  readonly message: Message;
  /** What the newest answer answers, to ask it again; absent for all others. */
  readonly question?: string | undefined;
  readonly onAskAgain: (question: string) => void;
}

/** One message; drawn again only when it changed, so that a long chat costs nothing while its last answer grows. */
export const MessageItem = memo(({ message, question, onAskAgain }: MessageItemProps) =>
  message.role === 'user' ? (
    <UserMessage message={message} />
  ) : (
    <Answer message={message} question={question} onAskAgain={onAskAgain} />
  ),
);

/** What a person wrote is shown as they wrote it. */
function UserMessage({ message }: { readonly message: Message }) {
  return (
    <li className="message" data-role="user" data-status={message.status}>
      <span className="unseen">You:</span>
      <div className="text">{wordsOf(message)}</div>
    </li>
  );
}

function Answer({ message, question, onAskAgain }: MessageItemProps) {
  const { parts, status } = message;
  const isGrowing = status === 'streaming';
  return (
    <li className="message" data-role="assistant" data-status={status}>
      <span className="unseen">Answer:</span>
      {parts.map((part, index) => (
        // A part's place is its name: parts are never moved or taken away.
        // oxlint-disable-next-line react/no-array-index-key
        <PartItem key={index} part={part} isGrowing={isGrowing && index === parts.length - 1} />
      ))}
      {isGrowing && parts.length === 0 && <Thinking />}
      {!isGrowing && (
        <AnswerProblem message={message} onAskAgain={question === undefined ? null : () => onAskAgain(question)} />
      )}
      <AnswerFoot message={message} />
    </li>
  );
}

function Thinking() {
  return (
    <p className="thinking">
      <span className="dots" aria-hidden="true" />
      Thinking…
    </p>
  );
}
