import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Chat } from '../../shared/chat.ts';
import type { Message } from '../../shared/message.ts';
import { textOf } from '../../shared/message.ts';
import { echo, echoTokens } from '../helpers/model-provider-echo.ts';
import { RawClient } from '../helpers/raw-client.ts';
import type { RawStream } from '../helpers/raw-client.ts';
import { seeded } from '../helpers/seeded.ts';
import { startServerWithModel } from '../helpers/server.ts';
import type { ServerWithModel } from '../helpers/server.ts';

const chats = 100;
const tokens = 200;
const cutsEach = 2;

let running: ServerWithModel;
beforeAll(async () => {
  running = await startServerWithModel({ answer: echo({ tokens, delayMs: 20 }) });
});
afterAll(() => running[Symbol.asyncDispose]());

interface Outcome {
  readonly snapshots: number;
  readonly overlaps: number;
  readonly holes: number;
  readonly text: string;
  readonly stored: string;
}

const lengthOf = ({ view }: RawStream) => textOf(view?.messages.at(-1) ?? { parts: [] }).length;

/** One client whose socket is cut where chance says, and which comes back each time with its cursor. */
async function converse(number: number, random: () => number): Promise<Outcome> {
  const expected = echoTokens(`question ${number}`, tokens).join('').length;
  let client = await RawClient.connect(running.url);
  const chat = await client.mutate<Chat>('chat.create', {});
  let stream = client.stream({ chatId: chat.id });
  await stream.until(({ types }) => types.length > 0);
  await client.mutate('chat.send', { chatId: chat.id, text: `question ${number}` });
  const streams = [stream];
  let { cursor } = stream;
  const places = Array.from({ length: cutsEach }, () => Math.floor(random() * expected * 0.9)).toSorted(
    (a, b) => a - b,
  );
  for (const place of places) {
    await stream.until((now) => lengthOf(now) >= place, 30_000);
    client.cut();
    // A cut may come before the stream that it cuts has received anything.
    cursor = stream.cursor ?? cursor;
    client = await RawClient.connect(running.url);
    stream = client.stream({ chatId: chat.id, lastEventId: cursor }, stream.view);
    streams.push(stream);
  }
  // By its view, not by its events: under load a cut may come after the end.
  await stream.until(({ view }) => view?.activeRun === null && view.messages.at(-1)?.status === 'completed', 60_000);
  const { messages } = await client.query<{ messages: Message[] }>('chat.history', { chatId: chat.id });
  await client[Symbol.asyncDispose]();
  const resumed = streams.slice(1).flatMap(({ types }) => types);
  return {
    snapshots: resumed.filter((type) => type === 'snapshot').length,
    overlaps: streams.filter(({ types }) => types.includes('message.delta')).length,
    holes: streams.reduce((sum, { holes }) => sum + holes, 0),
    text: textOf(stream.view!.messages.at(-1)!),
    stored: textOf(messages.at(-1)!),
  };
}

describe('a hundred chats at once', () => {
  test('[STR-11] each cut twice at random end with what the provider sent, in every view and in the database, resumed without snapshots', async () => {
    const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
    console.log(`seed ${seed}`);
    const random = seeded(seed);
    const outcomes = await Promise.all(Array.from({ length: chats }, (_, number) => converse(number, random)));
    for (const [number, { text, stored }] of outcomes.entries()) {
      const sent = echoTokens(`question ${number}`, tokens).join('');
      expect(text).toBe(sent);
      expect(stored).toBe(sent);
    }
    const sum = (pick: (outcome: Outcome) => number) => outcomes.reduce((total, outcome) => total + pick(outcome), 0);
    expect(sum(({ snapshots }) => snapshots)).toBe(0);
    expect(sum(({ holes }) => holes)).toBe(0);
    // Most of the pieces that the cuts made carry text: the cuts fell into answers, not around them.
    expect(sum(({ overlaps }) => overlaps)).toBeGreaterThan(chats * cutsEach);
    await running.settled();
  }, 120_000);
});
