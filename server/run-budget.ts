import type { Store, TokensWanted } from '../db/store.ts';
import { SwitchboardError } from '../shared/errors.ts';
import type { UserId } from '../shared/ids.ts';

export interface RunBudgetOptions {
  readonly store: Pick<Store, 'spentTokens' | 'reserveTokens'>;
  /** For each user and day, as UTC counts it. */
  readonly dailyTokens: number;
  /** Milliseconds since 1970. */
  readonly clock?: () => number;
}

const dayMs = 86_400_000;

/** What each user's model calls may use in a day. Open calls count with what is set aside for them. */
export class RunBudget {
  readonly #options: RunBudgetOptions;

  constructor(options: RunBudgetOptions) {
    this.#options = options;
  }

  /** Errors: `BUDGET_EXCEEDED` when nothing is left of today. */
  async expectRoom(userId: UserId): Promise<void> {
    const { store, dailyTokens } = this.#options;
    const spent = await store.spentTokens(userId);
    if (spent >= dailyTokens) throw this.#exceeded(spent);
  }

  /** Sets tokens aside for the call that is open, and says how many. Errors: `BUDGET_EXCEEDED` when too little is left. */
  async reserve(userId: UserId, wanted: Omit<TokensWanted, 'budget'>): Promise<number> {
    const { store, dailyTokens: budget } = this.#options;
    const { granted, spent } = await store.reserveTokens(userId, { ...wanted, budget });
    if (granted === 0) throw this.#exceeded(spent);
    return granted;
  }

  #exceeded(spent: number): SwitchboardError {
    const { dailyTokens: limit, clock = Date.now } = this.#options;
    const now = clock();
    const next = (Math.floor(now / dayMs) + 1) * dayMs;
    const message =
      `of today's ${limit} tokens ${spent} are used or set aside, and too few are left; ` +
      `there are new ones at ${new Date(next).toISOString()}`;
    return new SwitchboardError('BUDGET_EXCEEDED', message, { details: { limit, retryAfterMs: next - now } });
  }
}
