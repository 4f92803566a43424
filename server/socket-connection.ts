import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { closeCodes } from '../shared/errors.ts';
import { newId } from '../shared/new-id.ts';
import type { Connection, ConnectionId, User } from './connection.ts';
import { drainOf } from './drain.ts';

interface SocketConnectionOptions {
  readonly user: User | null;
  readonly signal: AbortSignal;
  /** What the WebSocket or the HTTP response writes to. */
  readonly stream: Duplex | NodeJS.WritableStream;
  /** Milliseconds that a full socket may stay full. */
  readonly stalledMs: number;
  readonly close: (code: number, reason: string) => void;
}

/** A connection over a real socket: full while the operating system takes no more of what was written. */
export function openConnection({ user, signal, stream, stalledMs, close }: SocketConnectionOptions): Connection {
  const onStalled = () => close(closeCodes.stalledReader, 'the reader is too slow');
  const drained = drainOf(stream, { signal, stalledMs, onStalled });
  return { id: newId<ConnectionId>(), user, signal, streams: 0, drained, close };
}

/** What a peer that does not read gets to see of a close is up to it; after this it is cut. */
const closingMs = 1_000;

/** Closes with a code, and cuts when the peer does not answer. */
export function closeSocket(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason);
  const timer = setTimeout(() => socket.terminate(), closingMs);
  socket.once('close', () => clearTimeout(timer));
}
