import { expect, test, vi } from 'vitest';
import { openChatStore } from '../../../client/chat-store.ts';
import type { ChatStore } from '../../../client/chat-store.ts';
import { codeOf, typedError } from '../../../client/call-error.ts';
import { sendMessage } from '../../../client/send.ts';
import { streamChat } from '../../../client/stream.ts';
import { textOf } from '../../../shared/message.ts';
import type { Part } from '../../../shared/message.ts';
import { at, chatId, delta, message, refused, run, ScriptedCalls, snapshot } from './scripted-calls.ts';
import type { Subscribed } from './scripted-calls.ts';

function setUp() {
  const calls = new ScriptedCalls();
  const never = new AbortController().signal;
  const backoff = (): number => 0;
  const store = openChatStore(
    {
      backoff,
      send: (input) => sendMessage(calls, input, { backoff, signal: never, ended: never }),
      stop: (input) => calls.stop(input),
      respond: (input) => calls.respond(input),
      stream: (input, { signal }) => streamChat(calls, input, { backoff, signal, ended: never }),
    },
    chatId,
  );
  return { calls, store, [Symbol.dispose]: () => store.close() };
}

/** The nth subscription, once it is there. */
function subscription(calls: ScriptedCalls, index: number): Promise<Subscribed> {
  return vi.waitUntil(() => calls.subscriptions[index], { interval: 1 });
}

const statusIs = (store: ChatStore, status: string): Promise<boolean> =>
  vi.waitUntil(() => store.get().status === status, { interval: 1 });

test('[CLT-12] get() is one object until something changes, and each change is told once to every listener', async () => {
  using given = setUp();
  const { calls, store } = given;
  const heard = vi.fn<() => void>();
  const stop = store.subscribe(heard);
  const loading = store.get();
  expect(loading).toEqual({ status: 'loading', view: null, pending: [], lastEnded: null });
  expect(store.get()).toBe(loading);

  const { observer } = await subscription(calls, 0);
  observer.onEvent(at('c1', snapshot()));
  await statusIs(store, 'ready');
  expect(heard).toHaveBeenCalledTimes(1);
  const ready = store.get();
  // An event of a type that this version does not know changes nothing.
  observer.onEvent(at('c2', { type: 'weather' } as never));
  observer.onEvent(at('c3', { type: 'queue.changed', queue: [run({ status: 'queued' })] }));
  await vi.waitUntil(() => store.get() !== ready, { interval: 1 });
  expect(heard).toHaveBeenCalledTimes(2);
  stop();
  observer.onEvent(at('c4', { type: 'chat.deleted', chatId }));
  await statusIs(store, 'deleted');
  expect(heard).toHaveBeenCalledTimes(2);
});

test('[CLT-13] a message is pending at once and leaves when the events bring it', async () => {
  using given = setUp();
  const { calls, store } = given;
  const { observer } = await subscription(calls, 0);
  observer.onEvent(at('c1', snapshot()));
  await statusIs(store, 'ready');
  const sent = store.send('hello', { onBusy: 'interrupt' });
  expect(store.get().pending).toEqual([{ messageId: calls.sent[0]?.messageId, text: 'hello', status: 'sending' }]);
  const { messageId } = await sent;
  expect(calls.sent[0]).toMatchObject({ chatId, text: 'hello', onBusy: 'interrupt' });
  expect(store.get().pending).toHaveLength(1);
  observer.onEvent(at('c2', { type: 'message.added', message: message('user', 'hello', { id: messageId }) }));
  await vi.waitUntil(() => store.get().pending.length === 0, { interval: 1 });
  expect(store.get().view?.messages.map(textOf)).toEqual(['hello']);
});

