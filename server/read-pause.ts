import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';
import { closeCodes } from '../shared/errors.ts';
import { closeSocket } from './socket-connection.ts';

/**
 * While a socket is full of answers, no more calls are read from it: who asks and does not read is not asked after.
 * Its streams wait by themselves. One that stays full is closed, resumably.
 */
export function readOnlyWhatIsAnswered(socket: WebSocket, stream: Socket, stalledMs: number): void {
  let timer: NodeJS.Timeout | undefined;
  const resume = () => {
    clearTimeout(timer);
    timer = undefined;
    socket.resume();
  };
  socket.on('message', () => {
    if (!stream.writableNeedDrain || timer) return;
    socket.pause();
    timer = setTimeout(() => closeSocket(socket, closeCodes.stalledReader, 'the reader is too slow'), stalledMs);
    stream.once('drain', resume);
  });
  socket.once('close', () => clearTimeout(timer));
}
