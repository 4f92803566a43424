import type { ServerName } from './servers/roster.ts';

/** The rows that others are compared with. */
export const controls = ['langchain', 'agent'] as const satisfies readonly ServerName[];
export type Control = (typeof controls)[number];

/** What one measurement of one server with so many chats found. */
export interface Figures {
  readonly server: ServerName;
  readonly chats: number;
  /** Of the server, user and system, for each token that arrived. */
  readonly microsPerToken: number;
  /** `microsPerToken` relative to these controls in the same round; null where they were not measured. */
  readonly ratio: Readonly<Record<Control, number | null>>;
  readonly firstTokenMs: { readonly p50: number; readonly p99: number };
  /** From the provider's sending of a token to its arrival. */
  readonly delayMs: { readonly p50: number; readonly p99: number };
  /** 1: the last token came as long after the provider's first as the provider meant it to. */
  readonly pace: number;
  readonly residentMiB: number;
  /** Shares of one core, and how late the double was (milliseconds, 99 of 100 tokens). */
  readonly load: { readonly server: number; readonly double: number; readonly client: number; readonly lateMs: number };
  /** The time limit came first; what had arrived by then is what was counted. */
  readonly timedOut: boolean;
  /** Wrong answers, in words. */
  readonly problems: readonly string[];
}

export function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;
}

export const median = (values: readonly number[]): number => {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
};

/** The median of each figure over several rounds of the same row. */
export function combine(rounds: readonly Figures[]): Figures {
  const [first] = rounds;
  if (first === undefined) throw new Error('bench: expected at least one round of a row, got none');
  const middle = (pick: (figures: Figures) => number): number => median(rounds.map(pick));
  const ratioTo = (control: Control): number | null => {
    const known = rounds.map(({ ratio }) => ratio[control]).filter((ratio) => ratio !== null);
    return known.length === 0 ? null : median(known);
  };
  return {
    server: first.server,
    chats: first.chats,
    microsPerToken: middle((row) => row.microsPerToken),
    ratio: { langchain: ratioTo('langchain'), agent: ratioTo('agent') },
    firstTokenMs: { p50: middle((row) => row.firstTokenMs.p50), p99: middle((row) => row.firstTokenMs.p99) },
    delayMs: { p50: middle((row) => row.delayMs.p50), p99: middle((row) => row.delayMs.p99) },
    pace: middle((row) => row.pace),
    residentMiB: middle((row) => row.residentMiB),
    load: {
      server: middle((row) => row.load.server),
      double: middle((row) => row.load.double),
      client: middle((row) => row.load.client),
      lateMs: middle((row) => row.load.lateMs),
    },
    timedOut: rounds.some((row) => row.timedOut),
    problems: rounds.flatMap((row) => row.problems),
  };
}
