import { expect, test, vi } from 'vitest';
import type { Chat } from '../../shared/chat.ts';
import { limits } from '../../shared/limits.ts';
import { startMeasuredServer } from '../helpers/measured-server.ts';
import { startPostgres } from '../helpers/postgres.ts';
import { RawClient } from '../helpers/raw-client.ts';

const MiB = 1_048_576;
const newChat = (client: RawClient) => client.mutate<Chat>('chat.create', {});
const answered = async (client: RawClient, chat: Chat, text: string): Promise<void> => {
  const stream = client.stream({ chatId: chat.id });
  await stream.until(({ types }) => types.length > 0, 60_000);
  await client.mutate('chat.send', { chatId: chat.id, text });
  await stream.untilEnded();
  await client[Symbol.asyncDispose]();
};

/** Asks the server for something small until told to stop; resolves with the time that each answer took, sorted. */
function bystander(client: RawClient): { stop(): Promise<number[]> } {
  const stopped = new AbortController();
  const took: number[] = [];
  const done = (async () => {
    while (!stopped.signal.aborted) {
      const from = performance.now();
      await client.query('server.info');
      took.push(performance.now() - from);
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  })();
  return {
    stop: async () => {
      stopped.abort();
      await done;
      return took.toSorted((a, b) => a - b);
    },
  };
}

/** Counts what a stream brings and does no more, so that the time is the server's. */
function count({ socket }: RawClient, input: object): { events: number; runs: number } {
  const seen = { events: 0, runs: 0 };
  socket.removeAllListeners('message');
  socket.on('message', (data: Buffer) => {
    seen.events += 1;
    if (data.subarray(0, 1_000).includes('"type":"run.ended"')) seen.runs += 1;
  });
  socket.send(JSON.stringify({ id: 1, method: 'subscription', params: { path: 'chat.stream', input } }));
  return seen;
}

const percentile = (sorted: readonly number[], share: number) => sorted[Math.floor(sorted.length * share)] ?? Infinity;

test('[STR-15] a hundred stalled readers of a chat hold less than 64 MiB together while 50 MiB are produced, and others do not notice', async () => {
  await using postgres = await startPostgres();
  const long = 600_000;
  await using server = await startMeasuredServer({
    databaseUrl: await postgres.freshDatabase(),
    limits: { heartbeatMs: long, stalledReaderMs: long },
  });
  await using writer = await RawClient.connect(server.url);
  const chat = await newChat(writer);
  await answered(await RawClient.connect(server.url), chat, 'text 16 65536');
  const stalled = await Promise.all(Array.from({ length: 100 }, () => RawClient.connect(server.url)));
  const streams = stalled.map((client) => client.stream({ chatId: chat.id }));
  await Promise.all(streams.map((stream) => stream.until(({ types }) => types.length > 0, 60_000)));
  for (const client of stalled) client.socket.pause();
  const before = await server.measure();
  await using other = await RawClient.connect(server.url);
  const asking = bystander(other);
  const cursor = streams[0]?.cursor;
  await using watcher = await RawClient.connect(server.url);
  const seen = count(watcher, { chatId: chat.id, lastEventId: cursor });
  for (let run = 1; run <= 50; run += 1) {
    await writer.mutate('chat.send', { chatId: chat.id, text: 'text 16 65536' });
    await vi.waitFor(() => expect(seen.runs).toBe(run), { timeout: 60_000, interval: 5 });
  }
  const took = await asking.stop();
  const after = await server.measure();
  const p99 = percentile(took, 0.99);
  console.info(
    `stalled readers: live ${mib(after.live - before.live)}, resident ${mib(after.rss - before.rss)}, ` +
      `in sockets ${mib(after.buffered)}; a bystander's p99 ${p99.toFixed(1)} ms of ${took.length} calls, ` +
      `longest hold-up ${after.longestMs.toFixed(1)} ms`,
  );
  expect(after.buffered).toBeGreaterThan(MiB);
  // What ended runs may keep for readers who come back is not the stalled ones'.
  expect(after.live - before.live - limits.endedRunsText).toBeLessThan(64 * MiB);
  expect(after.rss - before.rss - limits.endedRunsText).toBeLessThan(128 * MiB);
  expect(p99).toBeLessThan(1_000);
  for (const client of stalled) client.cut();
}, 240_000);

test('[LIM-6] a connection that asks for a lot at once and reads nothing makes the server hold a few answers, and gets all when it reads', async () => {
  await using server = await startMeasuredServer();
  await using writer = await RawClient.connect(server.url);
  const chat = await newChat(writer);
  await answered(await RawClient.connect(server.url), chat, 'text 16 62500');
  await using greedy = await RawClient.connect(server.url);
  await greedy.query('server.info');
  const before = await server.measure();
  greedy.socket.pause();
  const asked = Array.from({ length: 200 }, () =>
    greedy.query<{ messages: unknown[] }>('chat.history', { chatId: chat.id }),
  );
  const streams = Array.from({ length: 100 }, () => greedy.stream({ chatId: chat.id }));
  // Each of 300 answers has a megabyte. What is let in at once, what the kernel takes aside, may wait.
  const waiting = await settledBuffer(server);
  console.info(
    `asked for 300 MB and not read: ${mib(waiting.buffered)} in the socket, live ${mib(waiting.live - before.live)}`,
  );
  expect(waiting.buffered).toBeGreaterThan(0);
  expect(waiting.buffered).toBeLessThan(limits.readsAtOnce * 1.5 * MiB);
  expect(waiting.live - before.live).toBeLessThan(limits.readsAtOnce * 8 * MiB);
  expect(await writer.query('server.info')).toMatchObject({ protocol: 1 });
  greedy.socket.resume();
  for (const { messages } of await Promise.all(asked)) expect(messages).toHaveLength(2);
  await Promise.all(streams.map((stream) => stream.until(({ types }) => types.length > 0, 60_000)));
}, 240_000);

test('[STR-16] a replay of 100,000 events does not hold up the process', async () => {
  await using server = await startMeasuredServer();
  await using writer = await RawClient.connect(server.url);
  const chat = await newChat(writer);
  const { cursor } = await writer.mutate<{ cursor: string }>('chat.send', { chatId: chat.id, text: 'nodes 100000' });
  await using watcher = await RawClient.connect(server.url);
  const live = count(watcher, { chatId: chat.id, lastEventId: cursor });
  await vi.waitFor(() => expect(live.runs).toBe(1), { timeout: 60_000 });
  await server.measure();
  await using late = await RawClient.connect(server.url);
  const replay = count(late, { chatId: chat.id, lastEventId: cursor });
  await vi.waitFor(() => expect(replay.runs).toBe(1), { timeout: 60_000 });
  const { longestMs } = await server.measure();
  console.info(`a replay of ${replay.events} events held up the process for ${longestMs.toFixed(1)} ms at most`);
  expect(replay.events).toBeGreaterThan(100_000);
  expect(longestMs).toBeLessThan(500);
}, 240_000);

/** Once nothing more comes: the same twice in a row. */
async function settledBuffer(server: { measure(): Promise<{ buffered: number; live: number }> }) {
  for (let last = -1; ;) {
    const now = await server.measure();
    if (now.buffered === last && last > 0) return now;
    last = now.buffered;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function mib(bytes: number): string {
  return `${(bytes / MiB).toFixed(1)} MiB`;
}
