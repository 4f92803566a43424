import type { ChatClient } from '../index.ts';
import { fullJitter } from '../backoff.ts';
import type { WatchEvent } from '../../shared/watch.ts';

const backoff = fullJitter(Math.random);

/**
 * Calls `onEvent` with what the server tells of the user's chats, across every reconnect: each time the beginning of the
 * list first. Where the server ends it, it is asked for again a while later. Returns what ends that.
 */
export function watchChats(
  { api, connection }: Pick<ChatClient, 'api' | 'connection'>,
  onEvent: (event: WatchEvent) => void,
): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let subscription: { unsubscribe(): void } | undefined;
  let failures = 0;
  const again = (): void => {
    if (connection.get().status === 'closed') return;
    failures += 1;
    timer = setTimeout(open, backoff(failures));
  };
  const open = (): void => {
    subscription = api.chat.watch.subscribe(undefined, {
      onData({ data }) {
        failures = 0;
        onEvent(data);
      },
      onError: again,
      onComplete: again,
    });
  };
  open();
  return () => {
    clearTimeout(timer);
    subscription?.unsubscribe();
  };
}
