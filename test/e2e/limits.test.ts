import { once } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import type { HandlerRun } from '../../server/index.ts';
import type { Chat } from '../../shared/chat.ts';
import { createChatClient } from '../../client/index.ts';
import type { ServerOptions } from '../../server/index.ts';
import { limits } from '../../shared/limits.ts';
import { RawClient } from '../helpers/raw-client.ts';
import type { WireError } from '../helpers/raw-client.ts';
import { gate } from '../helpers/scripted-server.ts';
import { startServer } from '../helpers/server.ts';
import { temporaryFolder } from '../helpers/server-process.ts';

/** Whoever has a token is the user of that name. */
const authenticate = (token: string | null) => (token === null ? null : { id: token });

const startWithUsers = (changed: NonNullable<ServerOptions['limits']>, options: ServerOptions = {}) =>
  startServer({ authenticate, limits: changed, ...options });

const refusal = (call: Promise<unknown>): Promise<WireError | 'no error'> =>
  call.then(
    () => 'no error' as const,
    (error: WireError) => error,
  );

describe('what one user may do', () => {
  test('[LIM-1] one connection too many is closed with 4429, and its calls are not made', async () => {
    await using server = await startWithUsers({ connectionsPerUser: 2 });
    await using first = await RawClient.connect(server.url, { token: 'ann' });
    const second = await RawClient.connect(server.url, { token: 'ann' });
    await Promise.all([first.query('chat.list'), second.query('chat.list')]);
    const third = await RawClient.connect(server.url, { token: 'ann' });
    void third.request({ method: 'mutation', params: { path: 'chat.create', input: {} } });
    await once(third.socket, 'close');
    expect(third.closeCode).toBe(4429);
    expect(await first.query('chat.list')).toMatchObject({ chats: [] });

    const headers = { Authorization: 'Bearer ann' };
    const overHttp = await fetch(`${server.url}/trpc/chat.list`, { headers });
    expect(overHttp.status).toBe(429);
    expect(await overHttp.json()).toMatchObject({
      error: { data: { code: 'RATE_LIMITED', limit: 2, retryAfterMs: expect.any(Number) } },
    });

    await using other = await RawClient.connect(server.url, { token: 'bob' });
    expect(await other.query('chat.list')).toMatchObject({ chats: [] });
    await second[Symbol.asyncDispose]();
    await vi.waitFor(async () => expect((await fetch(`${server.url}/trpc/chat.list`, { headers })).status).toBe(200));
  });

  test('[LIM-2] a message too many in a minute is RATE_LIMITED with the time to wait, and leaves nothing behind', async () => {
    await using server = await startWithUsers({ sendsPerMinute: 2 });
    await using ann = await RawClient.connect(server.url, { token: 'ann' });
    const chat = await ann.mutate<Chat>('chat.create', {});
    const send = (text: string) => ann.mutate('chat.send', { chatId: chat.id, text });
    const stream = ann.stream({ chatId: chat.id });
    await send('one');
    await send('two');
    const refused = await refusal(send('three'));
    expect(refused).toMatchObject({ data: { code: 'RATE_LIMITED', retryable: true, limit: 2 } });
    const { retryAfterMs } = (refused as WireError).data;
    expect(retryAfterMs).toBeGreaterThan(50_000);
    expect(retryAfterMs).toBeLessThanOrEqual(60_000);
    await stream.untilEnded(2);
    expect(stream.view?.messages.filter(({ role }) => role === 'user')).toHaveLength(2);
    await using bob = await RawClient.connect(server.url, { token: 'bob' });
    const other = await bob.mutate<Chat>('chat.create', {});
    expect(await refusal(bob.mutate('chat.send', { chatId: other.id, text: 'x' }))).toBe('no error');
  });

  test('[LIM-3] runs above the limit wait in their queues while those of others start', async () => {
    const held = gate();
    const running = new Set<string>();
    await using server = await startWithUsers(
      { runsPerUser: 2 },
      {
        handlers: {
          assistant: {
            async *run({ chatId, text }) {
              running.add(chatId);
              await held.passed;
              running.delete(chatId);
              yield { type: 'text', text };
            },
          },
        },
      },
    );
    await using ann = await RawClient.connect(server.url, { token: 'ann' });
    await using bob = await RawClient.connect(server.url, { token: 'bob' });
    const dispositions: string[] = [];
    const start = async (client: RawClient, text: string) => {
      const chat = await client.mutate<Chat>('chat.create', {});
      const stream = client.stream({ chatId: chat.id });
      const { disposition } = await client.mutate<{ disposition: string }>('chat.send', { chatId: chat.id, text });
      dispositions.push(disposition);
      return stream;
    };
    const streams = [];
    for (const text of ['1', '2', '3', '4']) streams.push(await start(ann, text));
    streams.push(await start(bob, '5'));
    expect(dispositions).toEqual(['started', 'started', 'queued', 'queued', 'started']);
    expect(server.server.census().runs).toBe(3);
    await vi.waitFor(() => expect(running.size).toBe(3));
    held.open();
    for (const stream of streams) await stream.untilEnded();
  });

  test('[LIM-3] runs that wait when the server stops wait for their user when it starts again', async () => {
    await using folder = await temporaryFolder();
    const held = gate();
    const runs = { now: 0, most: 0 };
    const options = {
      dataDir: folder.path,
      handlers: {
        assistant: {
          async *run(_: HandlerRun, { signal }: { readonly signal: AbortSignal }) {
            runs.now += 1;
            runs.most = Math.max(runs.most, runs.now);
            await held.passed;
            // Of the server before.
            if (signal.aborted) return;
            // A turn in which another could be at work too.
            await new Promise((resolve) => setImmediate(resolve));
            runs.now -= 1;
            yield { type: 'text' as const, text: 'done' };
          },
        },
      },
    };
    const chats: Chat[] = [];
    {
      await using server = await startWithUsers({ runsPerUser: 1 }, options);
      await using ann = await RawClient.connect(server.url, { token: 'ann' });
      for (const text of ['1', '2', '3', '4']) {
        const chat = await ann.mutate<Chat>('chat.create', {});
        chats.push(chat);
        await ann.mutate('chat.send', { chatId: chat.id, text });
      }
    }
    Object.assign(runs, { now: 0, most: 0 });
    await using server = await startWithUsers({ runsPerUser: 1 }, options);
    await using ann = await RawClient.connect(server.url, { token: 'ann' });
    held.open();
    const answered = chats.slice(1).map(async ({ id }) => {
      const stream = ann.stream({ chatId: id });
      await stream.until(({ view }) => view?.messages.at(-1)?.status === 'completed' && view.messages.length === 2);
    });
    await Promise.all(answered);
    expect(runs.most).toBe(1);
  });

  test('[LIM-4] a send that is refused for the number goes out again by itself when the minute is over', async () => {
    const realNow = Date.now;
    let aheadMs = 0;
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => realNow() + aheadMs);
    try {
      await using server = await startWithUsers({ sendsPerMinute: 1 });
      const client = createChatClient({ url: server.url, token: 'ann' });
      const chat = await client.api.chat.create.mutate({});
      await client.send({ chatId: chat.id, text: 'one' });
      // The server's minute is nearly over.
      aheadMs = 59_000;
      const { disposition } = await client.send({ chatId: chat.id, text: 'two' });
      expect(['started', 'queued']).toContain(disposition);
      await client.close();
    } finally {
      clock.mockRestore();
    }
  });

  test('[LIM-5] where everybody is the user local nothing bounds it', async () => {
    await using server = await startServer();
    await using client = await RawClient.connect(server.url);
    const { limits: told } = await client.query<{ limits: Record<string, number> }>('server.info');
    for (const name of ['connectionsPerUser', 'sendsPerMinute', 'runsPerUser'])
      expect([name, told[name]]).toEqual([name, Number.MAX_SAFE_INTEGER]);
    await using other = await startWithUsers({});
    await using ann = await RawClient.connect(other.url, { token: 'ann' });
    const { limits: ofUsers } = await ann.query<{ limits: Record<string, number> }>('server.info');
    expect(ofUsers['sendsPerMinute']).toBe(limits.sendsPerMinute);
  });
});
