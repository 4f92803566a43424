import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { WebSocket } from 'ws';
import { closeSocket } from '../../../server/socket-connection.ts';

beforeEach(() => void vi.useFakeTimers());
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
