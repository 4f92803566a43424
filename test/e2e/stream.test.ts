import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Chat } from '../../shared/chat.ts';
import type { ChatEventOf } from '../../shared/events.ts';
import { newId } from '../../shared/new-id.ts';
import type { Message } from '../../shared/message.ts';
import { textOf } from '../../shared/message.ts';
import type { SendReply } from '../../server/chat-manager.ts';
import { echo, echoTokens } from '../helpers/model-provider-echo.ts';
import { RawClient } from '../helpers/raw-client.ts';
import type { RawStream } from '../helpers/raw-client.ts';
import { startServerWithModel } from '../helpers/server.ts';
import type { ServerWithModel } from '../helpers/server.ts';

let running: ServerWithModel;
beforeAll(async () => {
  running = await startServerWithModel({ answer: echo({ tokens: 60, delayMs: 10 }) });
});
afterEach(() => running.settled());
afterAll(() => running[Symbol.asyncDispose]());

const newChat = (client: RawClient) => client.mutate<Chat>('chat.create', {});
const send = (client: RawClient, chat: Chat, text: string) =>
  client.mutate<SendReply>('chat.send', { chatId: chat.id, text });
const history = async (client: RawClient, chat: Chat) =>
  (await client.query<{ messages: Message[] }>('chat.history', { chatId: chat.id })).messages;
const textSoFar = ({ view }: RawStream) => textOf(view?.messages.at(-1) ?? { parts: [] });
const expected = (text: string) => echoTokens(text, 60).join('');

