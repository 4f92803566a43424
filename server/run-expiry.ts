import type { Change, Store } from '../db/store.ts';
import type { ChatId, UserId } from '../shared/ids.ts';
import type { Logger } from './logger.ts';

export interface RunExpiryOptions {
  readonly store: Pick<Store, 'expireInputs'>;
  readonly logger: Logger;
  readonly onExpired: (chatId: ChatId, change: Change) => void;
  /** A run of this chat is due, perhaps because of that. */
  readonly onDue: (chatId: ChatId, userId: UserId) => void;
  /** Milliseconds since 1970, for tests. */
  readonly now?: () => number;
}

/** Until the next look while the database is away. */
const retryMs = 5_000;
/** The longest wait: a timer takes no more than 24 days, and the clock may be set. */
const longestMs = 3_600_000;

/**
 * Lets runs go on whose question nobody has answered in time. One timer for all of them, for the next one: what waits
 * is in the database, and is looked up there at the start and whenever the timer rings.
 */
export class RunExpiry {
  readonly #options: RunExpiryOptions;
  readonly #now: () => number;
  #timer: NodeJS.Timeout | null = null;
  #ringsAt = Number.POSITIVE_INFINITY;
  #looking: Promise<void> | null = null;
  #isClosed = false;

  constructor(options: RunExpiryOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Settles what has expired by now, also while no process ran, and waits for the rest. Never rejects. */
  look(): Promise<void> {
    this.#looking ??= this.#settle().finally(() => {
      this.#looking = null;
    });
    return this.#looking;
  }

  /** A question was asked whose time is over then. */
  readonly note = (at: string): void => {
    this.#ringAt(Date.parse(at));
  };

  /** Waits for what is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    if (this.#timer) clearTimeout(this.#timer);
    await this.#looking;
  }

  async #settle(): Promise<void> {
    this.#ringsAt = Number.POSITIVE_INFINITY;
    const { logger, onDue, onExpired, store } = this.#options;
    try {
      const { expired, due, nextAt } = await store.expireInputs();
      for (const { chatId, ...change } of expired) onExpired(chatId, change);
      for (const { chatId, userId } of due) onDue(chatId, userId);
      if (expired.length > 0) logger.info({ expired: expired.length }, 'questions have expired');
      if (nextAt !== null) this.note(nextAt);
    } catch (error) {
      logger.warn({ err: error }, 'questions that have expired could not be looked up; trying again');
      this.#ringAt(this.#now() + retryMs);
    }
  }

  #ringAt(at: number): void {
    if (this.#isClosed || at >= this.#ringsAt) return;
    if (this.#timer) clearTimeout(this.#timer);
    this.#ringsAt = at;
    const ms = Math.min(Math.max(at - this.#now(), 0), longestMs);
    this.#timer = setTimeout(() => void this.look(), ms);
  }
}
