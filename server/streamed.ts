import { tracked } from '@trpc/server';
import type { StreamedEvent } from './chat-stream.ts';
import type { Connection } from './connection.ts';
import { expectUser } from './trpc.ts';

/** A chat's events as a subscription has them. A stream whose token has ended says why it does. */
export async function* streamed(
  connection: Connection,
  signal: AbortSignal | undefined,
  open: (stop: AbortSignal) => AsyncIterable<StreamedEvent>,
) {
  const stop = AbortSignal.any([signal ?? connection.signal, connection.access.ended]);
  for await (const { cursor, event } of open(stop)) {
    // It may have ended while the socket was full.
    if (stop.aborted) break;
    yield tracked(cursor, event);
  }
  if (connection.access.ended.aborted) expectUser(connection);
}
