import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createChatClient } from '../../client/index.ts';
import { connect } from '../../db/connect.ts';
import type { ChatHandler } from '../../server/handlers/handler.ts';
import type { SendReply } from '../../server/chat-manager.ts';
import { createServer } from '../../server/index.ts';
import type { Server } from '../../server/index.ts';
import type { Chat } from '../../shared/chat.ts';
import type { ChatView } from '../../shared/events.ts';
import { fold } from '../../shared/fold.ts';
import { newId } from '../../shared/new-id.ts';
import { textOf } from '../../shared/message.ts';
import { differences, storedChat } from '../faults/oracle.ts';
import { severable } from '../fuzz/severable-database.ts';
import { RawClient } from '../helpers/raw-client.ts';
import type { RawStream } from '../helpers/raw-client.ts';
import { gate, startScriptedServer } from '../helpers/scripted-server.ts';
import { startTcpProxy } from '../helpers/tcp-proxy.ts';

let handler: ChatHandler['run'];
let server: Server & AsyncDisposable;
beforeAll(async () => {
  server = await startScriptedServer((asked, options) => handler(asked, options));
});
afterAll(() => server[Symbol.asyncDispose]());

/** Numbers its answers. Those to a question with `slow` in it go on in steps, as the test says. */
function numbered() {
  let answers = 0;
  const told: string[][] = [];
  let step = gate();
  const run: ChatHandler['run'] = async function* (asked, { signal }) {
    const number = (answers += 1);
    told.push([...(await asked.history(50)).map(textOf), asked.text]);
    yield { type: 'text', text: `answer ${number}` };
    for (let part = 1; asked.text.includes('slow') && part < 4; part += 1) {
      await Promise.race([step.passed, new Promise((resolve) => signal.addEventListener('abort', resolve))]);
      yield { type: 'text', text: `.${part}` };
    }
  };
  handler = run;
  const next = () => {
    step.open();
    step = gate();
  };
  return { run, told, next, calls: () => answers };
}

const create = (client: RawClient) => client.mutate<Chat>('chat.create', {});
const send = (client: RawClient, chatId: string, text: string) =>
  client.mutate<SendReply>('chat.send', { chatId, text });
const shown = (view: ChatView | null) => view?.messages.map(textOf);

/** Waits until all of them have folded what is stored, and says what that is. */
async function agreed(client: RawClient, chat: Chat, ...streams: RawStream[]): Promise<ChatView['messages']> {
  const stored = await storedChat(client, chat.id);
  for (const stream of streams) {
    await stream.until(({ view }) => differences(view, stored).length === 0);
    expect([stream.holes, stream.error]).toEqual([0, null]);
  }
  return stored.messages;
}

/** Waits until a tab shows the end of what a call has asked for; a snapshot may be all that tells it. */
async function shows(tab: RawStream, asked: Promise<SendReply>): Promise<void> {
  const { runId } = await asked;
  await tab.until(
    ({ view }) =>
      view?.chat.activeRunId === null && view.messages.some((m) => m.runId === runId && m.role === 'assistant'),
    20_000,
  );
}

/** A chat of two turns that is watched twice. */
async function watchedChat(client: RawClient, other: RawClient) {
  const chat = await create(client);
  const tabs = [client.stream({ chatId: chat.id }), other.stream({ chatId: chat.id })] as const;
  const [one] = tabs;
  for (const text of ['q1', 'q2']) await shows(one, send(client, chat.id, text));
  const messages = await agreed(client, chat, ...tabs);
  return { chat, tabs, messages };
}

