import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { closeCodes } from '../shared/errors.ts';
import { newId } from '../shared/new-id.ts';
import type { Access, Connection, ConnectionId } from './connection.ts';
import { drainOf } from './drain.ts';
import { ReadGate } from './read-gate.ts';

interface SocketConnectionOptions {
  readonly access: Access;
  /** What a guest is counted by; absent: it is none. */
  readonly guest?: string | undefined;
  readonly signal: AbortSignal;
  /** What the WebSocket or the HTTP response writes to. */
  readonly stream: Duplex | NodeJS.WritableStream;
  /** Milliseconds that a full socket may stay full. */
  readonly stalledMs: number;
  /** Reads that it is served at once. */
  readonly readsAtOnce: number;
  readonly close: (code: number, reason: string) => void;
  /** Absent where the end of the call is the end of the connection. */
  readonly refuse?: () => void;
}

/** Milliseconds in which what is open on a connection is told that its token has ended, before it is closed. */
const endedMs = 200;

/** A connection over a real socket: full while the operating system takes no more of what was written. */
export function openConnection(options: SocketConnectionOptions): Connection {
  const { access, guest = null, signal, stream, stalledMs, readsAtOnce, close, refuse = () => {} } = options;
  const onStalled = () => close(closeCodes.stalledReader, 'the reader is too slow');
  const drained = drainOf(stream, { signal, stalledMs, onStalled });
  const gate = new ReadGate({ places: readsAtOnce, drained, signal });
  const closeEnded = () => {
    if (!signal.aborted) close(closeCodes.unauthenticated, 'the token is not valid any more');
  };
  access.ended.addEventListener('abort', () => setTimeout(closeEnded, endedMs), { once: true });
  return {
    id: newId<ConnectionId>(),
    access,
    guest,
    signal,
    streams: 0,
    drained,
    enter: () => gate.enter(),
    refuse: firstOnly(refuse),
    close,
  };
}

/** What a peer that does not read gets to see of a close is up to it; after this it is cut. */
const closingMs = 1_000;

/** Closes with a code, and cuts when the peer does not answer. */
export function closeSocket(socket: WebSocket, code: number, reason: string): void {
  socket.close(code, reason);
  const timer = setTimeout(() => socket.terminate(), closingMs);
  socket.once('close', () => clearTimeout(timer));
}

/** A timer for each call would be a timer for whoever calls most. */
function firstOnly(act: () => void): () => void {
  let isDone = false;
  return () => {
    if (!isDone) act();
    isDone = true;
  };
}
