import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { codeOf, typedError } from '../../../client/call-error.ts';
import { streamChat } from '../../../client/stream.ts';
import type { ErrorCode } from '../../../shared/errors.ts';
import { at, chatId, delta, message, ScriptedCalls, snapshot } from './scripted-calls.ts';
import type { Subscribed } from './scripted-calls.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const answer = message('assistant', '');

function setUp(input: { lastEventId?: string } = {}) {
  const calls = new ScriptedCalls();
  const caller = new AbortController();
  const connection = new AbortController();
  const options = { backoff: (failures: number) => failures * 10, signal: caller.signal, ended: connection.signal };
  return { calls, caller, connection, stream: streamChat(calls, { chatId, ...input }, options) };
}

const fails = (code: ErrorCode) => (subscribed: Subscribed) => subscribed.observer.onEnd(typedError(code, code));

test.each(['UNAVAILABLE', 'INTERNAL', 'RATE_LIMITED'] as const)(
  '[CLT-9] after %s the stream goes on from its last cursor',
  async (code) => {
    const { calls, stream } = setUp();
    calls.onSubscribe = ({ input, observer }) => {
      if (calls.subscriptions.length === 1) observer.onEvent(at('c1', snapshot()));
      if (calls.subscriptions.length === 3) observer.onEvent(at('c2', delta(answer, 0, input.lastEventId ?? '')));
      else observer.onEnd(typedError(code, code));
    };
    expect(await stream.next()).toMatchObject({ value: { type: 'snapshot', cursor: 'c1' } });
    const next = stream.next();
    await vi.runAllTimersAsync();
    expect(await next).toMatchObject({ value: { type: 'message.delta', cursor: 'c2', text: 'c1' } });
    expect(calls.subscriptions.map(({ input }) => input.lastEventId)).toEqual([undefined, 'c1', 'c1']);
    await stream.return?.();
  },
);

test.each([
  ['NOT_FOUND', 1],
  ['UNAUTHENTICATED', 1],
  ['INVALID_INPUT', 1],
  ['INTERNAL', 6],
  ['RATE_LIMITED', 6],
] as const)('[CLT-9] %s is thrown after %i subscriptions that brought nothing', async (code, tries) => {
  const { calls, stream } = setUp();
  calls.onSubscribe = fails(code);
  const next = stream.next().catch(codeOf);
  await vi.runAllTimersAsync();
  expect(await next).toBe(code);
  expect(calls.subscriptions).toHaveLength(tries);
  expect(calls.open).toBe(0);
});

test('[CLT-9] RATE_LIMITED is left alone for as long as it says', async () => {
  const { calls, stream } = setUp();
  calls.onSubscribe = ({ observer }) => observer.onEnd(typedError('RATE_LIMITED', 'slow', { retryAfterMs: 4_000 }));
  const next = stream.next();
  await vi.advanceTimersByTimeAsync(3_999);
  expect(calls.subscriptions).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(calls.subscriptions).toHaveLength(2);
  await stream.return?.();
  await next;
});

test('[CLT-9] a stream that the server merely ends is taken up again, and not in a tight loop', async () => {
  const { calls, stream } = setUp({ lastEventId: 'c0' });
  calls.onSubscribe = ({ observer }) => observer.onEnd();
  const next = stream.next();
  await vi.advanceTimersByTimeAsync(99);
  expect(calls.subscriptions.map(({ input }) => input.lastEventId)).toEqual(['c0', 'c0', 'c0', 'c0']);
  await stream.return?.();
  expect(await next).toEqual({ done: true, value: undefined });
});

test('[CLT-10] a stream ends after chat.deleted', async () => {
  const { calls, stream } = setUp();
  calls.onSubscribe = ({ observer }) => {
    observer.onEvent(at('c1', { type: 'chat.deleted', chatId }));
    observer.onEvent(at('c2', snapshot()));
  };
  const types: string[] = [];
  for await (const event of stream) types.push(event.type);
  expect(types).toEqual(['chat.deleted']);
  expect(calls.open).toBe(0);
});

test('[CLT-10] leaving the loop unsubscribes and leaves no listener', async () => {
  const { calls, caller, connection, stream } = setUp();
  calls.onSubscribe = ({ observer }) => observer.onEvent(at('c1', snapshot()));
  for await (const event of stream) {
    expect(event.type).toBe('snapshot');
    break;
  }
  expect(calls.open).toBe(0);
  expect([...getEventListeners(caller.signal, 'abort'), ...getEventListeners(connection.signal, 'abort')]).toEqual([]);
  expect(vi.getTimerCount()).toBe(0);
});

test('[CLT-10] return() while next() waits ends both and unsubscribes', async () => {
  const { calls, stream } = setUp();
  const next = stream.next();
  await vi.advanceTimersByTimeAsync(1);
  expect(calls.open).toBe(1);
  await stream.return?.();
  expect(await next).toEqual({ done: true, value: undefined });
  expect(calls.open).toBe(0);
});

test('[CLT-10] an abort ends the stream and drops what was not read', async () => {
  const { calls, caller, stream } = setUp();
  calls.onSubscribe = ({ observer }) => {
    observer.onEvent(at('c1', snapshot()));
    observer.onEvent(at('c2', snapshot()));
  };
  await stream.next();
  caller.abort();
  expect(await stream.next()).toEqual({ done: true, value: undefined });
  expect(calls.open).toBe(0);
});

test('[CLT-10] nothing is subscribed before the first event is asked for', async () => {
  const { calls, stream } = setUp();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(calls.subscriptions).toHaveLength(0);
  await stream.return?.();
  expect(calls.subscriptions).toHaveLength(0);
});

test('[CLT-3] when the server refuses the token every stream throws UNAUTHENTICATED; when this side closes it just ends', async () => {
  const refused = setUp();
  const thrown = refused.stream.next().catch(codeOf);
  await vi.advanceTimersByTimeAsync(1);
  refused.connection.abort(typedError('UNAUTHENTICATED', '4401'));
  expect(await thrown).toBe('UNAUTHENTICATED');

  const closed = setUp();
  const ended = closed.stream.next();
  await vi.advanceTimersByTimeAsync(1);
  closed.connection.abort(new Error('closed'));
  expect(await ended).toEqual({ done: true, value: undefined });
});

test('[CLT-11] a reader that is 512 events behind is unsubscribed, gets them, and goes on from the last one', async () => {
  const { calls, stream } = setUp();
  let pushed = 0;
  calls.onSubscribe = (subscribed) => {
    const last = Number(subscribed.input.lastEventId ?? 0);
    for (let index = last + 1; index <= 1_200 && subscribed.isOpen; index += 1) {
      pushed += 1;
      subscribed.observer.onEvent(at(String(index), delta(answer, index, 'x')));
    }
  };
  const cursors = [(await stream.next()).value.cursor];
  expect(calls.open).toBe(0);
  expect(pushed).toBe(512);
  while (cursors.length < 1_200) {
    const next = stream.next();
    await vi.advanceTimersByTimeAsync(10);
    cursors.push((await next).value.cursor);
  }
  expect(cursors).toEqual(Array.from({ length: 1_200 }, (_, index) => String(index + 1)));
  expect(calls.subscriptions).toHaveLength(3);
  await stream.return?.();
});
