import type { Store, TokensWanted } from '../db/store.ts';
import { SwitchboardError } from '../shared/errors.ts';
import type { UserId } from '../shared/ids.ts';
import type { DailyBudget } from '../shared/usage.ts';

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

  /** How much of today is used or set aside. */
  async today(userId: UserId): Promise<DailyBudget> {
    const { store, dailyTokens: tokens } = this.#options;
    const [now, spent] = [this.#now(), await store.spentTokens(userId)];
    return { day: dayOf(now), tokens, spent, endsAt: new Date(nextDay(now)).toISOString() };
  }

  /** Sets tokens aside for the call that is open, and says how many. Errors: `BUDGET_EXCEEDED` when too little is left. */
  async reserve(userId: UserId, wanted: Omit<TokensWanted, 'budget'>): Promise<number> {
    const { store, dailyTokens: budget } = this.#options;
    const { granted, spent } = await store.reserveTokens(userId, { ...wanted, budget });
    if (granted === 0) throw this.#exceeded(spent);
    return granted;
  }

  #exceeded(spent: number): SwitchboardError {
    const { dailyTokens: limit } = this.#options;
    const now = this.#now();
    const next = nextDay(now);
    const message =
      `of today's ${limit} tokens ${spent} are used or set aside, and too few are left; ` +
      `there are new ones at ${new Date(next).toISOString()}`;
    return new SwitchboardError('BUDGET_EXCEEDED', message, { details: { limit, retryAfterMs: next - now } });
  }

  #now(): number {
    const { clock = Date.now } = this.#options;
    return clock();
  }
}

function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

function nextDay(ms: number): number {
  return (Math.floor(ms / dayMs) + 1) * dayMs;
}
