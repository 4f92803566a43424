import { tracked } from '@trpc/server';
import type { Connection } from './connection.ts';
import { expectUser } from './trpc.ts';

/** Events as a subscription has them, each with its cursor. A stream whose token has ended says why it does. */
export async function* streamed<Event>(
  connection: Connection,
  signal: AbortSignal | undefined,
  open: (stop: AbortSignal) => AsyncIterable<{ readonly cursor: string; readonly event: Event }>,
) {
  const stop = AbortSignal.any([signal ?? connection.signal, connection.access.ended]);
  for await (const { cursor, event } of open(stop)) {
    // It may have ended while the socket was full.
    if (stop.aborted) break;
    yield tracked(cursor, event);
  }
  if (connection.access.ended.aborted) expectUser(connection);
}
