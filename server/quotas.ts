import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { SwitchboardError } from '../shared/errors.ts';
import type { UserId } from '../shared/ids.ts';
import type { Limits } from '../shared/limits.ts';

type QuotaLimits = Pick<Limits, 'connectionsPerUser' | 'sendsPerMinute'>;

/** Milliseconds after which another connection may be tried: an old one may have been found dead by then. */
const connectionRetryMs = 5_000;

/** What one user may use of this process, over all of their connections together. */
export class Quotas {
  readonly #limits: QuotaLimits;
  readonly #connections = new Map<UserId, number>();
  readonly #sends: RateLimiterMemory;

  constructor(limits: QuotaLimits) {
    this.#limits = limits;
    this.#sends = new RateLimiterMemory({ points: limits.sendsPerMinute, duration: 60 });
  }

  /** Counts a connection until its signal aborts. Returns what it is refused with where it is one too many. */
  takeConnection(userId: UserId, signal: AbortSignal): SwitchboardError | null {
    if (signal.aborted) return null;
    const { connectionsPerUser: limit } = this.#limits;
    const open = this.#connections.get(userId) ?? 0;
    if (open >= limit) {
      const message = `expected at most ${limit} connections of one user; close one first`;
      return new SwitchboardError('RATE_LIMITED', message, { details: { limit, retryAfterMs: connectionRetryMs } });
    }
    this.#connections.set(userId, open + 1);
    signal.addEventListener('abort', () => this.#giveBack(userId), { once: true });
    return null;
  }

  /** Counts a message. Errors: `RATE_LIMITED` with the time until the minute is over that began with the first one. */
  async takeSend(userId: UserId): Promise<void> {
    try {
      await this.#sends.consume(userId);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      const { sendsPerMinute: limit } = this.#limits;
      const retryAfterMs = Math.max(error.msBeforeNext, 1);
      const seconds = Math.ceil(retryAfterMs / 1_000);
      const message = `expected at most ${limit} messages of one user in a minute; send again in ${seconds} s`;
      throw new SwitchboardError('RATE_LIMITED', message, { details: { limit, retryAfterMs } });
    }
  }

  #giveBack(userId: UserId): void {
    const left = (this.#connections.get(userId) ?? 0) - 1;
    if (left > 0) this.#connections.set(userId, left);
    else this.#connections.delete(userId);
  }
}
