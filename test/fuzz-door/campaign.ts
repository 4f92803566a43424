import type { Chat } from '../../shared/chat.ts';
import { textOf } from '../../shared/message.ts';
import { startMeasuredServer } from '../helpers/measured-server.ts';
import { RawClient } from '../helpers/raw-client.ts';
import type { RawStream } from '../helpers/raw-client.ts';
import { attack } from './attack.ts';
import type { Kind } from './attack.ts';
import { Dice } from './dice.ts';

export interface Campaign {
  readonly cases: number;
  readonly seed: number;
}

export interface Outcome {
  readonly cases: Readonly<Record<Kind, number>>;
  /** How often each answer came: status lines, codes of errors, events. */
  readonly answers: Readonly<Record<string, number>>;
  /** What must not be: each with what it was. Empty when all is well. */
  readonly problems: readonly string[];
  /** Milliseconds: the longest that somebody else's stream paused. It has a token every 20 ms. */
  readonly longestPauseMs: number;
}

const atOnce = 12;
/** Milliseconds that somebody else's stream may pause, on a machine that has much else to do. */
const pauseMs = 10_000;

/** Attacks a server in a process of its own while somebody else's answer is streamed there. */
export async function runCampaign(
  { cases, seed }: Campaign,
  onProgress: (done: number) => void = () => {},
): Promise<Outcome> {
  await using server = await startMeasuredServer({ limits: { runMs: 24 * 3_600_000 } });
  await using other = await RawClient.connect(server.url);
  await using owner = await RawClient.connect(server.url);
  const watched = await startStream(other);
  const attacked = await owner.mutate<Chat>('chat.create', {});
  const port = Number(new URL(server.url).port);
  const done = { head: 0, frames: 0, calls: 0 };
  const answers: Record<string, number> = {};
  let next = 0;
  let unanswered = 0;
  const total = () => done.head + done.frames + done.calls;
  const attacker = async () => {
    while (total() < cases) {
      const reply = await attack(port, new Dice(seed * 1_000_003 + next++), attacked.id);
      done[reply.kind] += reply.cases;
      unanswered += reply.isUnanswered ? 1 : 0;
      for (const answer of answersIn(reply.text)) answers[answer] = (answers[answer] ?? 0) + 1;
      onProgress(total());
    }
  };
  await Promise.all(Array.from({ length: atOnce }, attacker));
  const problems = await watched.stop();
  if (unanswered > 0) problems.push(`${unanswered} sockets with well-formed frames did not go on`);
  const { problems: logged } = await server.measure();
  const internal = answers['INTERNAL'] ? [`INTERNAL was answered ${answers['INTERNAL']} times`] : [];
  return {
    cases: done,
    answers,
    problems: [...problems, ...internal, ...logged.slice(0, 5)],
    longestPauseMs: watched.longestPauseMs(),
  };
}

/** A chat whose answer has a token every 20 ms; stopping it tells what was wrong with how it came. */
async function startStream(client: RawClient) {
  const chat = await client.mutate<Chat>('chat.create', {});
  const stream = client.stream({ chatId: chat.id });
  await client.mutate('chat.send', { chatId: chat.id, text: 'text 1000000 3 20' });
  await stream.until(({ types }) => types.includes('message.delta'));
  let last = performance.now();
  let longest = 0;
  client.socket.on('message', () => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  });
  return {
    longestPauseMs: () => longest,
    stop: async (): Promise<string[]> => {
      await client.mutate('chat.stop', { chatId: chat.id });
      await stream.until(({ view }) => view?.activeRun === null, 20_000);
      return problemsOf(stream, longest);
    },
  };
}

function problemsOf(stream: RawStream, longest: number): string[] {
  const text = textOf(stream.view?.messages.at(-1) ?? { parts: [] });
  const expected = Array.from({ length: text.length / 3 }, (_, index) => String(index % 10).repeat(3)).join('');
  return [
    ...(text.length < 30 || text !== expected
      ? [`somebody else's answer is not what was produced: ${text.slice(0, 60)}…`]
      : []),
    ...(stream.holes > 0 ? [`somebody else's stream had ${stream.holes} holes`] : []),
    ...(longest > pauseMs ? [`somebody else's stream paused for ${Math.round(longest)} ms`] : []),
  ];
}

function* answersIn(text: string): Generator<string> {
  for (const [, status] of text.matchAll(/HTTP\/1\.1 (\d{3})/g)) yield status as string;
  for (const [, code] of text.matchAll(/"data":\{"code":"([A-Z_]+)"/g)) yield code as string;
  for (const [, type] of text.matchAll(/"type":"(snapshot|started|stopped)"/g)) yield type as string;
}
