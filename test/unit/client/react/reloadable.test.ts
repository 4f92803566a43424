import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Reloadable } from '../../../../client/react/reloadable.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

function setUp() {
  const answers: PromiseWithResolvers<string>[] = [];
  const heard = vi.fn<() => void>();
  const value = new Reloadable(() => {
    const answer = Promise.withResolvers<string>();
    answers.push(answer);
    return answer.promise;
  }, heard);
  return {
    answers,
    heard,
    value,
    answer: async (index: number, text: string) => {
      answers[index]?.resolve(text);
      await vi.advanceTimersByTimeAsync(0);
    },
  };
}

test('[RCT-21] calls while a question is under way become one more after it', async () => {
  const { answers, value, answer } = setUp();
  value.reload();
  value.reload();
  value.reload();
  expect(answers).toHaveLength(1);
  await answer(0, 'first');
  expect(value.get()).toEqual({ value: 'first' });
  expect(answers).toHaveLength(2);
  await answer(1, 'second');
  expect(value.get()).toEqual({ value: 'second' });
  expect(answers).toHaveLength(2);
});

test('[RCT-21] an answer that was asked for before a change here does not undo it', async () => {
  const { answers, value, answer } = setUp();
  value.reload();
  await answer(0, 'before');
  value.reload();
  value.change(() => 'changed');
  await answer(1, 'before');
  expect(value.get().value).toBe('changed');
  expect(answers).toHaveLength(3);
  await answer(2, 'after');
  expect(value.get().value).toBe('after');
});

test('[RCT-21] a failure keeps the value, is told, and is asked again after five seconds', async () => {
  const { answers, value, answer } = setUp();
  value.reload();
  await answer(0, 'first');
  value.reload();
  answers[1]?.reject(new Error('away'));
  await vi.advanceTimersByTimeAsync(0);
  expect(value.get()).toEqual({ value: 'first', error: { code: null, message: 'away' } });
  await vi.advanceTimersByTimeAsync(4_999);
  expect(answers).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(1);
  expect(answers).toHaveLength(3);
  await answer(2, 'second');
  expect(value.get()).toEqual({ value: 'second' });
});

test('[RCT-21] once closed it tells nothing and leaves no timer', async () => {
  const { answers, heard, value, answer } = setUp();
  value.reload();
  answers[0]?.reject(new Error('away'));
  await vi.advanceTimersByTimeAsync(0);
  expect(vi.getTimerCount()).toBe(1);
  value.close();
  expect(vi.getTimerCount()).toBe(0);
  heard.mockClear();
  value.reload();
  await answer(1, 'late');
  expect(heard).not.toHaveBeenCalled();
});
