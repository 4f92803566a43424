import { useCallback } from 'react';
import type { Attachment, PendingMessage } from '../../index.ts';
import type { UseChat } from '../../react.tsx';
import type { Message } from '../../../shared/message.ts';
import { explainError } from '../trouble/explain.ts';
import { Trouble } from '../trouble/trouble.tsx';
import type { Answer } from '../ask/use-answer.ts';
import { callOf } from '../ask/call-of.ts';
import { QuestionPanel } from '../ask/question-panel.tsx';
import { EarlierMessages } from './earlier-messages.tsx';
import { useMessageActions } from './message-actions.ts';
import { FinishedAnswer } from './finished-answer.tsx';
import { MessageItem } from './message-item.tsx';
import { PausedQueue } from './paused-queue.tsx';
import { PendingItem } from './pending-item.tsx';
import { QueuedItem } from './queued-item.tsx';

interface ConversationProps {
  readonly chat: UseChat;
  readonly onSend: (text: string, isSteering?: boolean, files?: readonly Attachment[]) => void;
  /** Takes a message that could not be sent back into the making. */
  readonly onEdit: (text: string, files: readonly Attachment[]) => void;
  /** Takes a run out of the queue. */
  readonly onWithdraw: (runId: string) => Promise<void>;
  /** Answers the pending question. */
  readonly onAnswer: Answer;
  /** What had the focus is gone: puts it where one goes on. */
  readonly onLeave: () => void;
}

/** What was said, oldest first; then what waits for its turn, then what is not at the server yet. */
export function Conversation({ chat, onSend, onEdit, onWithdraw, onAnswer, onLeave }: ConversationProps) {
  const { messages, pending, queue, pendingInput, send, discard } = chat;
  const actions = useMessageActions(chat, onLeave);
  const isIdle = chat.activeRun === null && pending.length === 0;
  const sendAgain = useCallback(
    // What becomes of it is shown where it stands.
    ({ text, messageId, attachments }: PendingMessage) =>
      void send(text, { messageId, ...(attachments && { attachments }) }).catch(() => {}),
    [send],
  );
  const askAgain = useCallback(
    (text: string, files: readonly Attachment[]): void => onSend(text, false, files),
    [onSend],
  );
  const edit = (message: PendingMessage): void => {
    discard(message.messageId);
    onEdit(message.text, message.attachments ?? []);
  };

  return (
    <div className="conversation" aria-busy={chat.status === 'loading'}>
      {chat.status === 'loading' && <p className="note loading">Loading…</p>}
      <EarlierMessages earlier={chat.earlier} />
      <ol aria-label="Messages">
        {messages.map((message, index) => (
          <MessageItem
            // By its place: what stands under a message stays, with the focus, while one shows another version of it.
            key={`${message.parentId} ${message.role}`}
            message={message}
            question={isIdle && index === messages.length - 1 ? questionOf(messages, message) : undefined}
            onAskAgain={askAgain}
            actions={actions}
          />
        ))}
        {queue.map((run) => (
          <QueuedItem key={run.id} run={run} queue={queue} chat={chat} onWithdraw={onWithdraw} />
        ))}
        {pending.map((message) => (
          <PendingItem key={message.messageId} message={message} onSendAgain={sendAgain} onEdit={edit} />
        ))}
      </ol>
      {pendingInput && pendingInput.kind !== 'text' && (
        <QuestionPanel
          key={pendingInput.id}
          question={pendingInput}
          call={callOf(messages, pendingInput)}
          onAnswer={onAnswer}
          onLeave={onLeave}
        />
      )}
      {chat.chat?.queuePaused === true && <PausedQueue waiting={queue.length} onResume={chat.resume} />}
      <EndedUnseen chat={chat} />
      <FinishedAnswer messages={messages} />
    </div>
  );
}

function questionOf(messages: readonly Message[], answer: Message): Message | undefined {
  return messages.findLast(({ id, role }) => id === answer.parentId && role === 'user');
}

/** A run that failed before it began has no message that could tell why. */
function EndedUnseen({ chat }: { readonly chat: UseChat }) {
  const { lastEnded, messages } = chat;
  if (!lastEnded?.error || messages.some(({ runId }) => runId === lastEnded.runId)) return null;
  return (
    <div role="alert">
      <Trouble explanation={explainError(lastEnded.error)} error={lastEnded.error} />
    </div>
  );
}
