import type { Figures } from './figures.ts';
import type { ServerName } from './servers/roster.ts';

export type Verdict = 'held' | 'missed' | 'not measured';

export interface Goal {
  readonly text: string;
  readonly verdict: Verdict;
  /** What was found, to be read next to the goal. */
  readonly found: string;
}

const verdictOf = (value: number | null, holds: (value: number) => boolean): Verdict => {
  if (value === null) return 'not measured';
  return holds(value) ? 'held' : 'missed';
};

const shown = (value: number | null, suffix = ''): string => (value === null ? '-' : value.toFixed(3) + suffix);

/** Rows that a goal is judged by; they are worth measuring more than once. */
export const judgedChats: readonly number[] = [100, 200];

/** What `switchboard` was built to hold, judged by this run. */
export function judge(rows: readonly Figures[]): Goal[] {
  const row = (server: ServerName, chats: number): Figures | undefined =>
    rows.find((each) => each.server === server && each.chats === chats);
  const goals: Goal[] = [];
  for (const chats of judgedChats) {
    const ours = row('ours', chats);
    const pace = ours?.pace ?? null;
    const ratio = ours?.ratio.langchain ?? null;
    const control = row('langchain', chats);
    const later = ours && control ? ours.firstTokenMs.p50 - control.firstTokenMs.p50 : null;
    goals.push(
      { text: `${chats} chats: pace at least 0.98`, verdict: verdictOf(pace, (it) => it >= 0.98), found: shown(pace) },
      {
        text: `${chats} chats: CPU per token at most 1.4 x @langchain/openai`,
        verdict: verdictOf(ratio, (it) => it <= 1.4),
        found: shown(ratio, ' x'),
      },
      {
        text: `${chats} chats: first token at most 10 ms (p50) after @langchain/openai`,
        verdict: verdictOf(later, (it) => it <= 10),
        found: shown(later, ' ms'),
      },
    );
  }
  const share = row('ours', 100)?.ratio.agent ?? null;
  goals.push({
    text: '100 chats: CPU per token below 0.65 x createAgent',
    verdict: verdictOf(share, (it) => it < 0.65),
    found: shown(share, ' x'),
  });
  return goals;
}
