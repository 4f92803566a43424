import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Listeners } from '../../../client/listeners.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('[CLT-12] a listener that throws is reported as uncaught, and the others still hear', () => {
  const listeners = new Listeners();
  const heard = vi.fn<() => void>();
  listeners.add(() => {
    throw new Error('a listener of somebody else');
  });
  listeners.add(heard);
  listeners.notify();
  expect(heard).toHaveBeenCalledTimes(1);
  expect(() => vi.runAllTimers()).toThrow('a listener of somebody else');
});

test('[CLT-12] one function that subscribed twice hears twice, and ends one subscription at a time', () => {
  const listeners = new Listeners();
  const heard = vi.fn<() => void>();
  const stop = listeners.add(heard);
  listeners.add(heard);
  listeners.notify();
  stop();
  stop();
  listeners.notify();
  expect(heard).toHaveBeenCalledTimes(3);
});
