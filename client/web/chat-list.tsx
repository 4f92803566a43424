import { useEffect } from 'react';
import type { Chat } from '../../shared/chat.ts';
import { nameless } from './chat-name.ts';
import { addressOf } from './route.ts';
import { useStore } from './use-store.ts';
import { useWorkspace } from './workspace.ts';

/** Milliseconds from question to question while an answer is being written somewhere in the list. */
const runningMs = 2_500;

interface ChatListProps {
  readonly chatId: string | null;
  readonly onChoose: () => void;
}

export function ChatList({ chatId, onChoose }: ChatListProps) {
  const { chats, showMoreChats } = useWorkspace();
  const page = useStore(chats);
  useFreshChats(page?.chats.some((chat) => chat.activeRunId !== null) ?? false);

  return (
    <nav className="chats" id="chats" aria-label="Chats">
      <a
        className="new-chat"
        href={addressOf(null)}
        aria-current={chatId === null ? 'page' : undefined}
        onClick={onChoose}
      >
        New chat
      </a>
      <ul>
        {page?.chats.map((chat) => (
          <li key={chat.id}>
            <ChatLink chat={chat} isCurrent={chat.id === chatId} onChoose={onChoose} />
          </li>
        ))}
      </ul>
      {page?.hasMore && (
        <button type="button" className="quiet" onClick={showMoreChats}>
          Show more
        </button>
      )}
    </nav>
  );
}

interface ChatLinkProps {
  readonly chat: Chat;
  readonly isCurrent: boolean;
  readonly onChoose: () => void;
}

function ChatLink({ chat, isCurrent, onChoose }: ChatLinkProps) {
  return (
    <a href={addressOf(chat.id)} aria-current={isCurrent ? 'page' : undefined} onClick={onChoose}>
      <span className="name">{chat.title ?? nameless}</span>
      {chat.activeRunId !== null && (
        <span className="running">
          <span className="unseen">answering</span>
        </span>
      )}
    </a>
  );
}

/** Nobody tells this page yet what goes on in other chats, so it asks: when it is looked at again, and while one runs. */
function useFreshChats(isAnyRunning: boolean): void {
  const { chats } = useWorkspace();
  useEffect(() => {
    const reload = (): void => {
      if (document.visibilityState === 'visible') chats.reload();
    };
    const timer = isAnyRunning ? setInterval(reload, runningMs) : undefined;
    document.addEventListener('visibilitychange', reload);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', reload);
    };
  }, [chats, isAnyRunning]);
}
