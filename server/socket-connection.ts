import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { closeCodes } from '../shared/errors.ts';
import { newId } from '../shared/new-id.ts';
import type { Connection, ConnectionId, User } from './connection.ts';

interface SocketConnectionOptions {
  readonly user: User | null;
  readonly signal: AbortSignal;
  /** What the WebSocket or the HTTP response writes to. */
  readonly stream: Duplex | NodeJS.WritableStream;
  /** Milliseconds that a full socket may stay full. */
  readonly stalledMs: number;
  readonly close: (code: number, reason: string) => void;
}

/** The writable side of a socket, as far as it tells whether it is full. */
interface Writable {
  readonly writableNeedDrain?: boolean;
  once(event: 'drain' | 'close', listener: () => void): unknown;
  off(event: 'drain' | 'close', listener: () => void): unknown;
}

/** A connection over a real socket: full while the operating system takes no more of what was written. */
export function openConnection({ user, signal, stream, stalledMs, close }: SocketConnectionOptions): Connection {
  const writable: Writable = stream;
  let waiting: Promise<void> | undefined;
  const drained = (): Promise<void> | undefined => {
    if (writable.writableNeedDrain !== true || signal.aborted) return undefined;
    waiting ??= untilDrained(writable, signal, stalledMs, () =>
      close(closeCodes.stalledReader, 'the reader is too slow'),
    ).finally(() => {
      waiting = undefined;
    });
    return waiting;
  };
  return { id: newId<ConnectionId>(), user, signal, streams: 0, drained, close };
}

/** All streams of one socket wait together: one listener each, whatever their number. */
function untilDrained(
  writable: Writable,
  signal: AbortSignal,
  stalledMs: number,
  onStalled: () => void,
): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(onStalled, stalledMs);
    const done = () => {
      clearTimeout(timer);
      writable.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    writable.once('drain', done);
    signal.addEventListener('abort', done, { once: true });
  });
}

/** What a peer that does not read gets to see of a close is up to it; after this it is cut. */
const closingMs = 1_000;

/** Closes with a code, and cuts when the peer does not answer. */
export function closeSocket(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason);
  const timer = setTimeout(() => socket.terminate(), closingMs);
  socket.once('close', () => clearTimeout(timer));
}
