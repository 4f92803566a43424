import { isDeepStrictEqual } from 'node:util';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Chat } from '../../shared/chat.ts';
import type { Message } from '../../shared/message.ts';
import { textOf } from '../../shared/message.ts';
import { until } from '../faults/until.ts';
import { RawClient } from '../helpers/raw-client.ts';
import type { RawStream } from '../helpers/raw-client.ts';
import { startRawProvider } from '../helpers/raw-provider.ts';
import type { RawExchange, RawStep } from '../helpers/raw-provider.ts';
import { seeded } from '../helpers/seeded.ts';
import { startServer } from '../helpers/server.ts';
import { faultClasses } from './cases/all.ts';
import { anthropic, openai } from './dialect.ts';
import type { Dialect } from './dialect.ts';
import { patientIdleMs, pick } from './fault-case.ts';
import type { FaultCase } from './fault-case.ts';

const seed = Number(process.env['PROVIDER_FAULT_SEED'] ?? Date.now() % 1_000_000);

/** Cases of each class; the rest are shown without a server around. */
const ofEachClass = 2;

const limits = { modelIdleMs: patientIdleMs, answerText: 20_000 };

/** What a server can be asked whose limits and whose provider's address are the same for all. */
function fits(fault: FaultCase): boolean {
  const isFlood = fault.code === 'MODEL_TIMEOUT' && fault.limits?.answerText !== undefined;
  return !fault.origin && !isFlood && (fault.limits?.answerText ?? limits.answerText) === limits.answerText;
}

function sample(dialect: Dialect): FaultCase[] {
  const random = seeded(seed);
  return Object.values(faultClasses).flatMap((make) => {
    const fitting = make(dialect, random).filter(fits);
    return Array.from({ length: ofEachClass }, () => pick(random, fitting));
  });
}

const lastText = (stream: RawStream): string => textOf(stream.view?.messages.at(-1) ?? { parts: [] });

/** The chats of all cases, each with its provider's misbehaviour and its watcher. */
class Watched {
  readonly cases: readonly FaultCase[];
  readonly streams = new Map<number, RawStream>();
  readonly asked = new Map<number, number>();

  constructor(cases: readonly FaultCase[]) {
    this.cases = cases;
  }

  answer(exchange: RawExchange): Iterable<RawStep> | AsyncIterable<RawStep> {
    const number = Number(/case (\d+)/.exec(exchange.body)?.[1]);
    const index = this.asked.get(number) ?? 0;
    this.asked.set(number, index + 1);
    const stream = this.streams.get(number) as RawStream;
    const shown = (units: number): Promise<void> =>
      until(
        () => lastText(stream).length >= units,
        () => 'the text before the fault did not come',
        5_000,
      );
    return (this.cases[number] as FaultCase).answer({ ...exchange, index, shown });
  }

  /** What was not as promised. */
  async problems(client: RawClient, number: number): Promise<string[]> {
    const fault = this.cases[number] as FaultCase;
    const chat = await client.mutate<Chat>('chat.create', {});
    const stream = client.stream({ chatId: chat.id });
    this.streams.set(number, stream);
    await stream.until(({ types }) => types.length === 1);
    await client.mutate('chat.send', { chatId: chat.id, text: `case ${number}` });
    await stream.untilEnded();
    const { messages } = await client.query<{ messages: Message[] }>('chat.history', { chatId: chat.id });
    const ended = stream.events.find((event) => event.type === 'run.ended');
    const came = { status: ended?.status, code: ended?.error?.code ?? null, asked: this.asked.get(number) };
    const status = fault.code === null ? 'completed' : 'failed';
    const asked = fault.requests === null ? came.asked : (fault.requests ?? 1);
    const wanted = { status, code: fault.code, asked };
    const problems: string[] = [];
    if (JSON.stringify(came) !== JSON.stringify(wanted))
      problems.push(`expected ${JSON.stringify(wanted)}, got ${JSON.stringify(came)}`);
    const text = lastText(stream);
    if (typeof fault.text === 'string' ? text !== fault.text : !fault.text.test(text)) problems.push(`text: ${text}`);
    // A field that is absent and one that is undefined are the same on the wire.
    const folded: unknown = JSON.parse(JSON.stringify(stream.view?.messages));
    if (!isDeepStrictEqual(folded, messages)) problems.push('folded is not what is stored');
    if (stream.holes > 0) problems.push(`${stream.holes} holes`);
    return problems.map((problem) => `${fault.name}: ${problem}`);
  }
}

afterEach(() => void vi.unstubAllEnvs());

describe.each([openai, anthropic])(`$name, seed ${seed}`, (dialect) => {
  test('[PRV-13] every fault ends in every view as it is stored', { timeout: 60_000 }, async () => {
    const watched = new Watched(sample(dialect));
    await using provider = await startRawProvider((exchange) => watched.answer(exchange));
    const origin = `http://127.0.0.1:${provider.port}`;
    vi.stubEnv('ANTHROPIC_BASE_URL', origin);
    await using server = await startServer({
      ...(dialect.name === 'openai' ? { openaiBaseUrl: `${origin}/v1` } : { anthropicApiKey: 'key' }),
      defaultModel: `${dialect.name}:double`,
      limits,
    });
    await using client = await RawClient.connect(server.url);
    const problems = await Promise.all(watched.cases.map((_, number) => watched.problems(client, number)));
    expect(problems.flat()).toEqual([]);
    expect(watched.cases.length).toBe(ofEachClass * Object.keys(faultClasses).length);
    await until(
      () => provider.busy() === 0,
      () => 'a request is still open',
      1_000,
    );
  });
});
