import { startChild } from './child.ts';
import { combine, type Control, type Figures } from './figures.ts';
import { judgedChats } from './goals.ts';
import { measure, warmUp, type Measured, type Stage } from './measure.ts';
import type { Options } from './options.ts';
import { profileReport } from './profile-report.ts';
import { connectProfiler, freePort, inspectFlags } from './profiler.ts';
import { roster } from './servers/roster.ts';

/** Where the bench tells what it does (`progress`, while it runs) and what it found besides the figures. */
export interface Listener {
  progress(line: string): void;
  report(text: string): void;
}

type Stops = (() => Promise<void>)[];
type Row = Measured['row'];

/** Starts and warms up everything; whatever was started is stopped by the caller through `stops`. */
async function setUp({ servers, profile }: Options, stops: Stops, listener: Listener): Promise<Stage[]> {
  const double = await startChild(new URL('double.ts', import.meta.url), {});
  stops.push(double.stop);
  const client = await startChild(new URL('load-client.ts', import.meta.url), {});
  stops.push(client.stop);
  const stages: Stage[] = [];
  for (const name of servers) {
    listener.progress(`start and warm up: ${roster[name].label}`);
    const port = profile ? await freePort() : null;
    const server = await roster[name].start(double.address, port === null ? [] : inspectFlags(port));
    stops.push(server.stop);
    const profiler = port === null ? null : await connectProfiler(port);
    if (profiler !== null) stops.push(async () => profiler.close());
    const stage = { double, client, name, server, profiler };
    await warmUp(stage);
    stages.push(stage);
  }
  return stages;
}

async function measureRow(stage: Stage, chats: number, { spreadMs }: Options, listener: Listener): Promise<Row> {
  const { label } = roster[stage.name];
  const { row, profile } = await measure(stage, chats, spreadMs);
  listener.progress(`${chats} chats, ${label}: ${row.microsPerToken.toFixed(1)} µs, pace ${row.pace.toFixed(3)}`);
  if (profile !== undefined)
    listener.report(`\n== ${label}, ${chats} chats${profileReport(profile, row.microsPerToken)}`);
  return row;
}

/** One row of every server, with their ratios. */
async function round(
  stages: readonly Stage[],
  chats: number,
  options: Options,
  listener: Listener,
): Promise<Figures[]> {
  const found: Row[] = [];
  for (const stage of stages) found.push(await measureRow(stage, chats, options, listener));
  const ratioTo = (row: Row, control: Control): number | null => {
    const other = found.find(({ server }) => server === control);
    return other === undefined ? null : row.microsPerToken / other.microsPerToken;
  };
  return found.map((row) => ({
    ...row,
    ratio: { langchain: ratioTo(row, 'langchain'), agent: ratioTo(row, 'agent') },
  }));
}

/** Measures every row; for each number of chats one server after the other, so that noise hits all alike. */
export async function runBench(options: Options, listener: Listener): Promise<Figures[]> {
  const stops: Stops = [];
  try {
    const stages = await setUp(options, stops, listener);
    const rows: Figures[] = [];
    for (const chats of options.chats) {
      const times = options.repeat ?? (judgedChats.includes(chats) && !options.profile ? 5 : 1);
      const rounds: Figures[][] = [];
      for (let count = 0; count < times; count += 1) rounds.push(await round(stages, chats, options, listener));
      rows.push(...stages.map(({ name }) => combine(rounds.flat().filter(({ server }) => server === name))));
    }
    return rows;
  } finally {
    await Promise.all(stops.map((stop) => stop()));
  }
}
