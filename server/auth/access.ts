import { SwitchboardError } from '../../shared/errors.ts';
import type { Access, Identity, User } from '../connection.ts';

/** Milliseconds that a timer can be set to at most; a longer one would end at once. */
const longestTimerMs = 2 ** 31 - 1;

/** Once it has ended it stays ended. Its timer and listeners go with the connection. */
export class TokenAccess implements Access {
  readonly #ended = new AbortController();
  readonly #gone: AbortSignal;
  readonly #now: () => number;
  readonly #end = () => this.#ended.abort();
  #identity: Identity | null = null;
  #timer: NodeJS.Timeout | undefined;

  /**
   * @param identity null: nobody's token
   * @param gone aborts when the connection is closed
   * @param now milliseconds since 1970, for tests
   */
  constructor(identity: Identity | null, gone: AbortSignal, now: () => number = Date.now) {
    this.#gone = gone;
    this.#now = now;
    if (identity) this.#take(identity);
    gone.addEventListener('abort', () => this.#release(), { once: true });
  }

  get user(): User | null {
    return this.ended.aborted || this.#hasExpired() ? null : (this.#identity?.user ?? null);
  }

  /** Never aborts for a connection that began without a user. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  get expiresInMs(): number | null {
    const expiresAt = this.#identity?.expiresAt ?? null;
    return expiresAt === null ? null : Math.max(0, expiresAt - this.#now());
  }

  renew(identity: Identity | null): void {
    if (this.user === null || identity?.user.id !== this.user.id) {
      throw new SwitchboardError('UNAUTHENTICATED', 'expected a valid token of the user whose connection this is');
    }
    this.#release();
    this.#take(identity);
  }

  #take(identity: Identity): void {
    this.#identity = identity;
    if (this.#gone.aborted) return;
    if (identity.revoked?.aborted === true) this.#end();
    else identity.revoked?.addEventListener('abort', this.#end);
    this.#await();
  }

  #release(): void {
    clearTimeout(this.#timer);
    this.#identity?.revoked?.removeEventListener('abort', this.#end);
  }

  #await(): void {
    const leftMs = this.expiresInMs;
    if (leftMs === null) return;
    if (leftMs === 0) this.#end();
    else this.#timer = setTimeout(() => this.#await(), Math.min(leftMs, longestTimerMs));
  }

  #hasExpired(): boolean {
    return this.expiresInMs === 0;
  }
}
