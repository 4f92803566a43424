import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { SharedCatalog } from '../../../../client/react/catalog.ts';
import { FakeClient, FakeSurroundings } from './fake-client.ts';

const lingerMs = 5_000;

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

test('[RCT-13] the catalog is asked for once, again when the connection opens, and tells only what changed', async () => {
  const fake = new FakeClient();
  const catalog = new SharedCatalog(fake.client, new FakeSurroundings());
  const heard = vi.fn<() => void>();
  const ends = [catalog.show(heard), catalog.show(heard)];
  expect(fake.catalogs).toHaveLength(1);
  expect(catalog.get()).toBe(null);
  await fake.catalogs[0]?.answer([]);
  const known = catalog.get();
  expect(known).toEqual({ assistants: [], workflows: [], models: [] });
  fake.connect({ status: 'connecting', attempt: 1 });
  fake.connect({ status: 'open' });
  await fake.catalogs[1]?.answer([]);
  expect(catalog.get()).toBe(known);
  expect(heard).toHaveBeenCalledTimes(2);
  fake.connect({ status: 'connecting', attempt: 1 });
  fake.connect({ status: 'open' });
  const model = { id: 'demo:guide', provider: 'demo', demo: true, reasoning: false, images: false };
  await fake.catalogs[2]?.answer([model]);
  expect(catalog.get()?.models).toEqual([model]);
  expect(heard).toHaveBeenCalledTimes(4);
  ends.forEach((end) => end());
  vi.advanceTimersByTime(lingerMs);
  fake.connect({ status: 'connecting', attempt: 1 });
  fake.connect({ status: 'open' });
  expect(fake.catalogs).toHaveLength(3);
});
