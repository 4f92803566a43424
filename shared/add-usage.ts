import type { Usage } from './message.ts';

/** What two calls, or two stretches, have used together; `reported` only where both were. */
export function addUsage(one: Usage, other: Usage): Usage {
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    source: one.source === 'reported' ? other.source : 'estimated',
  };
}
