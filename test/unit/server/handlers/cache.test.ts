import { expect, test } from 'vitest';
import { Cache } from '../../../../server/handlers/cache.ts';

test('[MDL-6] no more is kept than the capacity', () => {
  const cache = new Cache<Promise<number>>(2);
  for (let key = 0; key < 10; key += 1) void cache.get(String(key), async () => key);
  expect(cache.size).toBe(2);
});

test('[MDL-6] what could not be made is tried again by the next who asks', async () => {
  const cache = new Cache<Promise<string>>(2);
  await expect(cache.get('key', () => Promise.reject(new Error('away')))).rejects.toThrow('away');
  await expect(cache.get('key', async () => 'back')).resolves.toBe('back');
});

test('[MDL-6] what weighs more takes more of the capacity, and the newest is always kept', async () => {
  const cache = new Cache<Promise<string>>(10);
  for (const [key, weight] of [
    ['a', 4],
    ['b', 4],
    ['c', 4],
    ['d', 1],
  ] as const)
    void cache.get(key, async () => key, weight);
  expect(cache.size).toBe(3);
  void cache.get('e', async () => 'e', 50);
  expect(cache.size).toBe(1);
  void cache.get('f', async () => 'f');
  expect(cache.size).toBe(1);
});
