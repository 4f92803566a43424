import type { Figures } from './figures.ts';
import type { Goal } from './goals.ts';
import { tokensPerSecond } from './measure.ts';
import { roster } from './servers/roster.ts';

interface Column {
  readonly title: string;
  cell(row: Figures): string;
}

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;

/** A double that was later than the time between two tokens did not get the CPU it needs: others used the machine. */
const disturbedMs = 1_000 / tokensPerSecond;

function remark(row: Figures): string {
  if (row.problems.length > 0) return 'WRONG';
  if (row.timedOut) return 'time limit';
  return row.load.lateMs > disturbedMs ? 'disturbed' : '';
}

const columns: readonly Column[] = [
  { title: 'chats', cell: (row) => String(row.chats) },
  { title: 'server', cell: (row) => roster[row.server].label },
  { title: 'µs CPU/token', cell: (row) => row.microsPerToken.toFixed(1) },
  { title: 'x langchain', cell: (row) => row.ratio.langchain?.toFixed(2) ?? '-' },
  { title: '1st token p50 ms', cell: (row) => row.firstTokenMs.p50.toFixed(0) },
  { title: 'p99', cell: (row) => row.firstTokenMs.p99.toFixed(0) },
  { title: 'delay p50 ms', cell: (row) => row.delayMs.p50.toFixed(1) },
  { title: 'p99', cell: (row) => row.delayMs.p99.toFixed(0) },
  { title: 'pace', cell: (row) => row.pace.toFixed(3) },
  { title: 'RSS MiB', cell: (row) => row.residentMiB.toFixed(0) },
  { title: 'core: server', cell: (row) => percent(row.load.server) },
  { title: 'double', cell: (row) => percent(row.load.double) },
  { title: 'client', cell: (row) => percent(row.load.client) },
  { title: 'double late ms', cell: (row) => row.load.lateMs.toFixed(0) },
  { title: '', cell: remark },
];

function lines(cells: readonly (readonly string[])[]): string[] {
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => row[index]?.length ?? 0)));
  return cells.map((row) =>
    row
      .map((cell, index) => (index === 1 ? cell.padEnd(widths[index] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join('  '),
  );
}

/** The rows by number of chats, a blank line between, and the goals below. */
export function table(rows: readonly Figures[], goals: readonly Goal[]): string {
  const [title = '', ...body] = lines([
    columns.map((column) => column.title),
    ...rows.map((row) => columns.map((column) => column.cell(row))),
  ]);
  const spaced = body.map((line, index) => (rows[index]?.chats === rows[index - 1]?.chats ? line : `\n${line}`));
  const judged = goals.map((goal) => `  ${goal.verdict.padEnd(12)}  ${goal.text}: ${goal.found}`);
  return [title, ...spaced, '', 'Goals', ...judged].join('\n').replaceAll(/ +$/gm, '');
}
