import { useMemo } from 'react';
import type { ChatClient, ReadableChat } from '../index.ts';
import { useClient } from './use-client.ts';
import { SharedChat, unopened } from './shared-chat.ts';
import type { SharedChatState } from './shared-chat.ts';
import { Usage } from './usage.ts';
import { useStore } from './use-store.ts';

export interface UseSharedChat extends Pick<SharedChatState, 'status' | 'error' | 'chat' | 'messages' | 'activeRun'> {
  /** What was said before the first of `messages`. */
  readonly earlier: SharedChatState['earlier'] & {
    /** Puts one page more in front of `messages`. */
    readonly load: () => void;
  };
  /** After `failed`: tries again. */
  readonly reopen: () => void;
}

/**
 * A chat that somebody has shared, live and to read only. It is `failed` with `NOT_FOUND` when nothing is shared under
 * the id, and as soon as that has ended.
 */
export function useSharedChat(shareId: string): UseSharedChat {
  const client = useClient();
  const { store, load, reopen } = useMemo(() => sharedChatOf(client, shareId), [client, shareId]);
  const { status, error, chat, messages, activeRun, earlier } = useStore(store);
  return useMemo(
    () => ({ status, ...(error && { error }), chat, messages, activeRun, earlier: { ...earlier, load }, reopen }),
    [status, error, chat, messages, activeRun, earlier, load, reopen],
  );
}

/** Open as long as somebody shows it, and a few seconds longer. */
function sharedChatOf(client: ChatClient, shareId: string) {
  let open: SharedChat<ReadableChat> | null = null;
  const shown = new Usage(() => {
    open?.close();
    open = null;
  });
  const openNow = () =>
    new SharedChat(client.openShared(shareId), (cursor) => client.api.share.history.query({ shareId, cursor }));
  return {
    load: () => open?.loadEarlier(),
    reopen: () => open?.reopen(),
    store: {
      get: () => open?.get() ?? unopened,
      subscribe(listener: () => void): () => void {
        open ??= openNow();
        const unsubscribe = open.subscribe(listener);
        const end = shown.begin();
        return () => {
          unsubscribe();
          end();
        };
      },
      getOnServer: () => unopened,
    },
  };
}
