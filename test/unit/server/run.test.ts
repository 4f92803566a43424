import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SwitchboardError } from '../../../shared/errors.ts';
import type { Steering } from '../../../db/store.ts';
import type { HandlerEvent } from '../../../server/handlers/handler.ts';
import { transition } from '../../../server/run-state.ts';
import type { RunSignal } from '../../../server/run-state.ts';
import type { MessageId } from '../../../shared/ids.ts';
import { newId } from '../../../shared/new-id.ts';
import { question } from '../../helpers/questions.ts';
import { endOf, says, scriptedRun } from '../../helpers/scripted-run.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

/** A handler that takes no notice of its signal. */
async function* deaf(): AsyncGenerator<HandlerEvent> {
  yield { type: 'text', text: 'partial' };
  await new Promise(() => {});
}

describe('run', () => {
  test('[RUN-1] ends completed when its handler has finished, with parts, usage and model', async () => {
    const { run } = scriptedRun(async function* () {
      yield { type: 'model', model: 'openai:x' };
      yield { type: 'reasoning', text: 'hm' };
      yield* says('Hel', 'lo');
      yield { type: 'usage', usage: { inputTokens: 1, outputTokens: 2, source: 'reported' } };
    });
    expect(await run.execute()).toMatchObject({
      status: 'completed',
      parts: [
        { type: 'reasoning', text: 'hm' },
        { type: 'text', text: 'Hello' },
      ],
      usage: { inputTokens: 1, outputTokens: 2, source: 'reported' },
      model: 'openai:x',
    });
  });

  test('[RUN-2] ends at once when it is halted, whatever its handler does then, and keeps the partial', async () => {
    for (const [kind, status] of [
      ['stop', 'stopped'],
      ['drain', 'interrupted'],
    ] as const) {
      const { run, log } = scriptedRun(deaf);
      const ended = run.execute();
      await vi.waitFor(() => expect(log.end).toBe(7));
      run.halt({ kind });
      run.halt({ kind: 'drain' });
      expect(await ended).toMatchObject({ status, parts: [{ type: 'text', text: 'partial' }], error: undefined });
    }
  });

  test('[STE-8] ends with what it was taking when it was halted, which its handler is not told', async () => {
    const messageId = newId<MessageId>();
    let answer = (_taken: readonly Steering[]) => {};
    const taking = () =>
      new Promise<readonly Steering[]>((resolve) => {
        answer = resolve;
      });
    const { run, log } = scriptedRun(
      async function* (given) {
        yield* says('first');
        await given.takeSteering();
        yield* says('never');
      },
      {},
      taking,
    );
    const ended = run.execute();
    await vi.waitFor(() => expect(log.end).toBe(5));
    run.halt({ kind: 'stop' });
    answer([{ messageId, text: 'shorter' }]);
    expect(await ended).toMatchObject({
      status: 'stopped',
      parts: [
        { type: 'text', text: 'first' },
        { type: 'steering', messageId, text: 'shorter' },
      ],
    });
  });

  test('[STE-8] fails with what it has when nothing can be taken', async () => {
    const { run } = scriptedRun(
      async function* (given) {
        yield* says('first');
        await given.takeSteering();
      },
      {},
      () => Promise.reject(new SwitchboardError('UNAVAILABLE', 'the database is away')),
    );
    expect(await run.execute()).toMatchObject({ status: 'failed', parts: [{ type: 'text', text: 'first' }] });
  });

  test('[RUN-9] an estimate of its tokens counts all that was shown when it is cut off; what was reported stays', async () => {
    const usageOf = async (source: 'estimated' | 'reported') => {
      const { run, log } = scriptedRun(async function* () {
        yield { type: 'usage', usage: { inputTokens: 5, outputTokens: 2, source } };
        yield { type: 'reasoning', text: 'r'.repeat(7) };
        yield { type: 'text', text: 't'.repeat(200) };
        await new Promise(() => {});
      });
      const ended = run.execute();
      await vi.waitFor(() => expect(log.end).toBe(207));
      run.halt({ kind: 'stop' });
      return (await ended).usage;
    };
    expect(await usageOf('estimated')).toEqual({ inputTokens: 5, outputTokens: 52, source: 'estimated' });
    expect(await usageOf('reported')).toEqual({ inputTokens: 5, outputTokens: 2, source: 'reported' });
  });

  test('[RUN-3] takes nothing from a handler after its end', async () => {
    let goOn = () => {};
    const { run, log } = scriptedRun(async function* () {
      yield* says('before');
      await new Promise<void>((resolve) => {
        goOn = resolve;
      });
      yield* says('after');
    });
    const ended = run.execute();
    await vi.waitFor(() => expect(log.end).toBe(6));
    run.halt({ kind: 'stop' });
    await ended;
    goOn();
    await vi.advanceTimersByTimeAsync(10);
    expect(log.parts()).toEqual([{ type: 'text', text: 'before' }]);
  });

  test('[RUN-4] fails after too long a silence or too long a time; a sign of life puts off the first, not the second', async () => {
    const silent = scriptedRun(deaf, { modelIdleMs: 100, runMs: 1_000 });
    const ended = silent.run.execute();
    await vi.advanceTimersByTimeAsync(100);
    expect(await ended).toMatchObject({ status: 'failed', error: { code: 'MODEL_TIMEOUT' } });

    const alive = scriptedRun(
      async function* () {
        for (;;) {
          await new Promise((resolve) => setTimeout(resolve, 60));
          yield { type: 'alive' };
        }
      },
      { modelIdleMs: 100, runMs: 1_000 },
    );
    const over = alive.run.execute();
    await vi.advanceTimersByTimeAsync(999);
    expect(await Promise.race([over, Promise.resolve('goes on')])).toBe('goes on');
    await vi.advanceTimersByTimeAsync(1);
    expect(await over).toMatchObject({ status: 'failed', error: { code: 'RUN_TIMEOUT' } });
    await vi.advanceTimersByTimeAsync(60);
  });

  test('[RUN-5] keeps as much of an answer as is allowed and fails for the rest', async () => {
    const { run } = scriptedRun(() => says('12345', '67890', 'x'), { answerText: 8 });
    expect(await run.execute()).toMatchObject({
      status: 'failed',
      error: { code: 'ANSWER_TOO_LARGE' },
      parts: [{ type: 'text', text: '12345678' }],
    });
  });

  test('[RUN-6] tells a typed error as it is, and of any other only an id', async () => {
    const typed = scriptedRun(async function* () {
      yield* says('a');
      throw new SwitchboardError('MODEL_REFUSED', 'the model refused');
    });
    expect(await typed.run.execute()).toMatchObject({ error: { code: 'MODEL_REFUSED', message: 'the model refused' } });
    expect(typed.unexpected).toEqual([]);

    const other = scriptedRun(() => {
      throw new TypeError('secret');
    });
    const { error } = endOf(await other.run.execute());
    expect(error).toEqual({ code: 'INTERNAL', message: expect.stringContaining('error-1') });
    expect(error?.message).not.toContain('secret');
    expect(other.unexpected).toHaveLength(1);
  });

  test('[RUN-7] fails for a part that the wire does not know', async () => {
    const { run } = scriptedRun(async function* () {
      yield { type: 'part', key: 'x', value: { type: 'hologram' } as never };
    });
    expect(await run.execute()).toMatchObject({ status: 'failed', error: { code: 'INTERNAL' } });
  });

  test('[RUN-8] ended is final: no signal changes it', () => {
    const error = new SwitchboardError('MODEL_TIMEOUT', 'x');
    const signals: RunSignal[] = [
      { type: 'finished' },
      { type: 'threw', error },
      { type: 'halted', halt: { kind: 'stop' } },
      { type: 'halted', halt: { kind: 'drain' } },
      { type: 'halted', halt: { kind: 'limit', error } },
    ];
    for (const first of signals) {
      const ended = transition({ phase: 'producing' }, first);
      expect(ended.phase).toBe('ended');
      for (const second of signals) expect(transition(ended, second)).toBe(ended);
    }
  });

  test('[ASK-1] a handler that has asked is asked for nothing more, and the run is over at once with what it has', async () => {
    let isAskedForMore = false;
    let isCleanedUp = false;
    const asked = question({ prompt: 'Which\0?', expiresAt: '2030-01-01T00:00:00Z' });
    const { run, log } = scriptedRun(async function* (_run, { signal }) {
      try {
        yield* says('so far');
        yield { type: 'usage', usage: { inputTokens: 1, outputTokens: 2, source: 'reported' } };
        yield { type: 'ask', input: asked };
        isAskedForMore = true;
        yield* says('never');
      } finally {
        isCleanedUp = signal.aborted;
        // Whatever it does now, nobody waits for it.
        await new Promise(() => {});
      }
    });
    const outcome = await run.execute();
    expect(outcome).toMatchObject({
      status: 'waiting',
      attempt: 1,
      parts: [{ type: 'text', text: 'so far' }],
      usage: { inputTokens: 1, outputTokens: 2 },
      question: { ...asked, prompt: 'Which\uFFFD?', expiresAt: '2030-01-01T00:00:00.000Z' },
    });
    await vi.waitFor(() => expect(isCleanedUp).toBe(true));
    expect(isAskedForMore).toBe(false);
    run.halt({ kind: 'drain' });
    expect(log.parts()).toEqual([{ type: 'text', text: 'so far' }]);
  });

  test('[ASK-12] a question that nobody could answer, or that is too long, fails its run', async () => {
    const asks = (fields: object) =>
      scriptedRun(async function* () {
        yield* says('so far');
        yield { type: 'ask', input: question(fields) };
      });
    for (const fields of [{ schema: { $ref: 'https://example.com' } }, { kind: 'guess' }, { id: 'no id' }]) {
      const { run, unexpected } = asks(fields);
      expect(await run.execute()).toMatchObject({ status: 'failed', error: { code: 'INTERNAL' } });
      expect(unexpected).toHaveLength(1);
    }
    for (const fields of [{ prompt: 'x'.repeat(70_000) }, { subject: 'x'.repeat(1_100_000) }]) {
      const { run } = asks(fields);
      expect(await run.execute()).toMatchObject({
        status: 'failed',
        error: { code: 'ANSWER_TOO_LARGE' },
        parts: [{ type: 'text', text: 'so far' }],
      });
    }
  });
});
