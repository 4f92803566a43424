/**
 * Milliseconds that all streams together may work in one turn of the event loop; then everything else has its turn. With
 * less, of two hundred runs that start together none shows its first token before the last of them is recorded.
 */
const turnMs = 8;

/** What a stream that was waited for may deliver in one go: a message that starts a run is four entries and a token. */
const stepsAtOnce = 6;

interface Waiting {
  readonly stream: object;
  readonly resolve: () => void;
}

/**
 * Shares the event loop among all streams and everything else: however many of them have however much to deliver, what
 * comes in is read in between.
 */
export class FeedTurns {
  readonly #now: () => number;
  readonly #waiting: Waiting[] = [];
  /** Who was woken last, and how many steps it may go on before those who wait. */
  #current: { readonly stream: object; left: number } | null = null;
  /** Null before anybody has worked in this turn. */
  #startedAt: number | null = null;

  /** @param now milliseconds */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /**
   * Undefined while this stream may go on in this turn; otherwise resolves in a later one, in the order of asking.
   * Whoever was waited for goes on for a few steps: were it one for each, the first of many would be done when all are.
   */
  next(stream: object): Promise<void> | undefined {
    if ((this.#waiting.length === 0 || this.#goesOn(stream)) && this.#hasTime()) return undefined;
    return new Promise((resolve) => {
      this.#waiting.push({ stream, resolve });
      setImmediate(this.#wakeFirst);
    });
  }

  /** Once for each who waits: whoever is woken works before the next is, so that what it took is known. */
  readonly #wakeFirst = (): void => {
    if (!this.#hasTime()) {
      setImmediate(this.#wakeFirst);
      return;
    }
    const first = this.#waiting.shift();
    if (!first) return;
    this.#current = { stream: first.stream, left: stepsAtOnce - 1 };
    first.resolve();
  };

  readonly #endTurn = (): void => {
    this.#startedAt = null;
  };

  #goesOn(stream: object): boolean {
    if (this.#current?.stream !== stream) return false;
    this.#current.left -= 1;
    return this.#current.left >= 0;
  }

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
