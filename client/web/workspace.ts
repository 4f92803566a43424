import { createContext, useContext } from 'react';
import type { ChatClient } from '../index.ts';
import { loadCatalog } from './catalog.ts';
import type { Catalog } from './catalog.ts';
import { loadChats } from './chat-page.ts';
import type { ChatPage } from './chat-page.ts';
import { createOpenChats } from './open-chats.ts';
import type { OpenChats } from './open-chats.ts';
import { reloadable } from './reloadable.ts';
import type { Reloadable } from './reloadable.ts';

/** Everything that the parts of the page share: made once, outside React. */
export interface Workspace {
  readonly client: ChatClient;
  readonly openChats: OpenChats;
  readonly chats: Reloadable<ChatPage>;
  readonly catalog: Reloadable<Catalog>;
  /** Makes the list of chats one page longer. */
  readonly showMoreChats: () => void;
}

/** Lists are asked for each time the connection opens: what happened while it was away, nobody told. */
export function createWorkspace(client: ChatClient): Workspace {
  let pages = 1;
  const chats = reloadable(() => loadChats(client.api, pages));
  const catalog = reloadable(() => loadCatalog(client.api));
  const reloadWhenOpen = (): void => {
    if (client.connection.get().status !== 'open') return;
    chats.reload();
    catalog.reload();
  };
  client.connection.subscribe(reloadWhenOpen);
  reloadWhenOpen();
  return {
    client,
    openChats: createOpenChats(client),
    chats,
    catalog,
    showMoreChats() {
      pages += 1;
      chats.reload();
    },
  };
}

export const WorkspaceContext = createContext<Workspace | null>(null);

export function useWorkspace(): Workspace {
  const workspace = useContext(WorkspaceContext);
  if (!workspace) throw new Error('useWorkspace: expected a WorkspaceContext above this component, found none');
  return workspace;
}
