import { EventEmitter, once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { closeSocket } from '../../../server/socket-connection.ts';

/** The second in which a reader may read on passes when the test says so. */
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

function closing() {
  const told: string[] = [];
  const socket = Object.assign(new EventEmitter(), {
    close: (code: number, reason: string) => told.push(`${code} ${reason}`),
    terminate: () => told.push('cut'),
  });
  closeSocket(socket as unknown as WebSocket, 4408, 'the reader is too slow');
  return { told, socket };
}

test('[STR-17] a reader is told why it is closed, and cut when it has not read that after a second', () => {
  const { told } = closing();
  vi.advanceTimersByTime(999);
  expect(told).toEqual(['4408 the reader is too slow']);
  vi.advanceTimersByTime(1);
  expect(told).toEqual(['4408 the reader is too slow', 'cut']);
});

test('[STR-17] a reader that has read it is not cut', () => {
  const { told, socket } = closing();
  socket.emit('close');
  vi.advanceTimersByTime(2_000);
  expect(told).toEqual(['4408 the reader is too slow']);
});

/** More than the operating system takes of a socket whose reader has stalled. */
const frames = 32;
const frame = 'x'.repeat(1_048_576);

test('[STR-17] a reader that reads on when it is closed gets what was written before, and then the reason', async () => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false });
  onTestFinished(() => server.close());
  await once(server, 'listening');
  const reader = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const [[socket]] = (await Promise.all([once(server, 'connection'), once(reader, 'open')])) as [[WebSocket], unknown];
  let came = 0;
  reader.on('message', () => (came += 1));
  reader.pause();
  for (let sent = 0; sent < frames; sent += 1) socket.send(frame);
  expect(socket.bufferedAmount).toBeGreaterThan(frame.length);
  closeSocket(socket, 4408, 'the reader is too slow');
  reader.resume();
  const [code, reason] = (await once(reader, 'close')) as [number, Buffer];
  expect({ came, code, reason: reason.toString() }).toEqual({
    came: frames,
    code: 4408,
    reason: 'the reader is too slow',
  });
});