test('[CLT-13] a queued message leaves pending when its run is in the queue', async () => {
  using given = setUp();
  const { calls, store } = given;
  const { observer } = await subscription(calls, 0);
  observer.onEvent(at('c1', snapshot()));
  const { messageId } = await store.send('later');
  observer.onEvent(at('c2', { type: 'run.queued', run: run({ status: 'queued', userMessageId: messageId }) }));
  await vi.waitUntil(() => store.get().pending.length === 0, { interval: 1 });
  expect(store.get().view?.queue.map(({ userMessageId }) => userMessageId)).toEqual([messageId]);
});

test('[CLT-13] a message that an answer has taken leaves pending, also when only a snapshot tells', async () => {
  using given = setUp();
  const { calls, store } = given;
  const { observer } = await subscription(calls, 0);
  observer.onEvent(at('c1', snapshot()));
  await statusIs(store, 'ready');
  const { messageId } = await store.send('shorter', { onBusy: 'steer' });
  const answer = message('assistant', 'so far', { runId: run().id });
  observer.onEvent(at('c2', snapshot({ messages: [answer] })));
  await vi.waitUntil(() => store.get().view?.messages.length === 1, { interval: 1 });
  expect(store.get().pending).toHaveLength(1);
  const parts: Part[] = [...answer.parts, { type: 'steering', messageId, text: 'shorter' }];
  observer.onEvent(at('c3', snapshot({ messages: [{ ...answer, parts }] })));
  await vi.waitUntil(() => store.get().pending.length === 0, { interval: 1 });
});

test('[CLT-13] a refused message stays, failed, until it is sent again under its id or discarded', async () => {
  using given = setUp();
  const { calls, store } = given;
  calls.sends = [() => refused('QUEUE_FULL'), () => refused('CONFLICT_BUSY')];
  await expect(store.send('first')).rejects.toSatisfy((error) => codeOf(error) === 'QUEUE_FULL');
  const [failed] = store.get().pending;
  expect(failed).toMatchObject({ text: 'first', status: 'failed', error: { code: 'QUEUE_FULL' } });

  const again = store.send('first', { messageId: failed?.messageId ?? '' }).catch(codeOf);
  expect(store.get().pending).toEqual([{ messageId: failed?.messageId, text: 'first', status: 'sending' }]);
  expect(await again).toBe('CONFLICT_BUSY');
  store.discard(failed?.messageId ?? '');
  expect(store.get().pending).toEqual([]);
});

test('[CLT-14] a delta that leaves a hole makes the store go on from its last good cursor, and then from a snapshot', async () => {
  using given = setUp();
  const { calls, store } = given;
  const answer = message('assistant', 'ab', { runId: run().id });
  const first = await subscription(calls, 0);
  first.observer.onEvent(at('c1', snapshot({ messages: [answer] })));
  first.observer.onEvent(at('c2', delta(answer, 2, 'c')));
  first.observer.onEvent(at('c3', delta(answer, 5, 'f')));
  const second = await subscription(calls, 1);
  expect(first.isOpen).toBe(false);
  expect(second.input).toEqual({ chatId, lastEventId: 'c2' });
  second.observer.onEvent(at('c3', delta(answer, 5, 'f')));
  const third = await subscription(calls, 2);
  expect(third.input).toEqual({ chatId });
  third.observer.onEvent(at('c3', snapshot({ messages: [{ ...answer, parts: [{ type: 'text', text: 'abcdef' }] }] })));
  await vi.waitUntil(() => store.get().view?.messages.map(textOf).join('') === 'abcdef', { interval: 1 });
  expect(calls.open).toBe(1);
});

test('[CLT-12] an error that no repetition changes makes the store failed, with its code', async () => {
  using given = setUp();
  const { observer } = await subscription(given.calls, 0);
  observer.onEnd(typedError('NOT_FOUND', 'no such chat'));
  await statusIs(given.store, 'failed');
  expect(given.store.get().error).toEqual({ code: 'NOT_FOUND', message: 'no such chat' });
});

