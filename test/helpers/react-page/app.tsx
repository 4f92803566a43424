import { useLayoutEffect, useState } from 'react';
import type { ReactElement } from 'react';
import type { ChatClient } from '../../../client/index.ts';
import { useCatalog, useClient, useConnection } from '../../../client/react.tsx';
import type { UseChat, UseChats } from '../../../client/react.tsx';
import { ChatPanel } from './chat-panel.tsx';
import { ChatsPanel } from './chats-panel.tsx';

/** What is on the page: panels of chats and of lists, each under a name of its own. */
export interface Shown {
  readonly chats?: Readonly<Record<string, string>>;
  readonly lists?: Readonly<Record<string, { readonly search?: string; readonly archived?: boolean }>>;
}

/** How a test drives the page; it reads what came of it from the document. */
export interface Controls {
  show: (shown: Shown) => void;
  /** What the hooks of each panel returned last. */
  readonly chat: Record<string, UseChat>;
  readonly list: Record<string, UseChats>;
  readonly client: ChatClient;
  /** Chats that were ever opened. */
  opened: number;
  /** How often the effects of a chat's panel began. */
  mounted: number;
}

declare global {
  // oxlint-disable-next-line no-var
  var controls: Controls;
}

export function App({ client }: { readonly client: ChatClient }): ReactElement {
  const [shown, show] = useState<Shown>({});
  const connection = useConnection();
  const catalog = useCatalog();
  const isSame = useClient() === client;
  // With what it renders, so that whoever sees that can show more.
  useLayoutEffect(() => {
    globalThis.controls.show = show;
  }, []);

  return (
    <>
      <p data-connection>{connection.status}</p>
      <p data-catalog>{catalog?.assistants.map(({ name }) => name).join(', ') ?? 'unknown'}</p>
      <p data-client>{isSame ? 'same' : 'another'}</p>
      {Object.entries(shown.chats ?? {}).map(([name, chatId]) => (
        <ChatPanel key={name} name={name} chatId={chatId} />
      ))}
      {Object.entries(shown.lists ?? {}).map(([name, options]) => (
        <ChatsPanel key={name} name={name} options={options} />
      ))}
    </>
  );
}
