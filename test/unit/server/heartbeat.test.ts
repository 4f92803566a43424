import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WebSocketServer } from 'ws';
import { startHeartbeat } from '../../../server/heartbeat.ts';

const everyMs = 1_000;
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A socket and what it writes to, as far as the heartbeat looks at them. */
class FakeSocket extends EventEmitter {
  readonly OPEN = 1;
  readyState = 1;
  readonly stream = { writableNeedDrain: false, bytesWritten: 0, writableLength: 0 };
  pings = 0;
  ended: string | null = null;
  ping(): void {
    this.pings += 1;
  }
  terminate(): void {
    this.ended ??= 'cut';
  }
  close(code: number): void {
    this.ended ??= `closed with ${code}`;
    this.readyState = 2;
  }
  /** Everything up to so many bytes has left; the rest waits. */
  sends(bytes: number, waiting: number): void {
    Object.assign(this.stream, {
      bytesWritten: bytes + waiting,
      writableLength: waiting,
      writableNeedDrain: waiting > 0,
    });
  }
}

function setUp() {
  const sockets = Object.assign(new EventEmitter(), { clients: new Set<FakeSocket>() });
  const stop = startHeartbeat(sockets as unknown as WebSocketServer, everyMs);
  const socket = new FakeSocket();
  sockets.clients.add(socket);
  sockets.emit('connection', socket, { socket: socket.stream });
  return { socket, stop };
}

test('[DOOR-10] a socket that answers is asked again and again', () => {
  const { socket, stop } = setUp();
  for (let round = 1; round <= 5; round += 1) {
    vi.advanceTimersByTime(everyMs);
    expect(socket.pings).toBe(round);
    socket.emit(round % 2 ? 'pong' : 'message');
  }
  expect(socket.ended).toBe(null);
  stop();
  expect(vi.getTimerCount()).toBe(0);
});

test('[DOOR-10] a socket that does not answer is cut with the second question, however much it swallows', () => {
  const { socket } = setUp();
  vi.advanceTimersByTime(everyMs);
  socket.sends(500_000, 0);
  expect(socket.ended).toBe(null);
  vi.advanceTimersByTime(everyMs);
  expect(socket.ended).toBe('cut');
});

test('[DOOR-10] a full socket is kept while something leaves it, and closed with 4408 when nothing does', () => {
  const { socket } = setUp();
  for (let round = 1; round <= 5; round += 1) {
    socket.sends(round * 1_000, 90_000);
    vi.advanceTimersByTime(everyMs);
    expect(socket.ended).toBe(null);
  }
  expect(socket.pings).toBe(1);
  vi.advanceTimersByTime(everyMs);
  expect(socket.ended).toBe('closed with 4408');
});

test('[DOOR-10] a socket that has become full since it was asked shows no life by that', () => {
  const { socket } = setUp();
  vi.advanceTimersByTime(everyMs);
  socket.sends(2_000_000, 50_000);
  vi.advanceTimersByTime(everyMs);
  expect(socket.ended).toBe('closed with 4408');
});
