import { memo } from 'react';
import type { ChatItem } from '../../react.tsx';
import { nameInList } from '../chat/chat-name.ts';
import { addressOf } from '../route.ts';
import { ChatMenu } from './chat-menu.tsx';
import { FoundLine } from './found-line.tsx';
import { useFocusNeighbour } from './focus-neighbour.ts';
import type { ChatChanges } from './chat-menu.tsx';

interface ChatEntryProps {
  readonly chat: ChatItem;
  readonly isCurrent: boolean;
  readonly changes: ChatChanges;
  readonly onChoose: () => void;
  readonly onProblem: (problem: string) => void;
}

/** What the mark of a chat says in which something goes on. */
const words: Readonly<Record<ChatItem['status'], string>> = {
  idle: '',
  running: 'answering',
  waiting: 'waits for you',
  queued: 'waits for its turn',
};

/** One chat in the list: its name, whether something goes on in it or is new, and what can be done with it. */
export const ChatEntry = memo(({ chat, isCurrent, changes, onChoose, onProblem }: ChatEntryProps) => {
  const isUnread = chat.unread && !isCurrent;
  const entry = useFocusNeighbour();
  return (
    <li ref={entry} className="entry" data-unread={isUnread || undefined}>
      <a
        href={addressOf(chat.id, chat.found?.messageId)}
        aria-current={isCurrent ? 'page' : undefined}
        onClick={onChoose}
      >
        <span className="words">
          <span className="name">{nameInList(chat)}</span>
          {chat.found && <FoundLine found={chat.found} />}
        </span>
        {chat.status !== 'idle' && (
          <span className="mark running" data-status={chat.status} title={words[chat.status]}>
            <span className="unseen">{words[chat.status]}</span>
          </span>
        )}
        {isUnread && chat.status === 'idle' && (
          <span className="mark unread">
            <span className="unseen">new answer</span>
          </span>
        )}
      </a>
      <ChatMenu chat={chat} changes={changes} onProblem={onProblem} />
    </li>
  );
});
