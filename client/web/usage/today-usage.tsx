import { useId } from 'react';
import type { AccountUsage, DailyBudget } from '../../../shared/usage.ts';
import { numberWords } from './number-words.ts';

/** What was used today, as UTC counts it, against the budget where there is one. */
export function TodayUsage({ usage }: { readonly usage: AccountUsage }) {
  const { budget, days, to } = usage;
  const used = days
    .filter(({ day }) => day === to)
    .reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0);
  return (
    <div className="usage-today">
      <h2>Today</h2>
      {budget ? (
        <Budget budget={budget} />
      ) : (
        <p>{used === 0 ? 'Nothing was used yet.' : `${numberWords(used)} tokens. There is no daily budget.`}</p>
      )}
    </div>
  );
}

function Budget({ budget: { tokens, spent, endsAt } }: { readonly budget: DailyBudget }) {
  const words = useId();
  const isOver = spent >= tokens;
  return (
    <>
      <p id={words} className={isOver ? 'problem' : undefined}>
        {numberWords(spent)} of {numberWords(tokens)} tokens are used or set aside
        {isOver ? ': no more answers until ' : '; there are new ones at '}
        <time dateTime={endsAt}>{timeOf(endsAt)}</time>.
      </p>
      <meter aria-labelledby={words} min={0} max={tokens} high={tokens * 0.9} value={Math.min(spent, tokens)} />
    </>
  );
}

/** Where the reader is. */
function timeOf(iso: string): string {
  return new Date(iso).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
}
