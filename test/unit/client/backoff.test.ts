import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fullJitter, wait } from '../../../client/backoff.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('[CLT-1] the bound doubles from 250 ms with each failure and stays at 10 s', () => {
  const highest = fullJitter(() => 0.999_999);
  expect([1, 2, 3, 4, 5, 6, 7, 40, 2_000].map(highest)).toEqual([249, 499, 999, 1999, 3999, 7999, 9999, 9999, 9999]);
});

test('[CLT-1] a wait is the random share of its bound, from nothing on', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), fc.nat(100), (share, failures) => {
      const ms = fullJitter(() => share)(failures + 1);
      expect(ms).toBe(Math.floor(share * Math.min(10_000, 250 * 2 ** failures)));
    }),
  );
});

test('[CLT-1] a wait that is aborted rejects with the reason and leaves no timer', async () => {
  const abort = new AbortController();
  const waited = wait(1_000, abort.signal);
  abort.abort(new Error('enough'));
  await expect(waited).rejects.toThrow('enough');
  expect(vi.getTimerCount()).toBe(0);
  await expect(wait(1_000, abort.signal)).rejects.toThrow('enough');
  expect(vi.getTimerCount()).toBe(0);
});
