import { TRPCClientError } from '@trpc/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { codeOf } from '../../../client/call-error.ts';
import { createChat, respondTo, sendMessage } from '../../../client/send.ts';
import type { InputId } from '../../../shared/ids.ts';
import { limits } from '../../../shared/limits.ts';
import { newId } from '../../../shared/new-id.ts';
import { chatId, refused, ScriptedCalls, sendOutput } from './scripted-calls.ts';
import { chatOf } from './react/fake-client.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** How tRPC rejects a call whose socket dropped. */
const lost = (): Promise<never> => Promise.reject(TRPCClientError.from({ type: 'close', code: 1006 }));

function setUp() {
  const calls = new ScriptedCalls();
  const caller = new AbortController();
  const connection = new AbortController();
  const waits: number[] = [];
  const backoff = (failures: number): number => {
    waits.push(failures);
    return failures * 10;
  };
  const options = { backoff, signal: caller.signal, ended: connection.signal };
  const send = (input = {}) => sendMessage(calls, { chatId, text: 'hello', ...input }, options);
  const create = (input = {}) => createChat(calls, input, options);
  const inputId = newId<InputId>();
  const respond = () => respondTo(calls, { chatId, inputId, value: 'left' }, options);
  return { calls, caller, connection, waits, send, create, inputId, respond };
}

test('[CLT-5] a send whose outcome is unknown is repeated under one id, with growing waits, until it is answered', async () => {
  const { calls, waits, send } = setUp();
  calls.sends = [lost, lost, lost, (id) => Promise.resolve(sendOutput(id))];
  const sent = send();
  await vi.runAllTimersAsync();
  const { messageId } = await sent;
  expect(calls.sent.map((input) => input.messageId)).toEqual(Array(4).fill(messageId));
  expect(waits).toEqual([1, 2, 3]);
});

test('[CLT-5] the id that the caller gives is the one that is sent', async () => {
  const { calls, send } = setUp();
  await send({ messageId: '0198c0de-0000-7000-8000-000000000001', onBusy: 'reject' });
  expect(calls.sent).toEqual([
    { chatId, text: 'hello', messageId: '0198c0de-0000-7000-8000-000000000001', onBusy: 'reject' },
  ]);
});

test.each(['CONFLICT_DUPLICATE', 'CONFLICT_BUSY', 'RATE_LIMITED', 'INTERNAL', 'NOT_FOUND'] as const)(
  '[CLT-6] the answer %s is thrown at once',
  async (code) => {
    const { calls, send } = setUp();
    calls.sends = [() => refused(code)];
    await expect(send()).rejects.toSatisfy((error) => codeOf(error) === code);
    expect(calls.sent).toHaveLength(1);
  },
);

test('[CLT-6] UNAVAILABLE is tried five times more and then thrown', async () => {
  const { calls, send } = setUp();
  calls.sends = [() => refused('UNAVAILABLE')];
  const sent = send().catch(codeOf);
  await vi.runAllTimersAsync();
  expect(await sent).toBe('UNAVAILABLE');
  expect(calls.sent).toHaveLength(6);
});

test('[LIM-4] RATE_LIMITED is sent again when the server says, three times, and then thrown', async () => {
  const { calls, send } = setUp();
  calls.sends = [() => refused('RATE_LIMITED', { retryAfterMs: 30_000 })];
  const sent = send().catch(codeOf);
  await vi.advanceTimersByTimeAsync(29_999);
  expect(calls.sent).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(100);
  expect(calls.sent).toHaveLength(2);
  await vi.runAllTimersAsync();
  expect(await sent).toBe('RATE_LIMITED');
  expect(calls.sent).toHaveLength(4);
});

test('[LIM-4] RATE_LIMITED for longer than a minute is thrown at once', async () => {
  const { calls, send } = setUp();
  calls.sends = [() => refused('RATE_LIMITED', { retryAfterMs: 3_600_000 })];
  await expect(send()).rejects.toSatisfy((error) => codeOf(error) === 'RATE_LIMITED');
  expect(calls.sent).toHaveLength(1);
});

test('[CLT-7] a text above the limit is TOO_LARGE with the limit, and never goes out', async () => {
  const { calls, send } = setUp();
  const error = await send({ text: 'x'.repeat(limits.messageText + 1) }).catch((error: unknown) => error);
  expect(error).toMatchObject({ data: { code: 'TOO_LARGE', limit: limits.messageText, retryable: false } });
  expect(calls.sent).toHaveLength(0);
});

test('[CLT-7] a send whose frame the server refused (1009) is TOO_LARGE instead of being repeated', async () => {
  const { calls, send } = setUp();
  calls.sends = [() => Promise.reject(TRPCClientError.from({ type: 'close', code: 1009 }))];
  await expect(send()).rejects.toSatisfy((error) => codeOf(error) === 'TOO_LARGE');
  expect(calls.sent).toHaveLength(1);
});

test('[CLT-5] an abort between two tries rejects with its reason and leaves no timer', async () => {
  const { calls, caller, send } = setUp();
  calls.sends = [lost];
  const sent = send().catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(5);
  caller.abort(new Error('changed my mind'));
  expect(await sent).toEqual(new Error('changed my mind'));
  expect(vi.getTimerCount()).toBe(0);
});

test('[CLT-3] when the connection is closed for good a send rejects with the reason', async () => {
  const { calls, connection, send } = setUp();
  calls.sends = [lost];
  const sent = send().catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(5);
  connection.abort(new Error('4401'));
  expect(await sent).toEqual(new Error('4401'));
});

test('[CLT-31] a chat whose creation got no answer is created again under one id, until there is one', async () => {
  const { calls, create } = setUp();
  calls.creates = [lost, lost, (id) => Promise.resolve(chatOf({ id: id as typeof chatId }))];
  const created = create({ title: 'first words' });
  await vi.runAllTimersAsync();
  const { id } = await created;
  const asked = { chatId: id, title: 'first words' };
  expect(calls.created).toEqual([asked, asked, asked]);
});

test('[CLT-31] what the server answers to a creation is thrown at once', async () => {
  const { calls, create } = setUp();
  calls.creates = [() => refused('APP_UNPUBLISHED')];
  await expect(create({ chatId })).rejects.toSatisfy((error) => codeOf(error) === 'APP_UNPUBLISHED');
  expect(calls.created).toEqual([{ chatId }]);
});

test('[CLT-33] an answer to a question is repeated until the server has taken it; what it refuses is thrown at once', async () => {
  const { calls, waits, inputId, respond } = setUp();
  const reply = { inputId, accepted: true, answeredBy: 'local' };
  calls.responds = [lost, () => refused('UNAVAILABLE'), () => Promise.resolve(reply), () => refused('INVALID_INPUT')];
  const responded = respond();
  await vi.runAllTimersAsync();
  expect(await responded).toEqual(reply);
  const response = { chatId, inputId, value: 'left' };
  expect(calls.responded).toEqual([response, response, response]);
  expect(waits).toEqual([1, 2]);
  await expect(respond()).rejects.toSatisfy((error) => codeOf(error) === 'INVALID_INPUT');
  expect(calls.responded).toHaveLength(4);
});
