import { addUsage } from '../../../shared/add-usage.ts';
import type { Usage } from '../../../shared/message.ts';

/** What several have used together; null for none. */
export function sumOfUsage(usages: Iterable<Usage>): Usage | null {
  let sum: Usage | null = null;
  for (const usage of usages) sum = sum ? addUsage(sum, usage) : usage;
  return sum;
}
