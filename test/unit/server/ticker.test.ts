import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FeedReader } from '../../../server/feed-reader.ts';
import { Ticker } from '../../../server/ticker.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('ticker', () => {
  test('[TICK-1] calls everybody once, within its period, spread over its phases, and stops when nobody waits', async () => {
    const ticker = new Ticker(32, 8);
    const called: number[] = [];
    const begin = performance.now();
    for (let reader = 0; reader < 16; reader += 1) {
      ticker.once(ticker.assignPhase(), () => called.push(performance.now() - begin));
    }
    await vi.advanceTimersByTimeAsync(32);
    expect(called).toHaveLength(16);
    expect(new Set(called).size).toBe(8);
    await vi.advanceTimersByTimeAsync(100);
    expect(called).toHaveLength(16);
  });

  test('[TICK-2] forgets who takes back the wish', async () => {
    const ticker = new Ticker(32, 8);
    const call = vi.fn<() => void>();
    ticker.once(3, call)();
    await vi.advanceTimersByTimeAsync(100);
    expect(call).not.toHaveBeenCalled();
  });
});

describe('feed reader', () => {
  test('[TICK-3] is woken by the first token at once, by the next with the ticker, by what is durable at once', async () => {
    const reader = new FeedReader(new Ticker(32, 8));
    const wokenBy = async (wake: () => void, ms: number) => {
      let woken = false;
      const waiting = reader.wait().then(() => (woken = true));
      wake();
      await vi.advanceTimersByTimeAsync(ms);
      const result = woken;
      reader.wakeNow();
      await waiting;
      return result;
    };
    expect(await wokenBy(() => reader.wake(), 0)).toBe(true);
    expect(await wokenBy(() => reader.wake(), 0)).toBe(false);
    expect(await wokenBy(() => reader.wake(), 32)).toBe(true);
    expect(await wokenBy(() => reader.wakeNow(), 0)).toBe(true);
    await vi.advanceTimersByTimeAsync(64);
    expect(await wokenBy(() => reader.wake(), 0)).toBe(true);
  });
});
