/** Milliseconds that all streams together may work in one turn of the event loop; then everything else has its turn. */
const turnMs = 5;

/**
 * Shares the event loop among all streams and everything else: however many of them have however much to deliver, what
 * comes in is read in between.
 */
export class FeedTurns {
  readonly #now: () => number;
  readonly #waiting: (() => void)[] = [];
  /** Null before anybody has worked in this turn. */
  #startedAt: number | null = null;

  /** @param now milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Undefined while there is time left in this turn; otherwise resolves in a later one, in the order of asking. */
  next(): Promise<void> | undefined {
    if (this.#waiting.length === 0 && this.#hasTime()) return undefined;
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      setImmediate(this.#wakeFirst);
    });
  }

  /** Once for each who waits: whoever is woken works before the next is, so that what it took is known. */
  readonly #wakeFirst = (): void => {
    if (this.#hasTime()) this.#waiting.shift()?.();
    else setImmediate(this.#wakeFirst);
  };

  readonly #endTurn = (): void => {
    this.#startedAt = null;
  };

  #hasTime(): boolean {
    const now = this.#now();
    if (this.#startedAt === null) {
      this.#startedAt = now;
      // The first may come before the loop has looked at its sockets, when one of them is why somebody works; the second
      // comes after. Both come before all of those who wait for the next turn: none of them asks for it before now.
      setImmediate(() => setImmediate(this.#endTurn));
    }
    return now - this.#startedAt < turnMs;
  }
}
