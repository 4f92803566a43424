import { useCallback, useMemo, useState } from 'react';
import type { Ref } from 'react';
import { useChats } from '../../react.tsx';
import type { ChatItem, UseChats } from '../../react.tsx';
import { addressOf, goTo } from '../route.ts';
import { Brand } from '../ui/brand.tsx';
import { Icon } from '../ui/icon.tsx';
import { keyNames } from '../ui/shortcuts.ts';
import { ChatEntry } from './chat-entry.tsx';
import { groupsOf } from './chat-groups.ts';
import { EmptyList } from './empty-list.tsx';
import { ListFoot } from './list-foot.tsx';
import { SearchField } from './search-field.tsx';
import { useToday } from './today.ts';

interface ChatListProps {
  /** Whether a new chat is shown. */
  readonly isNew: boolean;
  readonly chatId: string | null;
  /** On a phone the list covers the rest. */
  readonly onChoose: () => void;
  readonly onHelp: () => void;
  readonly searchField: Ref<HTMLInputElement>;
}

/** Every chat, last active first: found by its title and its messages, in the archive too. */
export function ChatList({ isNew, chatId, onChoose, onHelp, searchField }: ChatListProps) {
  const [search, setSearch] = useState('');
  const [isArchive, setArchive] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const list = useChats({ archived: isArchive, ...(search !== '' && { search }) });
  const groups = groupsOf(list.chats, useToday());

  return (
    <nav className="chats" id="chats" aria-label="Chats">
      <div className="chats-head">
        <p className="name-of-page">
          <Brand /> Switchboard
        </p>
        <button type="button" className="plain-button drawer-close" aria-label="Close the list" onClick={onChoose}>
          <Icon name="close" />
        </button>
      </div>
      <a
        className="new-chat"
        href={addressOf(null)}
        aria-current={isNew ? 'page' : undefined}
        title={`New chat (${keyNames.newChat})`}
        onClick={onChoose}
      >
        <Icon name="new" /> New chat
      </a>
      <SearchField field={searchField} onSearch={setSearch} />
      {problem !== null && (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
      {/* Names the chats even while there are none; screen readers jump from heading to heading. */}
      <h2 className={isArchive ? 'list-title' : 'unseen'}>{isArchive ? 'Archive' : 'Chats'}</h2>
      <div className="entries" aria-busy={list.isLoading}>
        {groups.map(({ title, chats }) => (
          <section key={title} aria-label={title}>
            <h3>{title}</h3>
            <ul>
              {chats.map((chat) => (
                <Entry
                  key={chat.id}
                  chat={chat}
                  list={list}
                  isCurrent={chat.id === chatId}
                  onChoose={onChoose}
                  onProblem={setProblem}
                />
              ))}
            </ul>
          </section>
        ))}
        <EmptyList list={list} search={search} isArchive={isArchive} />
        {list.hasMore && (
          <button type="button" className="quiet more" disabled={list.isLoading} onClick={list.loadMore}>
            Show more
          </button>
        )}
      </div>
      <ListFoot isArchive={isArchive} onArchive={setArchive} onHelp={onHelp} onChoose={onChoose} />
    </nav>
  );
}

interface EntryProps {
  readonly chat: ChatItem;
  readonly list: UseChats;
  readonly isCurrent: boolean;
  readonly onChoose: () => void;
  readonly onProblem: (problem: string) => void;
}

/** Gives an entry the list's changes for its own chat. Whoever deletes the chat that is shown is led away from it. */
function Entry({ chat, list, isCurrent, onChoose, onProblem }: EntryProps) {
  const { rename, archive, share, unshare, remove } = list;
  const removeThis = useCallback(async () => {
    await remove(chat.id);
    if (isCurrent) goTo(null);
  }, [remove, chat.id, isCurrent]);
  const changes = useMemo(
    () => ({
      rename: (title: string) => rename(chat.id, title),
      archive: (archived: boolean) => archive(chat.id, archived),
      share: () => share(chat.id),
      unshare: () => unshare(chat.id),
      remove: removeThis,
    }),
    [rename, archive, share, unshare, removeThis, chat.id],
  );
  return <ChatEntry chat={chat} isCurrent={isCurrent} changes={changes} onChoose={onChoose} onProblem={onProblem} />;
}
