import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from 'vitest';
import { Dice } from './dice.ts';
import { startFaultProxy } from './fault-proxy.ts';
import { calm } from './link-fate.ts';
import type { LinkEnd, LinkFate } from './link-fate.ts';

const bytes = Buffer.from(Array.from({ length: 50_000 }, (_, index) => index % 251));

/** What a client gets of those bytes over a link with that fate, and how its end comes. */
async function received(fate: LinkFate): Promise<{ got: Buffer; ends: LinkEnd[]; error: string | null }> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const ends: LinkEnd[] = [];
  const { promise: hasEnded, resolve } = Promise.withResolvers<void>();
  await using proxy = await startFaultProxy({
    target: () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fate: () => fate,
    random: new Dice(1).roll,
    onEnd: (how) => {
      ends.push(how);
      resolve();
    },
  });
  const client = connect(Number(new URL(proxy.url).port), '127.0.0.1');
  const chunks: Buffer[] = [];
  const { promise: isThere, resolve: isComplete } = Promise.withResolvers<void>();
  client.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    if (Buffer.concat(chunks).length >= (fate.end?.afterBytes ?? bytes.length)) isComplete();
  });
  const state: { error: string | null } = { error: null };
  client.on('error', (error) => {
    state.error = error.message;
    isComplete();
  });
  await isThere;
  if (fate.end) await hasEnded;
  client.destroy();
  server.close();
  return { got: Buffer.concat(chunks), ends, error: state.error };
}

describe('fault proxy', () => {
  test.for<[string, Partial<LinkFate>]>([
    ['late', { latencyMs: 20 }],
    ['late by chance', { latencyMs: 1, jitterMs: 10 }],
    ['in small pieces', { sliceBytes: 7 }],
    ['at a low rate', { bytesPerSecond: 500_000 }],
    ['all of that', { latencyMs: 2, jitterMs: 5, sliceBytes: 100, bytesPerSecond: 1_000_000 }],
  ])('[LAW-5] %s, every byte comes in its order', async ([, fate]) => {
    const begin = performance.now();
    const { got, ends } = await received({ ...calm, ...fate });
    expect(got.equals(bytes)).toBe(true);
    expect(ends).toEqual([]);
    const least = (fate.latencyMs ?? 0) + (fate.bytesPerSecond ? (bytes.length / fate.bytesPerSecond) * 1_000 : 0);
    expect(performance.now() - begin).toBeGreaterThanOrEqual(least);
  });

  test.for<LinkEnd>(['close', 'half-open', 'stalled'])(
    '[LAW-5] %s after so many bytes: those come, and no other',
    async (how) => {
      const { got, ends } = await received({ ...calm, end: { lane: 'down', afterBytes: 12_345, how } });
      expect(got.equals(bytes.subarray(0, 12_345))).toBe(true);
      expect(ends).toEqual([how]);
    },
  );

  test('[LAW-5] a reset comes after so many bytes at most', async () => {
    const { got, ends } = await received({ ...calm, end: { lane: 'down', afterBytes: 12_345, how: 'reset' } });
    expect(got.equals(bytes.subarray(0, got.length))).toBe(true);
    expect(got.length).toBeLessThanOrEqual(12_345);
    expect(ends).toEqual(['reset']);
  });
});
