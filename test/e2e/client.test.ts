import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { codeOf, createChatClient } from '../../client/index.ts';
import type { ChatClient, StreamedEvent } from '../../client/index.ts';
import type { ChatHandler } from '../../server/handlers/handler.ts';
import type { ChatView } from '../../shared/events.ts';
import { fold } from '../../shared/fold.ts';
import { newId } from '../../shared/new-id.ts';
import type { MessageId } from '../../shared/ids.ts';
import { textOf } from '../../shared/message.ts';
import { gate, startScriptedServer, words } from '../helpers/scripted-server.ts';
import { startTcpProxy } from '../helpers/tcp-proxy.ts';

function connect(url: string, token?: string): ChatClient & AsyncDisposable {
  const client = createChatClient(token === undefined ? { url } : { url, token });
  return { ...client, [Symbol.asyncDispose]: () => client.close() };
}

/** One word each few milliseconds. */
const slowly = (count: number): ChatHandler['run'] =>
  async function* (_run, { signal }) {
    for (const text of words(count)) {
      yield { type: 'text', text };
      await sleep(2, undefined, { signal });
    }
  };

/** Everything up to the run's end. */
async function readRun(events: AsyncIterable<StreamedEvent>, runId: () => string): Promise<StreamedEvent[]> {
  const seen: StreamedEvent[] = [];
  for await (const event of events) {
    seen.push(event);
    if (event.type === 'run.ended' && event.runId === runId()) break;
  }
  return seen;
}

function foldAll(events: readonly StreamedEvent[]): ChatView | null {
  let view: ChatView | null = null;
  for (const { cursor: _, ...event } of events) view = fold(view, event);
  return view;
}

/** The part of a view that the stored chat has too. */
function comparable(view: ChatView | null): Omit<ChatView, 'nextCursor'> | null {
  if (view === null) return null;
  const { nextCursor: _, ...rest } = view;
  return rest;
}

async function storedView(client: ChatClient, chatId: string): Promise<Omit<ChatView, 'nextCursor'>> {
  const [{ chat, activeRun, pendingInput, queue }, { messages }] = await Promise.all([
    client.api.chat.get.query({ chatId }),
    client.api.chat.history.query({ chatId }),
  ]);
  return { chat, messages, activeRun, pendingInput, queue };
}

test('[CLT-15] a view that was folded from the stream equals the stored chat once no run is active', async () => {
  await using server = await startScriptedServer(slowly(50));
  await using client = connect(server.url);
  const chat = await client.api.chat.create.mutate({});
  let runId = '';
  const stream = client.stream({ chatId: chat.id });
  const { value: snapshot } = await stream.next();
  const sent = await client.send({ chatId: chat.id, text: 'hello' });
  runId = sent.runId;
  const events = [snapshot as StreamedEvent, ...(await readRun(stream, () => runId))];
  const view = comparable(foldAll(events));
  expect(view).toEqual(await storedView(client, chat.id));
  expect(view?.messages.map(textOf)).toEqual(['hello', words(50).join('')]);
});

test('[CLT-8] a stream whose socket is cut again and again resumes without a snapshot, and no text is lost or repeated', async () => {
  await using server = await startScriptedServer(slowly(400));
  await using proxy = await startTcpProxy(server.url);
  await using client = connect(proxy.url);
  const chat = await client.api.chat.create.mutate({});
  const { runId, cursor } = await client.send({ chatId: chat.id, text: 'hello' });
  let text = '';
  let nextCut = 200;
  let cuts = 0;
  const gaps: number[] = [];
  const types = new Set<string>();
  for await (const event of client.stream({ chatId: chat.id, lastEventId: cursor })) {
    types.add(event.type);
    if (event.type === 'message.delta') {
      gaps.push(event.offset - text.length);
      text += event.text;
    }
    if (text.length >= nextCut && proxy.links > 0) {
      nextCut = text.length + 200;
      cuts += 1;
      proxy.cutAll();
    }
    if (event.type === 'run.ended') break;
  }
  expect(text).toBe(words(400).join(''));
  expect(new Set(gaps)).toEqual(new Set([0]));
  expect(cuts).toBeGreaterThan(2);
  expect(proxy.opened).toBeGreaterThanOrEqual(cuts);
  expect(types).not.toContain('snapshot');
  const { messages } = await storedView(client, chat.id);
  expect(messages.map(textOf)).toEqual(['hello', text]);
  expect(messages.at(-1)).toMatchObject({ runId, status: 'completed' });
});

test('[CLT-5] a send whose answer is lost is repeated under its id and gives one message and one run', async () => {
  let runs = 0;
  await using server = await startScriptedServer(async function* () {
    runs += 1;
    yield { type: 'text', text: 'once' };
  });
  await using proxy = await startTcpProxy(server.url);
  await using client = connect(proxy.url);
  const chat = await client.api.chat.create.mutate({});
  const messageId = newId<MessageId>();
  const before = proxy.opened;
  proxy.cutAnswers(3);
  const sent = await client.send({ chatId: chat.id, text: 'hello', messageId });
  expect(proxy.opened).toBeGreaterThanOrEqual(before + 3);
  expect(sent).toMatchObject({ messageId, disposition: 'duplicate' });
  await readRun(client.stream({ chatId: chat.id, lastEventId: sent.cursor }), () => sent.runId);
  const { messages } = await storedView(client, chat.id);
  expect(messages.map(textOf)).toEqual(['hello', 'once']);
  expect(runs).toBe(1);
});

