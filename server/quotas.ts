import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { SwitchboardError } from '../shared/errors.ts';
import type { UserId } from '../shared/ids.ts';
import type { Limits } from '../shared/limits.ts';

type QuotaLimits = Pick<Limits, 'connectionsPerUser' | 'sendsPerMinute' | 'uploadsPerHour' | 'uploadBytesPerHour'>;

const minute = 60;
const hour = 3_600;

/** Milliseconds after which another connection may be tried: an old one may have been found dead by then. */
const connectionRetryMs = 5_000;

/** What one user may use of this process, over all of their connections together. */
export class Quotas {
  readonly #limits: QuotaLimits;
  readonly #connections = new Map<UserId, number>();
  readonly #sends: RateLimiterMemory;
  readonly #uploads: RateLimiterMemory;
  readonly #uploadBytes: RateLimiterMemory;

  constructor(limits: QuotaLimits) {
    this.#limits = limits;
    this.#sends = new RateLimiterMemory({ points: limits.sendsPerMinute, duration: minute });
    this.#uploads = new RateLimiterMemory({ points: limits.uploadsPerHour, duration: hour });
    this.#uploadBytes = new RateLimiterMemory({ points: limits.uploadBytesPerHour, duration: hour });
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
  takeSend(userId: UserId): Promise<void> {
    return take(this.#sends, userId, 1, {
      limit: this.#limits.sendsPerMinute,
      what: 'messages of one user in a minute',
    });
  }

  /** Counts a file that is going to be uploaded. Errors: `RATE_LIMITED` with the time until the hour is over. */
  takeUpload(userId: UserId): Promise<void> {
    return take(this.#uploads, userId, 1, { limit: this.#limits.uploadsPerHour, what: 'files of one user in an hour' });
  }

  /** Counts bytes of a file while they come. Errors: the same. */
  takeUploadBytes(userId: UserId, bytes: number): Promise<void> {
    const { uploadBytesPerHour: limit } = this.#limits;
    return take(this.#uploadBytes, userId, bytes, { limit, what: 'bytes of files of one user in an hour' });
  }

  #giveBack(userId: UserId): void {
    const left = (this.#connections.get(userId) ?? 0) - 1;
    if (left > 0) this.#connections.set(userId, left);
    else this.#connections.delete(userId);
  }
}

interface Quota {
  readonly limit: number;
  readonly what: string;
}

async function take(limiter: RateLimiterMemory, userId: UserId, points: number, { limit, what }: Quota): Promise<void> {
  try {
    await limiter.consume(userId, points);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    const retryAfterMs = Math.max(error.msBeforeNext, 1);
    const seconds = Math.ceil(retryAfterMs / 1_000);
    const message = `expected at most ${limit} ${what}; send again in ${seconds} s`;
    throw new SwitchboardError('RATE_LIMITED', message, { details: { limit, retryAfterMs } });
  }
}
