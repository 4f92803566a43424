import type { ChatLogEntry } from '../db/store.ts';
import type { Ticker } from './ticker.ts';

/**
 * One stream's way of waiting for more.
 *
 * A first token wakes it at once; one that was just woken by a token waits for its phase of the ticker, so that its next
 * frame carries several. What is durable always wakes at once.
 */
export class FeedReader {
  /** Entries that had to be read from the database, because this reader was further behind than memory reaches. Not kept while it waits. */
  backlog: ChatLogEntry[] = [];
  readonly #ticker: Ticker;
  readonly #phase: number;
  #resolve: (() => void) | null = null;
  #cancelTick: (() => void) | null = null;
  #lastContent = Number.NEGATIVE_INFINITY;

  constructor(ticker: Ticker) {
    this.#ticker = ticker;
    this.#phase = ticker.assignPhase();
  }

  /** Whether it has delivered all there was. */
  get isIdle(): boolean {
    return this.#resolve !== null && this.#cancelTick === null;
  }

  takeFromBacklog(seq: number): ChatLogEntry | undefined {
    const index = this.backlog.findIndex((entry) => entry.seq === seq);
    if (index < 0) return undefined;
    const entry = this.backlog[index];
    // What a run still has to say comes first, so the entry may be asked for again: only those before it are done with.
    this.backlog.splice(0, index);
    return entry;
  }

  /** Resolves at the next wake. Call it in the same turn in which nothing was found, or a wake is missed. */
  wait(): Promise<void> {
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** There is more content: at once, or with the ticker when the last wake for content is less than a tick ago. */
  wake(): void {
    if (!this.#resolve || this.#cancelTick) return;
    if (performance.now() - this.#lastContent >= this.#ticker.periodMs) this.#wakeForContent();
    else this.#cancelTick = this.#ticker.once(this.#phase, this.#wakeForContent);
  }

  /** There is something that does not wait: an entry of the chat log, or the end of the stream. */
  readonly wakeNow = (): void => {
    this.#cancelTick?.();
    this.#cancelTick = null;
    const resolve = this.#resolve;
    this.#resolve = null;
    resolve?.();
  };

  readonly #wakeForContent = (): void => {
    this.#lastContent = performance.now();
    this.wakeNow();
  };

  /** Leaves nothing behind; whoever waits goes on, and finds that the stream has ended. */
  close(): void {
    this.wakeNow();
  }
}