test('[CLT-19] a failed store goes on from its last event when it is opened again, and keeps what is pending', async () => {
  using given = setUp();
  const { calls, store } = given;
  calls.sends = [() => refused('QUEUE_FULL')];
  const { observer } = await subscription(calls, 0);
  observer.onEvent(at('c1', snapshot()));
  await statusIs(store, 'ready');
  store.reopen();
  await store.send('kept').catch(() => {});
  observer.onEnd(typedError('RATE_LIMITED', 'too many streams'));
  for (let again = 1; again <= 5; again += 1) {
    (await subscription(calls, again)).observer.onEnd(typedError('RATE_LIMITED', 'too many streams'));
  }
  await statusIs(store, 'failed');
  expect(calls.subscriptions).toHaveLength(6);
  store.reopen();
  expect(store.get()).toMatchObject({ status: 'ready', pending: [{ text: 'kept', status: 'failed' }] });
  expect(store.get()).not.toHaveProperty('error');
  expect((await subscription(calls, 6)).input).toEqual({ chatId, lastEventId: 'c1' });
});

test('[CLT-20] the newest end of a run is told, also of one that ended before it started', async () => {
  using given = setUp();
  const { calls, store } = given;
  const { observer } = await subscription(calls, 0);
  const queued = run({ status: 'queued' });
  observer.onEvent(at('c1', snapshot({ queue: [queued] })));
  observer.onEvent(at('c2', { type: 'run.ended', runId: queued.id, status: 'stopped' }));
  await vi.waitUntil(() => store.get().lastEnded, { interval: 1 });
  expect(store.get()).toMatchObject({ lastEnded: { runId: queued.id, status: 'stopped' }, view: { queue: [] } });
  const error = { code: 'MODEL_TIMEOUT', message: 'too slow' } as const;
  observer.onEvent(at('c3', { type: 'run.ended', runId: run().id, status: 'failed', error }));
  await vi.waitUntil(() => store.get().lastEnded?.error, { interval: 1 });
  expect(store.get().lastEnded).toMatchObject({ status: 'failed', error });
  expect(store.get().lastEnded).not.toHaveProperty('nodes');
});

test('[CLT-20] how far its nodes had come is told with the end of a run', async () => {
  using given = setUp();
  const { calls, store } = given;
  const { observer } = await subscription(calls, 0);
  const activeRun = run({ status: 'running' });
  observer.onEvent(at('c1', snapshot({ activeRun })));
  const node = { runId: activeRun.id, nodeId: 'a', title: 'A' };
  observer.onEvent(at('c2', { type: 'node.started', ...node }));
  observer.onEvent(at('c3', { type: 'node.finished', ...node, durationMs: 2 }));
  observer.onEvent(at('c4', { type: 'run.ended', runId: activeRun.id, status: 'completed' }));
  await vi.waitUntil(() => store.get().lastEnded, { interval: 1 });
  expect(store.get().lastEnded?.nodes).toEqual([{ nodeId: 'a', title: 'A', status: 'finished', durationMs: 2 }]);
  expect(store.get().view).not.toHaveProperty('nodes');
});

test('[CLT-12] stop() names the run that the view shows as active', async () => {
  using given = setUp();
  const { calls, store } = given;
  await store.stop();
  const activeRun = run();
  const { observer } = await subscription(calls, 0);
  observer.onEvent(at('c1', snapshot({ activeRun })));
  await statusIs(store, 'ready');
  await store.stop();
  expect(calls.stopped).toEqual([{ chatId }, { chatId, runId: activeRun.id }]);
});

test('[CLT-10] close() unsubscribes the store and keeps its last state', async () => {
  using given = setUp();
  const { calls, store } = given;
  const { observer } = await subscription(calls, 0);
  observer.onEvent(at('c1', snapshot()));
  await statusIs(store, 'ready');
  store.close();
  await vi.waitUntil(() => calls.open === 0, { interval: 1 });
  expect(store.get().status).toBe('ready');
});
