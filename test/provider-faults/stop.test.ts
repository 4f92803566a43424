import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Chat } from '../../shared/chat.ts';
import { textOf } from '../../shared/message.ts';
import { until } from '../faults/until.ts';
import { processorWaitMs } from '../helpers/processor-wait.ts';
import { RawClient } from '../helpers/raw-client.ts';
import { startRawProvider } from '../helpers/raw-provider.ts';
import type { RawAnswer, RawStep } from '../helpers/raw-provider.ts';
import { scriptedRun } from '../helpers/scripted-run.ts';
import { seeded } from '../helpers/seeded.ts';
import { startServer } from '../helpers/server.ts';
import { assistantHandler } from '../unit/server/handlers/handler-run.ts';
import { anthropic, openai } from './dialect.ts';
import type { Dialect } from './dialect.ts';
import { between, chunk, head, lastChunk, streamed, whole } from './fault-case.ts';

/** Milliseconds from the stop until the run has ended and the provider's socket is closed. */
const atOnceMs = 200;

/** Stops at moments that the seed picks: enough for a hundredth of them to be one that may be slow on a busy machine. */
const stops = 120;
/** Milliseconds until a stop, at most: before the request, in its headers and after many words. */
const longestMs = 60;

const seed = Number(process.env['PROVIDER_FAULT_SEED'] ?? Date.now() % 1_000_000);
const random = seeded(seed);
const hang = { end: 'hang' } as const;

/** Numbered words, one a millisecond and then for ever. */
function* words(dialect: Dialect): Generator<string> {
  for (let index = 0; ; index += 1) yield dialect.text(`w${index} `);
}

async function* dribble(dialect: Dialect): AsyncGenerator<RawStep> {
  yield* streamed([dialect.start()]);
  for (const word of words(dialect)) {
    await new Promise((resolve) => setTimeout(resolve, 1));
    yield chunk(word);
  }
}

async function stopped(dialect: Dialect, answer: RawAnswer, isTime: (text: string, requests: number) => boolean) {
  await using provider = await startRawProvider(answer);
  const model = dialect.model(`http://127.0.0.1:${provider.port}`);
  const handler = assistantHandler({ resolve: async () => ({ id: 'openai:double', model, inputTokens: 10_000 }) });
  const { run, log, unexpected } = scriptedRun((started, options) => handler.run(started, options));
  const ended = run.execute();
  await until(
    () => isTime(textOf({ parts: log.parts() }), provider.requests.length),
    () => 'not the time',
    5_000,
  );
  const clock = startClock();
  run.halt({ kind: 'stop' });
  const { status, parts } = await ended;
  await until(
    () => provider.busy() === 0,
    () => 'the request is still open',
    2_000,
  );
  const tookMs = clock();
  return { status, text: textOf({ parts }), tookMs, requests: provider.requests.length, unexpected };
}

/** Ends the measurement with the milliseconds since its start, without those in which the machine let others run. */
function startClock(): () => number {
  const begin = performance.now() - processorWaitMs();
  return () => performance.now() - processorWaitMs() - begin;
}

/** The value that this share of all is not above. */
function quantile(values: readonly number[], share: number): number {
  return values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Infinity;
}

