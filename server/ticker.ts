/**
 * One timer for everybody who can wait a moment, so that a thousand streams do not need a thousand timers.
 *
 * A period is divided into phases and every reader has its own, so that they don't all write in the same millisecond.
 * The timer runs only while somebody waits.
 */
export class Ticker {
  readonly periodMs: number;
  readonly #buckets: Set<() => void>[];
  #timer: NodeJS.Timeout | null = null;
  #phase = 0;
  #nextPhase = 0;

  /** @param periodMs what a reader waits at most: 20 frames a second look fluent, and each carries several tokens of most
   * models. A frame is a system call, which costs more than everything that we do for its tokens */
  constructor(periodMs = 50, phases = 8) {
    this.periodMs = periodMs;
    this.#buckets = Array.from({ length: phases }, () => new Set());
  }

  /** A phase for a new reader, spread evenly. */
  assignPhase(): number {
    this.#nextPhase = (this.#nextPhase + 1) % this.#buckets.length;
    return this.#nextPhase;
  }

  /** Calls once, when the phase comes round next; the returned function takes that back. */
  once(phase: number, call: () => void): () => void {
    const bucket = this.#buckets[phase % this.#buckets.length];
    bucket?.add(call);
    this.#timer ??= setInterval(() => this.#tick(), this.periodMs / this.#buckets.length);
    return () => {
      bucket?.delete(call);
      this.#stopIfIdle();
    };
  }

  #tick(): void {
    this.#phase = (this.#phase + 1) % this.#buckets.length;
    const due = this.#buckets[this.#phase];
    if (!due || due.size === 0) return;
    const calls = [...due];
    due.clear();
    for (const call of calls) call();
    this.#stopIfIdle();
  }

  #stopIfIdle(): void {
    if (this.#timer === null || this.#buckets.some((bucket) => bucket.size > 0)) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }
}
