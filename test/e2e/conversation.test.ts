import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Chat } from '../../shared/chat.ts';
import { ChatEvent } from '../../shared/events.ts';
import { newId } from '../../shared/new-id.ts';
import type { Message } from '../../shared/message.ts';
import { textOf } from '../../shared/message.ts';
import type { Run } from '../../shared/run.ts';
import type { SendReply, StopReply } from '../../server/chat-manager.ts';
import type { ProviderAnswer, ProviderRequest } from '../helpers/model-provider.ts';
import { RawClient } from '../helpers/raw-client.ts';
import { startServerWithModel } from '../helpers/server.ts';
import type { ServerWithModel } from '../helpers/server.ts';

let answer: (request: ProviderRequest) => ProviderAnswer;
let running: ServerWithModel;
beforeAll(async () => {
  running = await startServerWithModel({ answer: (request) => answer(request) });
});
afterEach(() => running.settled());
afterAll(() => running[Symbol.asyncDispose]());

interface Stored {
  chat: Chat;
  activeRun: Run | null;
  queue: Run[];
}

/** An answer that goes on when the test says so. */
function stepwise() {
  const steps: (() => void)[] = [];
  const waits = Array.from({ length: 50 }, () => new Promise<void>((resolve) => steps.push(resolve)));
  let done = 0;
  return {
    next: (): void => steps[done++]?.(),
    chunks: async function* (this: void, ...texts: string[]) {
      for (const [index, text] of texts.entries()) {
        yield text;
        await waits[index];
      }
    },
  };
}

const newChat = (client: RawClient) => client.mutate<Chat>('chat.create', {});
const send = (client: RawClient, chat: Chat, text: string, more: object = {}) =>
  client.mutate<SendReply>('chat.send', { chatId: chat.id, text, ...more });
const stored = (client: RawClient, chat: Chat) => client.query<Stored>('chat.get', { chatId: chat.id });
const history = async (client: RawClient, chat: Chat) =>
  (await client.query<{ messages: Message[] }>('chat.history', { chatId: chat.id })).messages;

