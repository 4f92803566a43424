import type { Store } from '../db/store.ts';
import type { UserId } from '../shared/ids.ts';
import type { UsageRange } from '../shared/inputs.ts';
import type { AccountUsage } from '../shared/usage.ts';
import type { RunBudget } from './run-budget.ts';

/**
 * What a user's model calls have used, with what is left of today where there is a budget.
 *
 * Errors: `INVALID_INPUT` for a range that is none, or too long.
 */
export async function readAccountUsage(
  { store, budget }: { readonly store: Pick<Store, 'accountUsage'>; readonly budget?: RunBudget | undefined },
  userId: UserId,
  range: UsageRange,
): Promise<AccountUsage> {
  const usage = await store.accountUsage(userId, range);
  return budget ? { ...usage, budget: await budget.today(userId) } : usage;
}
