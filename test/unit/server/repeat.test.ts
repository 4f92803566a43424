import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { repeat } from '../../../server/repeat.ts';

describe('what is done again and again', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('[APP-10] is done at once, and again that long after its end', async () => {
    const works: PromiseWithResolvers<void>[] = [];
    const work = () => {
      const one = Promise.withResolvers<void>();
      works.push(one);
      return one.promise;
    };
    const stop = repeat(work, 1_000, () => {});
    expect(works).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(works).toHaveLength(1);
    works[0]?.resolve();
    await vi.advanceTimersByTimeAsync(999);
    expect(works).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(works).toHaveLength(2);
    works[1]?.resolve();
    await stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('[APP-10] is tried again when it failed, which is told', async () => {
    const failures: unknown[] = [];
    let count = 0;
    const work = async () => {
      count += 1;
      if (count === 1) throw new Error('away');
    };
    const stop = repeat(work, 1_000, (error) => failures.push(String(error)));
    await vi.advanceTimersByTimeAsync(1_000);
    expect({ count, failures }).toEqual({ count: 2, failures: ['Error: away'] });
    await stop();
  });

  test('[APP-10] is waited for by its stop, and not done again', async () => {
    const one = Promise.withResolvers<void>();
    let count = 0;
    const work = () => {
      count += 1;
      return one.promise;
    };
    const stop = repeat(work, 1_000, () => {});
    let isStopped = false;
    const stopped = stop().then(() => (isStopped = true));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(isStopped).toBe(false);
    one.resolve();
    await stopped;
    await vi.advanceTimersByTimeAsync(5_000);
    expect({ count, timers: vi.getTimerCount() }).toEqual({ count: 1, timers: 0 });
  });
});
