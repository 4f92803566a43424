/**
 * How many may be at work at once. Others wait, each behind what is its own: who comes next is taken from another owner's line
 * each time, so whoever has many waiting costs everybody else one turn.
 */
export class Places {
  /** By owner; the first of them is next. */
  readonly #lines = new Map<string, (() => void)[]>();
  #free: number;

  constructor(places: number) {
    this.#free = places;
  }

  /**
   * What leaves the place again; twice is once. Errors: the reason of the signal, which also takes back the wish.
   */
  async take(owner: string, signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#free > 0) this.#free -= 1;
    else await this.#next(owner, signal);
    let isTaken = true;
    return () => {
      if (isTaken) this.#leave();
      isTaken = false;
    };
  }

  #next(owner: string, signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const taken = () => {
        signal.removeEventListener('abort', aborted);
        resolve();
      };
      const aborted = () => {
        this.#setLine(
          owner,
          this.#lineOf(owner).filter((one) => one !== taken),
        );
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', aborted, { once: true });
      this.#setLine(owner, [...this.#lineOf(owner), taken]);
    });
  }

  #leave(): void {
    const [owner, [next, ...others]] = this.#lines.entries().next().value ?? ['', []];
    if (!next) {
      this.#free += 1;
      return;
    }
    // Whoever else waits comes before the next one of this owner.
    this.#lines.delete(owner);
    this.#setLine(owner, others);
    next();
  }

  #lineOf(owner: string): readonly (() => void)[] {
    return this.#lines.get(owner) ?? [];
  }

  #setLine(owner: string, line: (() => void)[]): void {
    if (line.length === 0) this.#lines.delete(owner);
    else this.#lines.set(owner, line);
  }
}
