import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { SendResult, Store } from '../../../db/store.ts';
import { answerSchemas } from '../../../server/answer-schemas.ts';
import { ChatWatch } from '../../../server/chat-watch.ts';
import { ChatManager } from '../../../server/chat-manager.ts';
import { ChatFeeds } from '../../../server/chat-feeds.ts';
import { streamChat } from '../../../server/chat-stream.ts';
import { Dispatcher } from '../../../server/dispatcher.ts';
import type { ChatHandler, HandlerEvent, HandlerRun } from '../../../server/handlers/handler.ts';
import { createLogger } from '../../../server/logger.ts';
import { Ticker } from '../../../server/ticker.ts';
import { SwitchboardError } from '../../../shared/errors.ts';
import type { ChatView } from '../../../shared/events.ts';
import { fold } from '../../../shared/fold.ts';
import { newId } from '../../../shared/new-id.ts';
import type { ChatId, InputId, MessageId, RunId } from '../../../shared/ids.ts';
import { limits } from '../../../shared/limits.ts';
import type { Limits } from '../../../shared/limits.ts';
import { textOf } from '../../../shared/message.ts';
import { askingHandler } from '../../helpers/asking-handler.ts';
import { userId } from '../../helpers/samples.ts';
import { openStore } from '../../helpers/store.ts';
import type { OpenStore } from '../../helpers/store.ts';

let opened: OpenStore;
beforeAll(async () => {
  opened = await openStore();
});
afterAll(() => opened[Symbol.asyncDispose]());

/** The real store, of which some calls go wrong in a way that a test chooses: before they take effect or after. */
function faulty(): { store: Store; fail: (name: keyof Store, when: 'before' | 'after', error?: Error) => void } {
  const faults = new Map<string, { when: 'before' | 'after'; error: Error }>();
  const wrapped = Object.entries(opened.store).map(
    ([name, method]: [string, (...args: never[]) => Promise<unknown>]) => [
      name,
      async (...args: never[]) => {
        const fault = faults.get(name);
        faults.delete(name);
        if (fault?.when === 'before') throw fault.error;
        const result = await method(...args);
        if (fault) throw fault.error;
        return result;
      },
    ],
  );
  const away = new SwitchboardError('UNAVAILABLE', 'the database is away');
  return {
    store: Object.fromEntries(wrapped),
    fail: (name, when, error = away) => void faults.set(name, { when, error }),
  };
}

async function* echo(run: HandlerRun): AsyncGenerator<HandlerEvent> {
  yield { type: 'text', text: `answer to ${run.text}` };
}

function newDispatcher(run: ChatHandler['run'] = echo, changed: Partial<Limits> = {}) {
  const { store, fail } = faulty();
  const feeds = new ChatFeeds(store, new Ticker(), { ...limits, ...changed });
  const handlers = { assistant: { run }, workflow: { run } };
  const dispatcher = new Dispatcher({
    store,
    feeds,
    handlers,
    limits: { ...limits, ...changed },
    logger: createLogger('silent'),
    readFile: async () => new Uint8Array(),
    schemas: answerSchemas,
    onExpiring: () => {},
  });
  const newChat = async () =>
    (await store.createChat(userId, { chatId: newId(), app: null, title: null, debug: false })).id;
  const send = (chatId: ChatId, text: string, messageId = newId()): Promise<SendResult> =>
    dispatcher.start(chatId, userId, (mayStart) =>
      store.send(userId, { chatId, messageId: messageId as never, text, onBusy: 'queue', mayStart }),
    );
  const manager = new ChatManager({
    store,
    feeds,
    watch: new ChatWatch(store),
    dispatcher,
    limits,
    schemas: answerSchemas,
  });
  const respond = (chatId: ChatId, inputId: InputId | undefined, value: unknown) =>
    manager.respond({ id: userId }, { chatId, inputId: inputId ?? newId<InputId>(), value: value as string });
  return { dispatcher, feeds, store, fail, newChat, send, respond };
}

/** A reader whose socket is never full. */
const connection = { drained: () => undefined, enter: async () => () => {} };

/** A watcher's view of a chat, kept until the signal aborts. */
function watch(feeds: ChatFeeds, store: Store, chatId: ChatId, signal: AbortSignal): { view: ChatView | null } {
  const watcher: { view: ChatView | null } = { view: null };
  const feed = feeds.acquire(chatId);
  void (async () => {
    for await (const { event } of streamChat({ feed, store, userId, cursor: null, signal, connection })) {
      watcher.view = fold(watcher.view, event);
    }
  })();
  return watcher;
}

/** Until nothing runs and nothing waits; then what is stored, which is what the watcher has to see as well. */
async function settled(store: Store, chatId: ChatId, watcher: { view: ChatView | null }): Promise<string[]> {
  await vi.waitFor(
    async () => {
      const { view } = await store.view(userId, chatId);
      expect([view.activeRun, view.queue]).toEqual([null, []]);
      expect(watcher.view).toEqual(view);
    },
    { timeout: 10_000 },
  );
  return (await store.view(userId, chatId)).view.messages.map((message) => `${message.status} ${textOf(message)}`);
}

