import type { ConnectionView } from '../index.ts';
import type { Surroundings } from './surroundings.ts';

/**
 * Calls `reload` each time the connection opens, because nobody told what happened while it was away; when it is closed
 * for good, so that the reason is told; and when somebody comes back to the page. Returns what ends that.
 */
export function refreshing(connection: ConnectionView, around: Surroundings, reload: () => void): () => void {
  let { status } = connection.get();
  const stopListening = connection.subscribe(() => {
    const before = status;
    ({ status } = connection.get());
    if (status !== before && (status === 'open' || status === 'closed')) reload();
  });
  const stopReturns = around.onReturn(reload);
  return () => {
    stopListening();
    stopReturns();
  };
}
