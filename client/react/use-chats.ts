import { useMemo, useState } from 'react';
import type { ChatChanges } from './chat-changes.ts';
import { unloaded } from './chat-list.ts';
import type { ChatListState } from './chat-list.ts';
import { useWorkspace } from './context.ts';
import { useStore } from './use-store.ts';
import type { Workspace } from './workspace.ts';

export interface UseChatsOptions {
  /** Words to find in titles and messages, in any case. Each new value asks the server: wait a moment while somebody types. */
  readonly search?: string;
  /** The archived chats instead of the others. */
  readonly archived?: boolean;
}

/** The functions stay the same as long as the options are the same; they resolve when the server has done it. */
export interface UseChats
  extends ChatListState, Pick<ChatChanges, 'create' | 'rename' | 'archive' | 'share' | 'unshare' | 'remove'> {
  /** Makes the list one page longer. */
  readonly loadMore: () => void;
  /** Asks again now. The list does so by itself when the connection opens, when the page is looked at again and after changes. */
  readonly reload: () => void;
}

/**
 * The chats, last active first, with marks for answers that are being written and that nobody has seen yet.
 *
 * While the answer to another search is on its way, the chats of the last one stay.
 */
export function useChats({ search = '', archived = false }: UseChatsOptions = {}): UseChats {
  const workspace = useWorkspace('useChats');
  const words = search.trim();
  const { store, actions } = useMemo(() => listOf(workspace, words, archived), [workspace, words, archived]);
  const state = useShown(useStore(store), archived);
  return useMemo(() => ({ ...state, ...actions }), [state, actions]);
}

function listOf({ lists, changes }: Workspace, search: string, archived: boolean) {
  const filter = { search, archived };
  const { create, rename, archive, share, unshare, remove } = changes;
  return {
    actions: {
      create,
      rename,
      archive,
      share,
      unshare,
      remove,
      loadMore: () => lists.find(filter)?.loadMore(),
      reload: () => lists.find(filter)?.reloadNow(),
    },
    store: {
      get: () => lists.get(filter),
      subscribe: (listener: () => void) => lists.show(filter, listener),
      getOnServer: () => unloaded,
    },
  };
}

/** The state, with the chats of the last one where this one has none yet: a list that is filtered shall not blink. */
function useShown(state: ChatListState, archived: boolean): ChatListState {
  const [last, setLast] = useState({ state, archived });
  const isFirst = state.isLoading && state.chats.length === 0;
  if (!isFirst && last.state !== state) setLast({ state, archived });
  return useMemo(
    () => (isFirst && last.archived === archived ? { ...state, chats: last.state.chats } : state),
    [state, archived, isFirst, last],
  );
}