describe('branches', () => {
  test('[BRA-10] a new answer, an edited message and a choice are shown in every tab, and are what is stored', async () => {
    const { told } = numbered();
    await using client = await RawClient.connect(server.url);
    await using other = await RawClient.connect(server.url);
    const { chat, tabs, messages } = await watchedChat(client, other);
    const [q1, a1, q2, a2] = messages;
    const [one] = tabs;

    await shows(one, client.mutate('chat.regenerate', { chatId: chat.id, messageId: a2?.id }));
    const again = await agreed(client, chat, ...tabs);
    expect(again.map(textOf)).toEqual(['q1', 'answer 1', 'q2', 'answer 3']);
    expect(again.at(-1)?.siblings).toEqual({ index: 1, ids: [a2?.id, again.at(-1)?.id] });
    expect(told.at(-1)).toEqual(['q1', 'answer 1', 'q2']);

    await shows(one, other.mutate('chat.edit', { chatId: chat.id, messageId: q2?.id, text: 'q2 edited' }));
    const edited = await agreed(client, chat, ...tabs);
    expect(edited.map(textOf)).toEqual(['q1', 'answer 1', 'q2 edited', 'answer 4']);
    expect(edited[2]?.siblings).toMatchObject({ index: 1, ids: [q2?.id, edited[2]?.id] });

    const selected = await client.mutate<Chat>('chat.selectBranch', { chatId: chat.id, messageId: a2?.id });
    expect(selected.leafMessageId).toBe(a2?.id);
    expect((await agreed(client, chat, ...tabs)).map(textOf)).toEqual(['q1', 'answer 1', 'q2', 'answer 2']);
    await shows(one, send(other, chat.id, 'q3'));
    expect((await agreed(client, chat, ...tabs)).map(textOf).slice(2)).toEqual(['q2', 'answer 2', 'q3', 'answer 5']);
    expect(told.at(-1)).toEqual(['q1', 'answer 1', 'q2', 'answer 2', 'q3']);

    await shows(one, client.mutate('chat.edit', { chatId: chat.id, messageId: q1?.id, text: 'q1 edited' }));
    expect((await agreed(client, chat, ...tabs)).map(textOf)).toEqual(['q1 edited', 'answer 6']);
    await client.mutate('chat.selectBranch', { chatId: chat.id, messageId: a1?.id });
    expect((await agreed(client, chat, ...tabs)).map(textOf).slice(2)).toEqual(['q2', 'answer 2', 'q3', 'answer 5']);
    expect(told.at(-1)).toEqual(['q1 edited']);
    expect(tabs.map(({ types }) => types.filter((type) => type === 'snapshot').length)).toEqual([6, 6]);
    expect(one.types).not.toContain('branch.selected');
  });

  test('[BRA-10] a tab that was away goes on from any place, and gets a snapshot where the branch changed', async () => {
    numbered();
    await using client = await RawClient.connect(server.url);
    await using other = await RawClient.connect(server.url);
    const { chat, tabs, messages } = await watchedChat(client, other);
    const [one] = tabs;
    await shows(one, client.mutate('chat.regenerate', { chatId: chat.id, messageId: messages[1]?.id }));
    await client.mutate('chat.selectBranch', { chatId: chat.id, messageId: messages[3]?.id });
    await shows(one, client.mutate('chat.edit', { chatId: chat.id, messageId: messages[2]?.id, text: 'edited' }));
    await agreed(client, chat, ...tabs);

    const early = one.received.findIndex(({ event }) => event.type === 'run.started');
    const places = one.received.slice(early).filter((_, index, all) => index % 5 === 0 || index === all.length - 1);
    const told: string[][] = [];
    for (const { cursor } of places) {
      await using late = await RawClient.connect(server.url);
      const stream = late.stream({ chatId: chat.id, lastEventId: cursor }, viewAt(one, cursor));
      await agreed(client, chat, stream);
      told.push(stream.types);
    }
    for (const types of told) expect(types.filter((type) => type === 'snapshot').length).toBeLessThanOrEqual(1);
    expect(told[0]?.indexOf('snapshot')).toBeGreaterThan(3);
    expect(told.at(-1)).toEqual([]);
  });

  test('[BRA-11] an answer on a branch that is not shown goes on, disturbs nobody, and leaves the choice as it is', async () => {
    const { next } = numbered();
    await using client = await RawClient.connect(server.url);
    await using other = await RawClient.connect(server.url);
    const { chat, tabs, messages } = await watchedChat(client, other);
    const [one, two] = tabs;
    const reader = createChatClient({ url: server.url });
    const store = reader.open(chat.id);
    const edited = { chatId: chat.id, messageId: messages[2]?.id, text: 'slow' };
    const { runId } = await client.mutate<SendReply>('chat.edit', edited);
    await one.until(({ view }) => shown(view)?.at(-1) === 'answer 3');
    const branch = one.view?.messages.at(-1)?.id;

    await other.mutate('chat.selectBranch', { chatId: chat.id, messageId: messages[3]?.id });
    await one.until(({ view }) => shown(view)?.at(-1) === 'answer 2');
    expect(one.view?.activeRun).toMatchObject({ id: runId, kind: 'edit', status: 'running' });
    next();
    await one.until(({ events }) => events.some((event) => event.type === 'message.delta' && event.text === '.1'));
    expect(shown(one.view)).toEqual(['q1', 'answer 1', 'q2', 'answer 2']);

    await client.mutate('chat.selectBranch', { chatId: chat.id, messageId: branch });
    await two.until(({ view }) => shown(view)?.at(-1) === 'answer 3.1');
    next();
    await two.until(({ view }) => shown(view)?.at(-1) === 'answer 3.1.2');
    await expect.poll(() => store.get().view?.messages.map(textOf).at(-1)).toBe('answer 3.1.2');

    await client.mutate('chat.selectBranch', { chatId: chat.id, messageId: messages[3]?.id });
    const queued = send(client, chat.id, 'q3');
    await queued;
    next();
    await shows(one, queued);
    const stored = await agreed(client, chat, ...tabs);
    expect(stored.map(textOf)).toEqual(['q1', 'answer 1', 'q2', 'answer 2', 'q3', 'answer 4']);
    await expect.poll(() => store.get().view?.messages).toEqual(stored);
    await client.mutate('chat.selectBranch', { chatId: chat.id, messageId: branch });
    expect((await agreed(client, chat, ...tabs)).map(textOf).slice(2)).toEqual(['slow', 'answer 3.1.2.3']);
    store.close();
    await reader.close();
    // Nobody began a stream again.
    await expect.poll(() => server.census().streams).toBe(2);
  });

  test('[BRA-3] a hundred identical calls give one answer and one call of the handler', async () => {
    const { calls } = numbered();
    await using client = await RawClient.connect(server.url);
    await using other = await RawClient.connect(server.url);
    const { chat, tabs, messages } = await watchedChat(client, other);
    for (const [path, input] of [
      ['chat.regenerate', { messageId: messages[3]?.id }],
      ['chat.edit', { messageId: messages[2]?.id, text: 'edited' }],
    ] as const) {
      const before = calls();
      const call = { chatId: chat.id, newMessageId: newId(), ...input };
      const asked = Array.from({ length: 100 }, (_, index) =>
        (index % 2 === 0 ? client : other).mutate<SendReply>(path, call),
      );
      const replies = await Promise.all(asked);
      expect(new Set(replies.map((reply) => `${reply.runId} ${reply.cursor} ${reply.messageId}`)).size).toBe(1);
      expect(replies[0]?.messageId).toBe(call.newMessageId);
      expect(replies.filter((reply) => reply.disposition !== 'duplicate')).toHaveLength(1);
      if (replies[0]) await shows(tabs[0], Promise.resolve(replies[0]));
      await agreed(client, chat, ...tabs);
      expect(calls()).toBe(before + 1);
    }
  });

  test('[BRA-4] what waits begins after a restart on the branch that it names', async () => {
    const database = await connect({ dataDir: null });
    const { run } = numbered();
    const start = () =>
      createServer({
        port: 0,
        database: severable(database).database,
        logLevel: 'silent',
        handlers: { assistant: { run } },
      });
    const first = await start();
    const client = await RawClient.connect(first.url);
    const other = await RawClient.connect(first.url);
    const { chat, tabs, messages } = await watchedChat(client, other);
    await send(client, chat.id, 'slow');
    const call = { chatId: chat.id, messageId: messages[0]?.id, text: 'q1 edited', newMessageId: newId() };
    const queued = await client.mutate<SendReply>('chat.edit', call);
    expect(queued).toMatchObject({ disposition: 'queued', messageId: call.newMessageId });
    const { cursor, view } = tabs[0];
    await first.close();

    const second = await start();
    await using again = await RawClient.connect(second.url);
    const stream = again.stream({ chatId: chat.id, lastEventId: cursor }, view);
    await stream.until(
      (tab) => shown(tab.view)?.join() === 'q1 edited,answer 4' && tab.view?.chat.activeRunId === null,
    );
    await agreed(again, chat, stream);
    const repeated = await again.mutate<SendReply>('chat.edit', call);
    expect(repeated).toEqual({ ...queued, disposition: 'duplicate' });
    await second.close();
    await database.close();
  });

  test('[CLT-33] the client asks for an answer and sends an edited message exactly once, whatever is lost, in order', async () => {
    const { calls } = numbered();
    await using proxy = await startTcpProxy(server.url);
    const client = createChatClient({ url: proxy.url, random: () => 0.01 });
    const { id: chatId } = await client.create();
    const sent = await client.send({ chatId, text: 'q1' });
    const idle = async () => (await client.api.chat.get.query({ chatId })).activeRun;
    await expect.poll(idle, { timeout: 5_000 }).toBeNull();
    proxy.cutAnswers(1);
    const [again, edited] = await Promise.all([
      client.regenerate({ chatId, messageId: sent.messageId }),
      client.edit({ chatId, messageId: sent.messageId, text: 'q1 edited' }),
    ]);
    expect(again.disposition).toBe('duplicate');
    await expect.poll(idle, { timeout: 5_000 }).toBeNull();
    const { messages } = await client.api.chat.history.query({ chatId });
    expect(messages.map(({ id, siblings }) => [id, siblings?.ids])).toEqual([
      [edited.messageId, [sent.messageId, edited.messageId]],
      [messages[1]?.id, undefined],
    ]);
    expect(calls()).toBe(3);
    await client.close();
  });

  test('[FRK-1] a fork is a chat like any other: it is answered, watched and listed, and the first one stays', async () => {
    const { told } = numbered();
    await using client = await RawClient.connect(server.url);
    await using other = await RawClient.connect(server.url);
    const { chat, tabs, messages } = await watchedChat(client, other);
    const fork = await client.mutate<Chat>('chat.fork', { chatId: chat.id, messageId: messages[1]?.id });
    const stream = other.stream({ chatId: fork.id });
    await shows(stream, send(client, fork.id, 'q2 of the fork'));
    expect((await agreed(client, fork, stream)).map(textOf)).toEqual(['q1', 'answer 1', 'q2 of the fork', 'answer 3']);
    expect(told.at(-1)).toEqual(['q1', 'answer 1', 'q2 of the fork']);
    expect(await agreed(client, chat, ...tabs)).toEqual(messages);
    const { chats } = await client.query<{ chats: Chat[] }>('chat.list', {});
    expect(chats.map(({ id }) => id).slice(0, 2)).toEqual([fork.id, chat.id]);
    const { cursor } = await send(client, fork.id, 'q3');
    const later = other.stream({ chatId: fork.id, lastEventId: cursor }, stream.view);
    await later.untilEnded();
    expect(later.types).not.toContain('snapshot');
  });
});

/** What a reader of the stream had at a place. */
function viewAt(stream: RawStream, cursor: string): ChatView | null {
  const place = stream.received.findIndex((received) => received.cursor === cursor);
  return stream.events.slice(0, place + 1).reduce<ChatView | null>(fold, null);
}
