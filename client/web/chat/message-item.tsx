import { memo } from 'react';
import type { Attachment } from '../../index.ts';
import type { Message } from '../../../shared/message.ts';
import { PartItem } from '../parts/part-item.tsx';
import { AnswerFoot } from './answer-foot.tsx';
import { AnswerProblem } from './answer-problem.tsx';
import type { MessageActions } from './message-actions.ts';
import { Suggestions } from './suggestions.tsx';
import { UserMessage } from './user-message.tsx';
import { filesIn, wordsOf } from './words-of.ts';

interface MessageItemProps {
  readonly message: Message;
  /** What the newest answer answers, to ask it again; absent for all others. */
  readonly question?: Message | undefined;
  readonly onAskAgain: (question: string, files: readonly Attachment[]) => void;
  /** Null: it can only be read. */
  readonly actions: MessageActions | null;
}

/** One message; drawn again only when it changed, so that a long chat costs nothing while its last answer grows. */
export const MessageItem = memo((props: MessageItemProps) =>
  props.message.role === 'user' ? (
    <UserMessage message={props.message} actions={props.actions} />
  ) : (
    <Answer {...props} />
  ),
);

function Answer({ message, question, onAskAgain, actions }: MessageItemProps) {
  const { id, parts, status } = message;
  const isGrowing = status === 'streaming';
  return (
    <li className="message" data-role="assistant" data-status={status} data-message={id}>
      <span className="unseen">Answer:</span>
      {parts.map((part, index) => (
        // A part's place is its name: parts are never moved or taken away.
        // oxlint-disable-next-line react/no-array-index-key
        <PartItem key={`${id} ${index}`} part={part} isGrowing={isGrowing && index === parts.length - 1} />
      ))}
      {isGrowing && parts.length === 0 && <Thinking />}
      {!isGrowing && (
        <AnswerProblem
          message={message}
          onAskAgain={question === undefined ? null : () => onAskAgain(wordsOf(question), filesIn(question))}
        />
      )}
      {question !== undefined && <Suggestions parts={parts} onAsk={(next) => onAskAgain(next, [])} />}
      <AnswerFoot message={message} actions={actions} />
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
