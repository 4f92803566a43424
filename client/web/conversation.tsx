import type { ChatState, ChatStore } from '../index.ts';
import { EarlierMessages } from './earlier-messages.tsx';
import { FinishedAnswer } from './finished-answer.tsx';
import { MessageItem } from './message-item.tsx';
import { PendingItem } from './pending-item.tsx';
import { QueuedItem } from './queued-item.tsx';

interface ConversationProps {
  readonly store: ChatStore;
  readonly state: ChatState;
  /** Takes the text of a message that could not be sent back into the making. */
  readonly onEdit: (text: string) => void;
}

/** What was said, oldest first; then what waits for its turn, then what is not at the server yet. */
export function Conversation({ store, state, onEdit }: ConversationProps) {
  const { view, pending } = state;
  return (
    <div className="conversation" aria-busy={view === null}>
      {view === null && <p className="note">Loading…</p>}
      {view?.nextCursor && <EarlierMessages key={view.nextCursor} chatId={view.chat.id} cursor={view.nextCursor} />}
      <ol aria-label="Messages">
        {view?.messages.map((message) => (
          <MessageItem key={message.id} message={message} />
        ))}
        {view?.queue.map((run) => (
          <QueuedItem key={run.userMessageId} run={run} />
        ))}
        {pending.map((message) => (
          <PendingItem key={message.messageId} message={message} store={store} onEdit={onEdit} />
        ))}
      </ol>
      <FinishedAnswer messages={view?.messages ?? []} />
    </div>
  );
}
