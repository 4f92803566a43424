import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { SwitchboardError } from '../shared/errors.ts';
import type { Limits } from '../shared/limits.ts';

type GuestLimits = Pick<Limits, 'guestConnections' | 'guestConnectionsPerAddress' | 'guestCallsPerMinute'>;

/** Milliseconds after which another connection may be tried. */
const connectionRetryMs = 5_000;

/**
 * Whoever connects without a token, where one is asked for: they may read what is shared under an id that they know, and
 * nothing else. All that is known of them is their address, so that is what they are counted by.
 */
export class Guests {
  readonly #limits: GuestLimits;
  readonly #connections = new Map<string, number>();
  readonly #calls: RateLimiterMemory;
  #count = 0;

  constructor(limits: GuestLimits) {
    this.#limits = limits;
    this.#calls = new RateLimiterMemory({ points: limits.guestCallsPerMinute, duration: 60 });
  }

  /** Counts a connection until its signal aborts. Returns what it is refused with where it is one too many. */
  takeConnection(address: string, signal: AbortSignal): SwitchboardError | null {
    if (signal.aborted) return null;
    const { guestConnections, guestConnectionsPerAddress } = this.#limits;
    const open = this.#connections.get(address) ?? 0;
    if (open >= guestConnectionsPerAddress) return tooMany(guestConnectionsPerAddress, 'from one address');
    if (this.#count >= guestConnections) return tooMany(guestConnections, 'together');
    this.#count += 1;
    this.#connections.set(address, open + 1);
    signal.addEventListener('abort', () => this.#giveBack(address), { once: true });
    return null;
  }

  /** Counts a call. Errors: `RATE_LIMITED` with the time until the minute is over that began with the first one. */
  async takeCall(address: string): Promise<void> {
    try {
      await this.#calls.consume(address);
    } catch (error) {
      if (!(error instanceof RateLimiterRes)) throw error;
      const { guestCallsPerMinute: limit } = this.#limits;
      const retryAfterMs = Math.max(error.msBeforeNext, 1);
      const message = `expected at most ${limit} calls without a token from one address in a minute`;
      throw new SwitchboardError('RATE_LIMITED', message, { details: { limit, retryAfterMs } });
    }
  }

  #giveBack(address: string): void {
    this.#count -= 1;
    const left = (this.#connections.get(address) ?? 0) - 1;
    if (left > 0) this.#connections.set(address, left);
    else this.#connections.delete(address);
  }
}

function tooMany(limit: number, of: string): SwitchboardError {
  const message = `expected at most ${limit} connections without a token ${of}; close one, or come with a token`;
  return new SwitchboardError('RATE_LIMITED', message, { details: { limit, retryAfterMs: connectionRetryMs } });
}