test('[CLT-10] leaving a stream leaves nothing open on the server; closing the client leaves no connection', async () => {
  await using server = await startScriptedServer(slowly(1));
  const client = connect(server.url);
  const chat = await client.api.chat.create.mutate({});
  const stream = client.stream({ chatId: chat.id });
  await stream.next();
  await vi.waitUntil(() => server.census().streams === 1, { interval: 5, timeout: 5_000 });
  await stream.return?.();
  await vi.waitUntil(() => server.census().streams === 0, { interval: 5, timeout: 5_000 });
  await client.close();
  await vi.waitUntil(() => server.census().connections === 0, { interval: 5, timeout: 5_000 });
  expect(server.census()).toEqual({ connections: 0, runs: 0, streams: 0 });
});

test('[CLT-10] a stream ends after the chat was deleted, and a later one is NOT_FOUND', async () => {
  await using server = await startScriptedServer(slowly(1));
  await using client = connect(server.url);
  const chat = await client.api.chat.create.mutate({});
  const stream = client.stream({ chatId: chat.id });
  await stream.next();
  await client.api.chat.delete.mutate({ chatId: chat.id });
  const types: string[] = [];
  for await (const event of stream) types.push(event.type);
  expect(types).toEqual(['chat.deleted']);
  expect(await client.stream({ chatId: chat.id }).next().catch(codeOf)).toBe('NOT_FOUND');
  expect(await client.send({ chatId: chat.id, text: 'anybody?' }).catch(codeOf)).toBe('NOT_FOUND');
});

test('[CLT-13] the store shows a message at once, then its answer as it grows, and can stop it', async () => {
  const half = gate();
  await using server = await startScriptedServer(async function* (_run, { signal }) {
    yield { type: 'text', text: 'half of ' };
    half.open();
    await new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason as Error));
    });
  });
  await using client = connect(server.url);
  const chat = await client.api.chat.create.mutate({});
  const store = client.open(chat.id);
  const sent = store.send('hello');
  expect(store.get().pending).toMatchObject([{ text: 'hello', status: 'sending' }]);
  await sent;
  await half.passed;
  const texts = () => store.get().view?.messages.map(textOf);
  await vi.waitUntil(() => texts()?.[1] === 'half of ', { interval: 5, timeout: 5_000 });
  expect(store.get().pending).toEqual([]);
  await store.stop();
  await vi.waitUntil(() => store.get().view?.activeRun === null, { interval: 5, timeout: 5_000 });
  expect(store.get().view?.messages.at(-1)).toMatchObject({ status: 'stopped' });
  expect(texts()).toEqual(['hello', 'half of ']);
  store.close();
});

test('[CLT-15] a store whose socket is cut while it watches ends with the stored chat', async () => {
  await using server = await startScriptedServer(slowly(200));
  await using proxy = await startTcpProxy(server.url);
  await using client = connect(proxy.url);
  await using other = connect(server.url);
  const chat = await client.api.chat.create.mutate({});
  const store = client.open(chat.id);
  await vi.waitUntil(() => store.get().status === 'ready', { interval: 5, timeout: 5_000 });
  const length = (): number => store.get().view?.messages.map(textOf).join('').length ?? 0;
  for (const text of ['first', 'second']) {
    await other.send({ chatId: chat.id, text });
    const before = length();
    await vi.waitUntil(() => length() > before + 100, { interval: 2, timeout: 5_000 });
    proxy.cutAll();
  }
  const isDone = async (): Promise<boolean> => {
    const { activeRun, queue } = await other.api.chat.get.query({ chatId: chat.id });
    return activeRun === null && queue.length === 0;
  };
  await vi.waitFor(async () => expect(await isDone()).toBe(true), { interval: 20, timeout: 10_000 });
  const stored = await storedView(other, chat.id);
  await vi.waitFor(
    () => {
      expect(comparable(store.get().view)).toEqual(stored);
    },
    { interval: 20, timeout: 10_000 },
  );
  expect(stored.messages.map(textOf)).toEqual(['first', words(200).join(''), 'second', words(200).join('')]);
  store.close();
});

test('[CLT-3] a token that the server does not accept ends the client for good: calls, streams and stores', async () => {
  await using server = await startScriptedServer(slowly(1), {
    authenticate: (token) => (token === 'good' ? { id: 'somebody' } : null),
  });
  await using good = connect(server.url, 'good');
  const chat = await good.api.chat.create.mutate({});
  await using bad = connect(server.url, 'bad');
  const store = bad.open(chat.id);
  expect(await bad.send({ chatId: chat.id, text: 'hello' }).catch(codeOf)).toBe('UNAUTHENTICATED');
  await vi.waitUntil(() => bad.connection.get().status === 'closed', { interval: 5, timeout: 5_000 });
  expect(bad.connection.get()).toMatchObject({ code: 4401 });
  expect(await bad.stream({ chatId: chat.id }).next().catch(codeOf)).toBe('UNAUTHENTICATED');
  expect(store.get()).toMatchObject({ status: 'failed', error: { code: 'UNAUTHENTICATED' } });
  expect(good.connection.get()).toEqual({ status: 'open' });
});
