import type { Socket } from 'node:net';
import type { WebSocket, WebSocketServer } from 'ws';
import { closeCodes } from '../shared/errors.ts';
import { closeSocket } from './socket-connection.ts';

/** What was known of a socket when it was last asked. */
interface Asked {
  /** Whether it could take no more of what was written. */
  readonly wasFull: boolean;
  /** Bytes that had left it. */
  readonly sent: number;
}

/**
 * Asks every socket for a sign of life and cuts those that give none: a dead peer is found within two of these, one to
 * ask and one to give up. Returns its stop.
 *
 * Behind a backlog the question arrives late. So of a socket that was and is full it counts that something left it; when
 * nothing did, its reader has stalled and is told so, in case it wakes up.
 *
 * @param everyMs milliseconds between two questions
 */
export function startHeartbeat(sockets: WebSocketServer, everyMs: number): () => void {
  const unanswered = new WeakMap<WebSocket, Asked>();
  const streams = new WeakMap<WebSocket, Socket>();
  sockets.on('connection', (socket, { socket: stream }) => {
    const live = () => unanswered.delete(socket);
    streams.set(socket, stream);
    socket.on('pong', live);
    socket.on('message', live);
  });
  const timer = setInterval(() => {
    for (const socket of sockets.clients) {
      const stream = streams.get(socket);
      if (stream) ask(socket, stream, unanswered);
    }
  }, everyMs).unref();
  return () => clearInterval(timer);
}

function ask(socket: WebSocket, stream: Socket, unanswered: WeakMap<WebSocket, Asked>): void {
  const before = unanswered.get(socket);
  const now: Asked = { wasFull: stream.writableNeedDrain, sent: stream.bytesWritten - stream.writableLength };
  const movesOn = before !== undefined && before.wasFull && now.wasFull && now.sent > before.sent;
  if (before && !movesOn) {
    if (now.wasFull) closeSocket(socket, closeCodes.stalledReader, 'the reader has stalled');
    else socket.terminate();
  } else if (socket.readyState === socket.OPEN) {
    unanswered.set(socket, now);
    if (!movesOn) socket.ping();
  }
}
