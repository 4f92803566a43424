import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { closeCodes } from '../shared/errors.ts';
import { drainOf } from './drain.ts';
import { closeSocket } from './socket-connection.ts';

/**
 * While a socket is full of answers, no more calls are read from it: who asks and does not read is not asked after.
 * Its streams wait by themselves. One that stays full is closed, resumably.
 */
export function readOnlyWhatIsAnswered(socket: WebSocket, stream: Socket, stalledMs: number): void {
  const gone = new AbortController();
  socket.once('close', () => gone.abort());
  const onStalled = () => closeSocket(socket, closeCodes.stalledReader, 'the reader is too slow');
  const drained = drainOf(stream, { signal: gone.signal, stalledMs, onStalled });
  socket.on('message', () => {
    const full = drained();
    if (!full || socket.isPaused) return;
    socket.pause();
    void full.then(() => socket.resume());
  });
}