describe('a turn', () => {
  test('[TURN-1] brings its events in the order that the wire promises, each as its schema says', async () => {
    answer = () => ['Hel', 'lo', { usage: { input: 3, output: 2 } }];
    await using client = await RawClient.connect(running.url);
    const chat = await newChat(client);
    const stream = client.stream({ chatId: chat.id });
    await stream.until(({ types }) => types.length === 1);
    await send(client, chat, 'Say hello');
    await stream.untilEnded();

    const types = stream.types.filter((type, index, all) => type !== 'message.delta' || all[index - 1] !== type);
    expect(types).toEqual([
      'snapshot',
      'run.queued',
      'message.added',
      'run.started',
      'message.added',
      'message.delta',
      'message.completed',
      'run.ended',
    ]);
    for (const event of stream.events) expect(ChatEvent.parse(event)).toEqual(event);
    expect(stream.view?.messages.at(-1)).toMatchObject({
      role: 'assistant',
      status: 'completed',
      parts: [{ type: 'text', text: 'Hello' }],
      usage: { inputTokens: 3, outputTokens: 2, source: 'reported' },
      model: 'openai:double',
    });
  });

  test('[TURN-2] leaves every watcher with exactly what is stored', async () => {
    answer = () => [{ reasoning: 'Let me think.' }, 'One', ' two', ' three'];
    await using client = await RawClient.connect(running.url);
    await using other = await RawClient.connect(running.url);
    const chat = await newChat(client);
    const streams = [client.stream({ chatId: chat.id }), other.stream({ chatId: chat.id })];
    await send(client, chat, 'Count');
    await Promise.all(streams.map((stream) => stream.untilEnded()));
    const messages = await history(client, chat);
    expect(messages.at(-1)?.parts).toEqual([
      { type: 'reasoning', text: 'Let me think.' },
      { type: 'text', text: 'One two three' },
    ]);
    for (const { view } of streams) {
      expect(view).toMatchObject({ ...(await stored(client, chat)), messages });
    }
  });

  test('[TURN-3] goes on when everybody has left, and is there for whoever comes back', async () => {
    const { next, chunks } = stepwise();
    answer = () => chunks('first ', 'second ', 'third');
    const client = await RawClient.connect(running.url);
    const chat = await newChat(client);
    const stream = client.stream({ chatId: chat.id });
    await send(client, chat, 'Go on');
    await stream.until(({ view }) => textOf(view?.messages.at(-1) ?? { parts: [] }) === 'first ');
    client.cut();
    for (let step = 0; step < 3; step += 1) next();

    await using again = await RawClient.connect(running.url);
    const resumed = again.stream({ chatId: chat.id, lastEventId: stream.cursor }, stream.view);
    await resumed.untilEnded();
    expect(resumed.types).not.toContain('snapshot');
    expect(textOf(resumed.view!.messages.at(-1)!)).toBe('first second third');
    expect((await history(again, chat)).at(-1)).toEqual(resumed.view!.messages.at(-1));
  });

  test('[TURN-4] gives the model the conversation so far', async () => {
    answer = ({ text }) => [`You said ${text}.`];
    await using client = await RawClient.connect(running.url);
    const chat = await newChat(client);
    const stream = client.stream({ chatId: chat.id });
    await send(client, chat, 'one');
    await stream.untilEnded(1);
    await send(client, chat, 'two');
    await stream.untilEnded(2);
    const roles = running.provider.requests.at(-1)?.body.messages.map(({ role, content }) => [role, content]);
    expect(roles?.slice(-3)).toEqual([
      ['user', 'one'],
      ['assistant', 'You said one.'],
      ['user', 'two'],
    ]);
  });

  test('[TURN-5] ends failed with a typed error when the model does, and keeps what came', async () => {
    const { next, chunks } = stepwise();
    answer = async function* () {
      yield* chunks('Half an');
      yield { end: 'reset' };
    };
    await using client = await RawClient.connect(running.url);
    const chat = await newChat(client);
    const stream = client.stream({ chatId: chat.id });
    await send(client, chat, 'Fail');
    await stream.until(({ types }) => types.includes('message.delta'));
    next();
    await stream.untilEnded();
    expect(stream.events.at(-1)).toMatchObject({ status: 'failed', error: { code: 'MODEL_BROKEN_STREAM' } });
    const [, failed] = await history(client, chat);
    expect(failed).toMatchObject({
      status: 'failed',
      parts: [{ type: 'text', text: 'Half an' }],
      error: { code: 'MODEL_BROKEN_STREAM' },
    });
    expect(failed).toEqual(stream.view?.messages.at(-1));
  });

  test('[TURN-6] is answered by a workflow where the chat is one', async () => {
    answer = ({ text }) => [`About: ${text.length > 0}`];
    await using client = await RawClient.connect(running.url);
    const { workflows } = await client.query<{ workflows: { id: string }[] }>('workflow.list');
    const chat = await client.mutate<Chat>('chat.create', { app: { kind: 'workflow', id: workflows[0]?.id } });
    const stream = client.stream({ chatId: chat.id });
    await send(client, chat, 'A text');
    await stream.untilEnded();
    expect(stream.events.at(-1)).toMatchObject({ status: 'completed' });
    expect(stream.types).toContain('node.started');
    expect(stream.types).toContain('node.finished');
    expect(textOf(stream.view!.messages.at(-1)!)).toContain('About: true');
    expect((await history(client, chat)).at(-1)).toEqual(stream.view?.messages.at(-1));
  });

  test('[TURN-7] ends at its limits: too long a silence, too long a run, too long an answer', async () => {
    let script: () => ProviderAnswer = () => [];
    const limits = { modelIdleMs: 100, runMs: 600, answerText: 50 };
    await using limited = await startServerWithModel({ answer: () => script() }, { limits });
    await using client = await RawClient.connect(limited.url);
    const endingOf = async (next: () => ProviderAnswer) => {
      script = next;
      const chat = await newChat(client);
      const stream = client.stream({ chatId: chat.id });
      await send(client, chat, 'Go');
      await stream.untilEnded();
      expect((await history(client, chat)).at(-1)).toEqual(stream.view?.messages.at(-1));
      const { error, status, parts } = stream.view!.messages.at(-1)!;
      return [status, error?.code, textOf({ parts }).length];
    };
    async function* endless() {
      for (;;) {
        yield '.';
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    expect(await endingOf(() => ['Hm', { end: 'hang' }])).toEqual(['failed', 'MODEL_TIMEOUT', 2]);
    expect((await endingOf(endless)).slice(0, 2)).toEqual(['failed', 'RUN_TIMEOUT']);
    expect(await endingOf(() => ['0123456789'.repeat(9)])).toEqual(['failed', 'ANSWER_TOO_LARGE', 50]);
  });
});

describe('stop', () => {
  test('[STOP-1] aborts the request to the model at once and keeps the partial; twice is a no-op', async () => {
    const { chunks } = stepwise();
    answer = () => chunks('Once upon a time', 'never');
    await using client = await RawClient.connect(running.url);
    const chat = await newChat(client);
    const stream = client.stream({ chatId: chat.id });
    const { runId } = await send(client, chat, 'Tell');
    await stream.until(({ types }) => types.includes('message.delta'));
    const aborted = running.provider.aborted();
    const before = performance.now();
    expect(await client.mutate<StopReply>('chat.stop', { chatId: chat.id })).toEqual({ runId, status: 'stopped' });
    expect(performance.now() - before).toBeLessThan(2_000);
    await stream.untilEnded();
    await vi.waitFor(() => expect(running.provider.aborted()).toBe(aborted + 1));
    expect((await history(client, chat)).at(-1)).toMatchObject({
      status: 'stopped',
      parts: [{ type: 'text', text: 'Once upon a time' }],
    });
    expect(await client.mutate('chat.stop', { chatId: chat.id })).toEqual({ runId: null, status: null });
    expect(await client.mutate('chat.stop', { chatId: chat.id, runId })).toEqual({ runId, status: 'stopped' });
  });

  test('[STOP-2] ends a queued run before it starts, without an answer', async () => {
    const { next, chunks } = stepwise();
    answer = () => chunks('busy');
    await using client = await RawClient.connect(running.url);
    const chat = await newChat(client);
    const stream = client.stream({ chatId: chat.id });
    await send(client, chat, 'first');
    const { runId } = await send(client, chat, 'second');
    expect(await client.mutate('chat.stop', { chatId: chat.id, runId })).toEqual({ runId, status: 'stopped' });
    next();
    await stream.untilEnded(2);
    expect(await stored(client, chat)).toMatchObject({ activeRun: null, queue: [] });
    expect(await history(client, chat)).toHaveLength(2);
    expect(stream.view?.queue).toEqual([]);
  });
});

describe('send', () => {
  test('[SND-1] repeated a hundred times at once gives one message, one run and one call of the model', async () => {
    answer = () => ['once'];
    await using client = await RawClient.connect(running.url);
    const chat = await newChat(client);
    const stream = client.stream({ chatId: chat.id });
    const calls = running.provider.requests.length;
    const messageId = newId();
    const replies = await Promise.all(Array.from({ length: 100 }, () => send(client, chat, 'same', { messageId })));
    expect(new Set(replies.map(({ runId, cursor }) => `${runId} ${cursor}`)).size).toBe(1);
    expect(replies.filter(({ disposition }) => disposition === 'duplicate')).toHaveLength(99);
    await stream.untilEnded();
    expect(await history(client, chat)).toHaveLength(2);
    expect(running.provider.requests.length).toBe(calls + 1);
    await expect(send(client, chat, 'other', { messageId })).rejects.toMatchObject({
      data: { code: 'CONFLICT_DUPLICATE', retryable: false },
    });
  });

  test('[SND-2] while a run is active is queued, and runs in order', async () => {
    const { next, chunks } = stepwise();
    answer = ({ text }) => (text === 'first' ? chunks('busy') : [`answer to ${text}`]);
    await using client = await RawClient.connect(running.url);
    const chat = await newChat(client);
    const stream = client.stream({ chatId: chat.id });
    expect(await send(client, chat, 'first')).toMatchObject({ disposition: 'started' });
    for (const text of ['second', 'third']) {
      expect(await send(client, chat, text)).toMatchObject({ disposition: 'queued' });
    }
    expect((await stored(client, chat)).queue.map(({ text }) => text)).toEqual(['second', 'third']);
    await stream.until(({ view }) => view?.queue.length === 2);
    next();
    await stream.untilEnded(3);
    const said = (await history(client, chat)).map(textOf);
    expect(said).toEqual(['first', 'busy', 'second', 'answer to second', 'third', 'answer to third']);
    expect(stream.view?.messages.map(textOf)).toEqual(said);
  });

  test('[SND-3] with reject is refused while a run is active, and says which', async () => {
    const { next, chunks } = stepwise();
    answer = () => chunks('busy');
    await using client = await RawClient.connect(running.url);
    const chat = await newChat(client);
    const stream = client.stream({ chatId: chat.id });
    const { runId } = await send(client, chat, 'first');
    await expect(send(client, chat, 'second', { onBusy: 'reject' })).rejects.toMatchObject({
      data: { code: 'CONFLICT_BUSY', activeRunId: runId, retryable: true },
    });
    next();
    await stream.untilEnded();
  });

  test('[SND-4] with interrupt stops the active run, keeps its partial and goes before what is queued', async () => {
    const { chunks } = stepwise();
    answer = ({ text }) => (text === 'first' ? chunks('partial', 'never') : [`answer to ${text}`]);
    await using client = await RawClient.connect(running.url);
    const chat = await newChat(client);
    const stream = client.stream({ chatId: chat.id });
    await send(client, chat, 'first');
    await stream.until(({ types }) => types.includes('message.delta'));
    await send(client, chat, 'queued');
    await send(client, chat, 'urgent', { onBusy: 'interrupt' });
    await stream.untilEnded(3);
    const messages = await history(client, chat);
    expect(messages.map(textOf)).toEqual([
      'first',
      'partial',
      'urgent',
      'answer to urgent',
      'queued',
      'answer to queued',
    ]);
    expect(messages[1]?.status).toBe('stopped');
    expect(stream.view?.messages).toEqual(messages);
    const urgent = running.provider.requests.find(({ text }) => text === 'urgent');
    expect(urgent?.body.messages.at(-2)).toMatchObject({ role: 'assistant', content: 'partial [stopped by the user]' });
  });

  test("[SND-5] answers with a cursor from which the run's whole story follows", async () => {
    answer = () => ['story'];
    await using client = await RawClient.connect(running.url);
    const chat = await newChat(client);
    const { cursor } = await send(client, chat, 'Tell');
    const stream = client.stream({ chatId: chat.id, lastEventId: cursor });
    await stream.untilEnded();
    expect(stream.types[0]).toBe('message.added');
    expect(stream.types).not.toContain('snapshot');
    expect(stream.events.find((event) => event.type === 'message.completed')).toMatchObject({
      message: { parts: [{ type: 'text', text: 'story' }] },
    });
  });

  test('[SND-6] in half a pair of letters and with NUL is stored readable, and streamed so', async () => {
    answer = ({ text }) => ['\ud83d', '\ude00 ', 'a\0b ', text.slice(0, 3), '\ud83d'];
    await using client = await RawClient.connect(running.url);
    const chat = await newChat(client);
    const stream = client.stream({ chatId: chat.id });
    await send(client, chat, 'x\0\ud83d');
    await stream.untilEnded();
    const messages = await history(client, chat);
    expect(messages.map(textOf)).toEqual(['x\uFFFD\uFFFD', '😀 a\uFFFDb x\uFFFD\uFFFD\uFFFD']);
    expect(stream.view?.messages).toEqual(messages);
  });

  test('[SND-7] counts its message id in its chat: the same one in another chat is another message', async () => {
    answer = ({ text }) => [`answer to ${text}`];
    await using client = await RawClient.connect(running.url);
    const messageId = newId();
    for (const text of ['one', 'two']) {
      const chat = await newChat(client);
      const stream = client.stream({ chatId: chat.id });
      await send(client, chat, 'before');
      await stream.untilEnded(1);
      expect(await send(client, chat, text, { messageId })).toMatchObject({ disposition: 'started', messageId });
      await stream.untilEnded(2);
      expect((await history(client, chat)).at(-1)).toMatchObject({
        status: 'completed',
        parts: [{ type: 'text', text: `answer to ${text}` }],
      });
    }
  });
});