describe('chat.stream', () => {
  test('[STR-1] without a cursor begins with a snapshot, in the middle of an answer too, and goes on at its lengths', async () => {
    await using client = await RawClient.connect(running.url);
    const chat = await newChat(client);
    const first = client.stream({ chatId: chat.id });
    await send(client, chat, 'middle');
    await first.until((stream) => textSoFar(stream).length > 50);
    const late = client.stream({ chatId: chat.id });
    await late.until(({ types }) => types.includes('message.delta'));
    const snapshot = late.events[0] as ChatEventOf<'snapshot'>;
    expect(snapshot).toMatchObject({ type: 'snapshot', activeRun: { status: 'running' } });
    const have = textOf(snapshot.messages.at(-1)!).length;
    expect(have).toBeGreaterThan(50);
    expect(late.events[1]).toMatchObject({ type: 'message.delta', offset: have });
    await Promise.all([first.untilEnded(), late.untilEnded()]);
    expect(textSoFar(late)).toBe(expected('middle'));
    expect(late.view).toEqual(first.view);
  });

  test('[STR-2] with a cursor brings exactly what follows: from every place of a turn the same end, no snapshot, no hole', async () => {
    await using client = await RawClient.connect(running.url);
    const chat = await newChat(client);
    const whole = client.stream({ chatId: chat.id });
    await send(client, chat, 'every place');
    await whole.untilEnded();
    const cursors = whole.received.slice(0, -1).map(({ cursor }) => cursor);
    for (const [place, lastEventId] of cursors.entries()) {
      const resumed = client.stream({ chatId: chat.id, lastEventId });
      await resumed.untilEnded();
      const others = (events: RawStream['events']) => events.filter(({ type }) => type !== 'message.delta');
      expect(others(resumed.events)).toEqual(others(whole.events.slice(place + 1)));
      const text = [...whole.events.slice(0, place + 1), ...resumed.events]
        .filter((event) => event.type === 'message.delta')
        .reduce((have, { offset, text }) => have.slice(0, offset) + text, '');
      expect(text).toBe(expected('every place'));
    }
  });

  test('[STR-3] cut again and again, gives a client that comes back with its cursor the whole text and no snapshot', async () => {
    let client = await RawClient.connect(running.url);
    const chat = await newChat(client);
    let stream = client.stream({ chatId: chat.id });
    await send(client, chat, 'cut me');
    let cuts = 0;
    for (const length of [1, 30, 31, 120, 300]) {
      await stream.until((now) => textSoFar(now).length >= length);
      client.cut();
      cuts += 1;
      client = await RawClient.connect(running.url);
      stream = client.stream({ chatId: chat.id, lastEventId: stream.cursor }, stream.view);
      await stream.until(({ received }) => received.length > 0);
      expect(stream.types).not.toContain('snapshot');
    }
    await stream.untilEnded();
    expect(cuts).toBe(5);
    expect(stream.holes).toBe(0);
    expect(textSoFar(stream)).toBe(expected('cut me'));
    expect(stream.view?.messages).toEqual(await history(client, chat));
    await client[Symbol.asyncDispose]();
  });

  test('[STR-4] gives a snapshot for a cursor that is unreadable, of another chat or ahead of what there is', async () => {
    await using client = await RawClient.connect(running.url);
    const [chat, other] = [await newChat(client), await newChat(client)];
    await send(client, other, 'elsewhere');
    const elsewhere = client.stream({ chatId: other.id });
    await elsewhere.untilEnded();
    const cursors = ['', 'nonsense', '💥', elsewhere.cursor!, elsewhere.cursor!.replace(/\.\d+\.\d+$/, '.999999.0')];
    for (const lastEventId of cursors) {
      const stream = client.stream({ chatId: chat.id, lastEventId });
      await stream.until(({ types }) => types.length > 0);
      expect(stream.types[0]).toBe('snapshot');
    }
    const response = await client.request({ method: 'query', params: { path: 'server.info', lastEventId: null } });
    expect(response.error).toBeUndefined();
    const ahead = client.stream({ chatId: other.id, lastEventId: cursors[4] });
    await ahead.until(({ types }) => types.length > 0);
    expect(ahead.types[0]).toBe('snapshot');
    const within = elsewhere.received.find(({ event }) => event.type === 'message.delta')!.cursor;
    const beyond = client.stream({ chatId: other.id, lastEventId: within.replace(/\d+$/, '999999') });
    await beyond.until(({ types }) => types.length > 0);
    expect(beyond.types[0]).toBe('snapshot');
  });

  test('[STR-5] follows every later run, whoever starts it, and what is done to the chat', async () => {
    await using watcher = await RawClient.connect(running.url);
    await using writer = await RawClient.connect(running.url);
    const chat = await newChat(watcher);
    const stream = watcher.stream({ chatId: chat.id });
    await stream.until(({ types }) => types.length === 1);
    await send(writer, chat, 'one');
    await stream.untilEnded(1);
    await send(writer, chat, 'two');
    await stream.untilEnded(2);
    await writer.mutate('chat.rename', { chatId: chat.id, title: 'A better name' });
    await stream.until(({ view }) => view?.chat.title === 'A better name');
    await writer.mutate('chat.archive', { chatId: chat.id, archived: true });
    await stream.until(({ view }) => view?.chat.archivedAt !== null);
    expect(stream.view?.messages.map(textOf)).toEqual(['one', expected('one'), 'two', expected('two')]);
    expect(stream.view?.chat).toEqual((await writer.query<{ chat: Chat }>('chat.get', { chatId: chat.id })).chat);
  });

  test('[STR-6] ends after chat.deleted; the run of the chat is stopped and nothing of it is left', async () => {
    await using client = await RawClient.connect(running.url);
    const chat = await newChat(client);
    const stream = client.stream({ chatId: chat.id });
    await send(client, chat, 'doomed');
    await stream.until(({ types }) => types.includes('message.delta'));
    await client.mutate('chat.delete', { chatId: chat.id });
    await stream.until(({ isStopped }) => isStopped);
    expect(stream.types.at(-1)).toBe('chat.deleted');
    await expect(client.query('chat.get', { chatId: chat.id })).rejects.toMatchObject({ data: { code: 'NOT_FOUND' } });
    const late = client.stream({ chatId: chat.id, lastEventId: stream.cursor });
    await late.until(({ error }) => error !== null);
    expect(late.error?.data.code).toBe('NOT_FOUND');
  });

  test('[STR-7] carries the first token at once, and several in a frame after that', async () => {
    let goOn = () => {};
    const waited = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const tokens = Array.from({ length: 300 }, (_, index) => `${index} `);
    await using server = await startServerWithModel({
      answer: async function* () {
        yield 'first ';
        await waited;
        for (const token of tokens) {
          yield token;
          await new Promise((resolve) => setImmediate(resolve));
        }
      },
    });
    await using client = await RawClient.connect(server.url);
    const chat = await newChat(client);
    const stream = client.stream({ chatId: chat.id });
    await send(client, chat, 'merge');
    await stream.until((now) => textSoFar(now) === 'first ');
    goOn();
    await stream.untilEnded();
    expect(textSoFar(stream)).toBe(`first ${tokens.join('')}`);
    expect(stream.types.filter((type) => type === 'message.delta').length).toBeLessThan(150);
  });

  test('[STR-8] is refused past the limit of streams on one connection, and others go on', async () => {
    await using limited = await startServerWithModel({}, { limits: { subscriptions: 2 } });
    await using client = await RawClient.connect(limited.url);
    const chat = await newChat(client);
    const streams = [1, 2, 3].map(() => client.stream({ chatId: chat.id }));
    await streams[2]!.until(({ error }) => error !== null);
    expect(streams[2]!.error?.data).toMatchObject({ code: 'RATE_LIMITED', retryAfterMs: expect.any(Number) });
    await send(client, chat, 'still there');
    await Promise.all(streams.slice(0, 2).map((stream) => stream.untilEnded()));
  });

  test('[STR-9] of a chat that is unknown ends with NOT_FOUND, and leaves nothing behind', async () => {
    await using client = await RawClient.connect(running.url);
    for (const lastEventId of [undefined, 'x']) {
      const stream = client.stream({ chatId: newId(), lastEventId });
      await stream.until(({ error }) => error !== null);
      expect(stream.error?.data).toMatchObject({ code: 'NOT_FOUND', retryable: false });
    }
  });

  test('[STR-10] replays a long history entry by entry from an old cursor, with every finished answer', async () => {
    await using quick = await startServerWithModel({ answer: echo({ tokens: 2 }) });
    await using client = await RawClient.connect(quick.url);
    const chat = await newChat(client);
    const begin = client.stream({ chatId: chat.id });
    await begin.until(({ types }) => types.length === 1);
    for (let turn = 0; turn < 40; turn += 1) await send(client, chat, `turn ${turn}`);
    await begin.untilEnded(40);
    const replay = client.stream(
      { chatId: chat.id, lastEventId: begin.received[0]!.cursor },
      begin.received[0]!.event as never,
    );
    replay.view = null;
    await replay.untilEnded(40);
    const completed = replay.events.filter((event) => event.type === 'message.completed');
    expect(completed.map(({ message }) => textOf(message))).toEqual(
      Array.from({ length: 40 }, (_, turn) => echoTokens(`turn ${turn}`, 2).join('')),
    );
    expect(replay.types).not.toContain('snapshot');
  });

  test('[STR-12] of a chat that is made again under the id of a deleted one has nothing of it', async () => {
    await using client = await RawClient.connect(running.url);
    const chat = await newChat(client);
    const before = client.stream({ chatId: chat.id });
    await send(client, chat, 'secret');
    await before.untilEnded();
    await client.mutate('chat.delete', { chatId: chat.id });
    await client.mutate('chat.create', { chatId: chat.id });
    const stream = client.stream({ chatId: chat.id });
    await send(client, chat, 'new');
    await stream.untilEnded();
    expect(JSON.stringify(stream.events)).not.toContain('secret');
    expect(stream.types).not.toContain('chat.deleted');
    expect(stream.view?.messages.map(textOf)).toEqual(['new', expected('new')]);
  });

  test('[STR-13] goes on in the active answer where it was when a queued run is stopped', async () => {
    await using client = await RawClient.connect(running.url);
    const chat = await newChat(client);
    const stream = client.stream({ chatId: chat.id });
    await send(client, chat, 'active');
    const { runId } = await send(client, chat, 'queued');
    await stream.until((now) => textSoFar(now).length > 100);
    await client.mutate('chat.stop', { chatId: chat.id, runId });
    await stream.untilEnded(2);
    let end = 0;
    for (const event of stream.events) {
      if (event.type !== 'message.delta') continue;
      expect(event.offset).toBe(end);
      end += event.text.length;
    }
    expect(textSoFar(stream)).toBe(expected('active'));
  });

  test('[STR-14] is closed when its reader stays full, and gives that reader everything when it comes back', async () => {
    const piece = '0123456789'.repeat(10_000);
    await using server = await startServerWithModel(
      { answer: () => Array.from({ length: 10 }, () => piece) },
      { limits: { stalledReaderMs: 100 } },
    );
    await using writer = await RawClient.connect(server.url);
    const chat = await newChat(writer);
    const stalled = await RawClient.connect(server.url);
    const stream = stalled.stream({ chatId: chat.id });
    await stream.until(({ types }) => types.length === 1);
    stalled.socket.pause();
    const watcher = writer.stream({ chatId: chat.id });
    for (let turn = 1; turn <= 12; turn += 1) {
      await send(writer, chat, `turn ${turn}`);
      await watcher.untilEnded(turn);
    }
    await vi.waitFor(() => expect(server.server.census().connections).toBe(1), { timeout: 5_000 });
    await using again = await RawClient.connect(server.url);
    const resumed = again.stream({ chatId: chat.id, lastEventId: stream.cursor }, stream.view);
    await resumed.until(({ view }) => view?.activeRun === null && view.messages.length === 24);
    expect(resumed.view).toEqual(watcher.view);
    stalled.cut();
  });
});