describe.each([openai, anthropic])(`$name, seed ${seed}`, (dialect) => {
  const said = [dialect.start(), dialect.text('a'), dialect.text('b')];
  const states: readonly (readonly [string, RawAnswer, (text: string, requests: number) => boolean])[] = [
    ['before the request', () => [hang], () => true],
    ['before the headers', () => [hang], (_, requests) => requests === 1],
    ['in the headers', () => [head().slice(0, 30), hang], (_, requests) => requests === 1],
    ['before the first token', () => streamed([dialect.start()], hang), (_, requests) => requests === 1],
    ['in the middle of an event', () => streamed([...said, 'data: {"a'], hang), (text) => text === 'ab'],
    ['in a stall', () => streamed(said, hang), (text) => text === 'ab'],
    ['between two attempts', () => [whole(503, 'down')], (_, requests) => requests === 1],
    [
      'in a wait that the provider asked for',
      () => [whole(429, 'slow', { 'retry-after': '15' })],
      (_, requests) => requests === 1,
    ],
    ['in the body of a refusal', () => [head(503), chunk('dow'), hang], (_, requests) => requests === 1],
    ['after the finish', () => streamed([...said, dialect.finish()], hang), (text) => text === 'ab'],
    [
      'in a flood',
      () => streamed(said, ...Array<RawStep>(5_000).fill(chunk(': x\n\n'.repeat(1_000)))),
      (text) => text === 'ab',
    ],
  ];

  test.each(states)('[PRV-12] a stop %s aborts the request at once', async (_, answer, isTime) => {
    const took: number[] = [];
    for (let round = 0; round < 3; round += 1) {
      const { status, tookMs, unexpected, requests } = await stopped(dialect, answer, isTime);
      expect({ status, unexpected }).toEqual({ status: 'stopped', unexpected: [] });
      expect(requests).toBeLessThanOrEqual(1);
      took.push(tookMs);
    }
    expect(quantile(took, 0.5)).toBeLessThan(atOnceMs);
  });

  test(
    '[PRV-12] a stop at any moment keeps exactly what came, and nothing comes after it',
    { timeout: 60_000 },
    async () => {
      const took: number[] = [];
      for (let round = 0; round < stops; round += 1) {
        const begin = performance.now();
        const afterMs = between(random, 0, longestMs);
        const { status, text, tookMs } = await stopped(
          dialect,
          () => dribble(dialect),
          () => performance.now() - begin > afterMs,
        );
        const count = text.split(' ').length - 1;
        expect(text).toBe(Array.from({ length: count }, (_, index) => `w${index} `).join(''));
        expect(status).toBe('stopped');
        took.push(tookMs);
      }
      expect(quantile(took, 0.99)).toBeLessThan(atOnceMs);
    },
  );

  test('[PRV-12] a stop while the headers arrive leaves no request open', async () => {
    const took: number[] = [];
    for (let round = 0; round < 20; round += 1) {
      let answered = false;
      const { tookMs } = await stopped(
        dialect,
        function* () {
          yield head();
          answered = true;
          yield chunk(dialect.start());
          yield hang;
        },
        () => answered,
      );
      took.push(tookMs);
    }
    expect(quantile(took, 0.5)).toBeLessThan(atOnceMs);
  });

  test('[PRV-15] after a whole answer its connection is used again, though its last bytes come late', async () => {
    let ended = false;
    await using provider = await startRawProvider(async function* () {
      yield* streamed([...said, dialect.finish(), dialect.end()]);
      await until(
        () => ended,
        () => 'the run did not end',
        5_000,
      );
      yield lastChunk;
    });
    const model = dialect.model(`http://127.0.0.1:${provider.port}`);
    const handler = assistantHandler({ resolve: async () => ({ id: 'openai:double', model, inputTokens: 10_000 }) });
    // Sooner or later, because a connection is free only once the end of its answer has been read.
    for (let round = 0; round < 20 && provider.requests.length <= provider.connections(); round += 1) {
      ended = false;
      await scriptedRun((started, options) => handler.run(started, options)).run.execute();
      ended = true;
      await until(
        () => provider.busy() === 0,
        () => 'the answer is not over',
        1_000,
      );
    }
    expect(provider.connections()).toBeLessThan(provider.requests.length);
  });

  test('[PRV-12] a stop after the end changes nothing', async () => {
    await using provider = await startRawProvider(() =>
      streamed([...said, dialect.finish(), dialect.end()], lastChunk),
    );
    const model = dialect.model(`http://127.0.0.1:${provider.port}`);
    const handler = assistantHandler({ resolve: async () => ({ id: 'openai:double', model, inputTokens: 10_000 }) });
    const { run } = scriptedRun((started, options) => handler.run(started, options));
    const { status, parts } = await run.execute();
    run.halt({ kind: 'stop' });
    expect({ status, text: textOf({ parts }) }).toEqual({ status: 'completed', text: 'ab' });
  });
});

test(
  `[PRV-12] a stop over a socket, at any moment, aborts the request at once, seed ${seed}`,
  { timeout: 120_000 },
  async () => {
    await using provider = await startRawProvider(() => dribble(openai));
    await using server = await startServer({ openaiBaseUrl: `http://127.0.0.1:${provider.port}/v1` });
    await using client = await RawClient.connect(server.url);
    const { id: chatId } = await client.mutate<Chat>('chat.create', {});
    const stream = client.stream({ chatId });
    const took: number[] = [];
    for (let round = 1; round <= stops; round += 1) {
      await client.mutate('chat.send', { chatId, text: 'hello' });
      await delay(between(random, 0, longestMs));
      const clock = startClock();
      await client.mutate('chat.stop', { chatId });
      await until(
        () => provider.busy() === 0,
        () => 'the request is still open',
        2_000,
      );
      took.push(clock());
      await stream.untilEnded(round);
    }
    expect(provider.requests.length).toBeGreaterThan(stops / 2);
    expect(quantile(took, 0.99)).toBeLessThan(atOnceMs);
  },
);