describe('dispatcher', () => {
  test("[DSP-1] a run's end of which the database's answer is lost is told to watchers all the same, and the next run too", async () => {
    const { dispatcher, feeds, store, fail, newChat, send } = newDispatcher();
    const chatId = await newChat();
    const end = new AbortController();
    const watcher = watch(feeds, store, chatId, end.signal);
    fail('finish', 'after');
    await send(chatId, 'one');
    await settled(store, chatId, watcher);
    await send(chatId, 'two');
    expect(await settled(store, chatId, watcher)).toEqual([
      'completed one',
      'completed answer to one',
      'completed two',
      'completed answer to two',
    ]);
    end.abort();
    await dispatcher.drain(0);
  });

  test('[STE-8] what is taken stands in the answer once, also when the answer of the database is lost', async () => {
    const second = Promise.withResolvers<void>();
    const told: string[][] = [];
    const { dispatcher, feeds, store, fail, newChat, send } = newDispatcher(async function* (run) {
      yield { type: 'text', text: 'first' };
      await second.promise;
      for (let step = 0; step < 2; step += 1) told.push((await run.takeSteering()).map(({ text }) => text));
      yield { type: 'text', text: 'second' };
    });
    const chatId = await newChat();
    const end = new AbortController();
    const watcher = watch(feeds, store, chatId, end.signal);
    await send(chatId, 'one');
    const messageId = newId<MessageId>();
    await store.send(userId, { chatId, messageId, text: 'shorter', onBusy: 'steer', mayStart: true });
    fail('takeSteering', 'after');
    second.resolve();
    await settled(store, chatId, watcher);
    expect(told).toEqual([['shorter'], []]);
    expect(watcher.view?.messages.map(({ parts }) => parts)).toEqual([
      [{ type: 'text', text: 'one' }],
      [
        { type: 'text', text: 'first' },
        { type: 'steering', messageId, text: 'shorter' },
        { type: 'text', text: 'second' },
      ],
    ]);
    end.abort();
    await dispatcher.drain(0);
  });

  test('[DSP-2] a run whose start is lost with the answer of the database is ended, and the chat goes on', async () => {
    const { dispatcher, feeds, store, fail, newChat, send } = newDispatcher();
    const chatId = await newChat();
    const end = new AbortController();
    const watcher = watch(feeds, store, chatId, end.signal);
    const messageId = newId();
    fail('send', 'after');
    await expect(send(chatId, 'lost', messageId)).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    expect(await send(chatId, 'lost', messageId)).toMatchObject({ disposition: 'duplicate' });
    await send(chatId, 'next');
    expect(await settled(store, chatId, watcher)).toEqual([
      'completed lost',
      'interrupted ',
      'completed next',
      'completed answer to next',
    ]);
    end.abort();
    await dispatcher.drain(0);
  });

  test("[DSP-3] a run's end that the database refuses leaves no run behind that goes on for ever", async () => {
    const { dispatcher, feeds, store, fail, newChat, send } = newDispatcher();
    const chatId = await newChat();
    const end = new AbortController();
    const watcher = watch(feeds, store, chatId, end.signal);
    fail('finish', 'before', new Error('deadlock detected'));
    await send(chatId, 'one');
    expect((await settled(store, chatId, watcher))[1]).toMatch(/^interrupted/);
    expect(dispatcher.runs.size).toBe(0);
    end.abort();
    await dispatcher.drain(0);
  });

  test('[DSP-4] while there is no room runs wait, and every chat that waits is served when there is', async () => {
    const { dispatcher, feeds, store, newChat, send } = newDispatcher(echo, { runsPerProcess: 1 });
    const chats = await Promise.all(Array.from({ length: 5 }, newChat));
    const end = new AbortController();
    const watchers = chats.map((chatId) => watch(feeds, store, chatId, end.signal));
    await Promise.all([
      ...chats.map((chatId, index) => send(chatId, `chat ${index}`)),
      expect(send(newId(), 'nowhere')).rejects.toMatchObject({ code: 'NOT_FOUND' }),
    ]);
    for (const [index, chatId] of chats.entries()) {
      expect(await settled(store, chatId, watchers[index]!)).toEqual([
        `completed chat ${index}`,
        `completed answer to chat ${index}`,
      ]);
    }
    end.abort();
    await dispatcher.drain(0);
  });

  test('[DSP-5] a drain waits for what is being started, and nothing runs after it', async () => {
    let produced = 0;
    const { dispatcher, store, newChat, send } = newDispatcher(async function* () {
      for (;;) {
        produced += 1;
        yield { type: 'text', text: '.' };
        await new Promise((resolve) => setImmediate(resolve));
      }
    });
    const chatId = await newChat();
    const sent = send(chatId, 'just now');
    await dispatcher.drain(0);
    await sent;
    const before = produced;
    await new Promise((resolve) => setImmediate(resolve));
    expect([dispatcher.runs.size, produced - before]).toEqual([0, 0]);
    const { view } = await store.view(userId, chatId);
    expect(view.activeRun).toBeNull();
    expect(view.messages.at(-1)?.status).toBe('interrupted');
  });

  test.each(['suspend', 'input', 'respond', 'startNext'] as const)(
    '[ASK-14] with the answer of the database to %s lost, a question and its answer leave one story',
    async (name) => {
      const { dispatcher, feeds, store, fail, newChat, send, respond } = newDispatcher(askingHandler);
      const chatId = await newChat();
      const end = new AbortController();
      const watcher = watch(feeds, store, chatId, end.signal);
      if (name === 'suspend') fail(name, 'after');
      await send(chatId, 'ask 1');
      await vi.waitFor(async () => expect((await store.view(userId, chatId)).view.pendingInput).not.toBeNull());
      const { pendingInput } = (await store.view(userId, chatId)).view;
      // Whose question was lost is told by the next try only.
      const isTold = () => name === 'suspend' || watcher.view?.pendingInput?.id === pendingInput?.id;
      await vi.waitUntil(isTold);
      if (name !== 'suspend') fail(name, 'after');
      await vi.waitFor(() => respond(chatId, pendingInput?.id, 'left'), { timeout: 5_000 });
      const [, answer] = await settled(store, chatId, watcher);
      // Of a start nobody knows whether somebody works on it; as with every other run it is ended.
      expect(answer).toBe(name === 'startNext' ? 'interrupted q0? ' : 'completed q0? left. done');
      const events = (await store.entries(chatId, 0, 100)).map(({ event }) => event.type);
      expect(events.filter((type) => type === 'input.answered').length).toBe(1);
      expect(dispatcher.runs.size).toBe(0);
      end.abort();
      await dispatcher.drain(0);
    },
  );

  test('[ASK-14] a question that the database refuses leaves no run behind that goes on for ever', async () => {
    const { dispatcher, feeds, store, fail, newChat, send } = newDispatcher(askingHandler);
    const chatId = await newChat();
    const end = new AbortController();
    const watcher = watch(feeds, store, chatId, end.signal);
    fail('suspend', 'before', new Error('duplicate key'));
    await send(chatId, 'ask 1');
    expect((await settled(store, chatId, watcher))[1]).toMatch(/^interrupted/);
    end.abort();
    await dispatcher.drain(0);
  });

  test('[ASK-14] an answer that comes before the question is known to be stored lets the run go on here, to be stopped', async () => {
    const { dispatcher, store, newChat, send, respond } = newDispatcher(async function* handle(run, options) {
      if (!run.resumed) yield* askingHandler(run);
      yield { type: 'text', text: 'on and on' };
      await once(options.signal, 'abort');
    });
    const { promise: mayReturn, resolve: letReturn } = Promise.withResolvers<void>();
    const stored = { ...store };
    const late: Store['suspend'] = async (run) => {
      const change = await stored.suspend(run);
      await mayReturn;
      return change;
    };
    Object.assign(store, { suspend: late });
    const chatId = await newChat();
    await send(chatId, 'ask 1');
    const question = await vi.waitFor(async () => {
      const { view } = await store.view(userId, chatId);
      expect(view.pendingInput).not.toBeNull();
      return view.pendingInput;
    });
    const answered = respond(chatId, question?.id, 'left');
    await vi.waitFor(async () => expect((await store.view(userId, chatId)).view.pendingInput).toBeNull());
    letReturn();
    await answered;
    await vi.waitFor(() => expect(dispatcher.runs.size).toBe(1));
    const [runId] = dispatcher.runs.keys();
    expect(await dispatcher.halt(chatId, runId as RunId, { kind: 'stop' })).toBe('stopped');
    await dispatcher.drain(0);
  });

  test('[ASK-11] a run that waits holds no run, no seat and no feed', async () => {
    const { dispatcher, feeds, store, newChat, send, respond } = newDispatcher(askingHandler, {
      runsPerProcess: 1,
      endedRunsText: 0,
    });
    const [chatId, other] = [await newChat(), await newChat()];
    const feed = feeds.acquire(chatId);
    const waits = async (id: ChatId) => {
      const { view } = await store.view(userId, id);
      expect(view.pendingInput).not.toBeNull();
      return view.pendingInput;
    };
    await send(chatId, 'ask 1');
    const question = await vi.waitFor(() => waits(chatId));
    await vi.waitFor(() => expect(dispatcher.runs.size).toBe(0));
    await send(other, 'ask 1');
    await vi.waitFor(() => waits(other));
    expect(feed.isIdle).toBe(true);
    expect(feeds.acquire(chatId)).not.toBe(feed);
    await respond(chatId, question?.id, 'left');
    await vi.waitFor(async () => expect((await store.view(userId, chatId)).view.activeRun).toBeNull());
    await dispatcher.drain(0);
  });
});
