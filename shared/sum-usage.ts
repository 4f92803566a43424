import type { UsageTotal } from './usage.ts';

/** What these used together: `reported` only where all of it is. */
export function sumUsage(totals: readonly UsageTotal[]): UsageTotal {
  const sum = (of: 'calls' | 'inputTokens' | 'outputTokens') => totals.reduce((all, total) => all + total[of], 0);
  const isReported = totals.every(({ source }) => source === 'reported');
  return {
    calls: sum('calls'),
    inputTokens: sum('inputTokens'),
    outputTokens: sum('outputTokens'),
    source: isReported ? 'reported' : 'estimated',
  };
}
