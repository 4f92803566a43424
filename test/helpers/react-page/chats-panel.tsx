import { useEffect } from 'react';
import type { ReactElement } from 'react';
import { useChats } from '../../../client/react.tsx';
import type { UseChatsOptions } from '../../../client/react.tsx';

/** Shows everything that `useChats` tells. */
export function ChatsPanel({
  name,
  options,
}: {
  readonly name: string;
  readonly options: UseChatsOptions;
}): ReactElement {
  const list = useChats(options);
  useEffect(() => {
    globalThis.controls.list[name] = list;
  });

  return (
    <nav data-list={name} data-loading={list.isLoading} data-more={list.hasMore} data-error={list.error?.code}>
      <ol>
        {list.chats.map((chat) => (
          <li key={chat.id} data-running={chat.running} data-unread={chat.unread}>
            {chat.title}
          </li>
        ))}
      </ol>
    </nav>
  );
}
