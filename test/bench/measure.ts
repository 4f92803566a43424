import type { Child } from './child.ts';
import { cpuBetween, readCpu, residentMiB, type CpuUse } from './cpu.ts';
import { percentile, type Figures } from './figures.ts';
import type { Load, Outcome } from './load.ts';
import type { CpuProfile, Profiler } from './profiler.ts';
import { roster, type RunningServer, type ServerName } from './servers/roster.ts';

/** The processes that one measurement needs. */
export interface Stage {
  readonly double: Child;
  readonly client: Child;
  readonly name: ServerName;
  readonly server: RunningServer;
  /** Null unless profiles were asked for. */
  readonly profiler: Profiler | null;
}

export const tokensPerAnswer = 200;
export const tokensPerSecond = 50;
const limitMs = 45_000;

function loadOf({ name, server }: Stage, chats: number, perSecond: number, spreadMs: number): Load {
  const { dialect } = roster[name];
  return { url: server.url, dialect, chats, tokens: tokensPerAnswer, perSecond, spreadMs, limitMs };
}

/** What happens once in an answer is compiled after some hundred answers: with one burst the next two were half slower. */
const warmUps = 4;

/** Lets the server load its modules, grow its heap and compile what is hot. */
export async function warmUp(stage: Stage): Promise<void> {
  for (let burst = 0; burst < warmUps; burst += 1) await answerBurst(stage);
}

/** 20,000 tokens in two seconds, all right. */
async function answerBurst(stage: Stage): Promise<void> {
  const { client } = stage;
  await client.call('prepare', loadOf(stage, 100, 2 * tokensPerSecond, 0));
  const { heard } = await client.call<Outcome>('talk');
  await client.call('leave');
  const problem = heard.map((answer) => answer.problem).find((each) => each !== null);
  if (problem !== undefined) throw new Error(`bench: ${stage.name} answered wrongly while warming up: ${problem}`);
}

/** Mean over the answers that came whole: the ideal duration relative to the real one. */
function paceOf(outcome: Outcome): number {
  const ideal = ((tokensPerAnswer - 1) * 1_000) / tokensPerSecond;
  const paces = outcome.heard.flatMap(({ streamMs }) => (streamMs === null ? [] : [ideal / streamMs]));
  return paces.reduce((sum, pace) => sum + pace, 0) / paces.length;
}

function problemsOf({ timedOut, heard }: Outcome): string[] {
  const wrong = heard.flatMap(({ problem }) => (problem === null ? [] : [problem]));
  const missing = heard.filter(({ tokens }) => tokens < tokensPerAnswer).length;
  if (missing > 0 && !timedOut) wrong.push(`${missing} answers were not whole`);
  return wrong;
}

/** Figures of one row before it is compared with others, and the profile where one was asked for. */
export interface Measured {
  readonly row: Omit<Figures, 'ratio'>;
  readonly profile: CpuProfile | undefined;
}

interface Window {
  readonly outcome: Outcome;
  readonly use: Readonly<Record<'server' | 'double' | 'client', CpuUse>>;
  readonly residentMiB: number;
  readonly profile: CpuProfile | undefined;
}

/** From just before the first send until every answer has ended. */
async function talkWhileWatched({ double, client, server, profiler }: Stage): Promise<Window> {
  await profiler?.start();
  const pids = { server: server.pid, double: double.pid, client: client.pid };
  const before = { server: readCpu(pids.server), double: readCpu(pids.double), client: readCpu(pids.client) };
  const outcome = await client.call<Outcome>('talk');
  const use = {
    server: cpuBetween(before.server, readCpu(pids.server)),
    double: cpuBetween(before.double, readCpu(pids.double)),
    client: cpuBetween(before.client, readCpu(pids.client)),
  };
  return { outcome, use, residentMiB: residentMiB(server.pid), profile: await profiler?.stop() };
}

function figuresOf({ name }: Stage, chats: number, lateMs: number, window: Window): Measured['row'] {
  const { outcome, use, residentMiB } = window;
  const tokens = outcome.heard.reduce((sum, answer) => sum + answer.tokens, 0);
  const first = outcome.heard.flatMap(({ firstTokenMs }) => (firstTokenMs === null ? [] : [firstTokenMs]));
  const delays = outcome.heard.flatMap(({ delaysMs }) => delaysMs);
  const untold = use.server.agreed ? [] : ['the two CPU counters of the operating system disagree'];
  return {
    server: name,
    chats,
    microsPerToken: use.server.micros / tokens,
    firstTokenMs: { p50: percentile(first, 0.5), p99: percentile(first, 0.99) },
    delayMs: { p50: percentile(delays, 0.5), p99: percentile(delays, 0.99) },
    pace: paceOf(outcome),
    residentMiB,
    load: { server: use.server.share, double: use.double.share, client: use.client.share, lateMs },
    timedOut: outcome.timedOut,
    problems: [...problemsOf(outcome), ...untold],
  };
}

/** Measures one row. Sockets, chats and subscriptions are there before it begins, and gone after it. */
export async function measure(stage: Stage, chats: number, spreadMs: number): Promise<Measured> {
  const { double, client } = stage;
  await client.call('prepare', loadOf(stage, chats, tokensPerSecond, spreadMs));
  await double.call('lateness');
  const window = await talkWhileWatched(stage);
  const lateMs = await double.call<number>('lateness');
  await client.call('leave');
  return { row: figuresOf(stage, chats, lateMs, window), profile: window.profile };
}
