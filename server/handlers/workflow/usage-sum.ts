import type { Usage } from '../../../shared/message.ts';

/** What several have used together; null for none. */
export function sumOfUsage(usages: Iterable<Usage>): Usage | null {
  let sum: Usage | null = null;
  for (const usage of usages) sum = sum ? added(sum, usage) : usage;
  return sum;
}

function added(one: Usage, other: Usage): Usage {
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    source: one.source === other.source ? one.source : 'estimated',
  };
}
