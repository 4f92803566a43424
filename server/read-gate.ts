import { setImmediate as nextTurn } from 'node:timers/promises';

/** Gives a place back; twice is once. */
export type LeaveGate = () => void;

interface ReadGateOptions {
  /** How many may be inside at once. */
  readonly places: number;
  /** Undefined while the connection's socket takes more. */
  readonly drained: () => Promise<void> | undefined;
  /** Aborts when the connection is gone. */
  readonly signal: AbortSignal;
}

/**
 * Lets those in who are going to read much for one connection: a few at once, and none while its socket is full. So a
 * connection that asks for everything and reads nothing makes the server hold no more than a few answers.
 *
 * In the order in which they come, one in each turn of the loop, so that what the one before has written counts.
 */
export class ReadGate {
  readonly #options: ReadGateOptions;
  #waiting: ((leave: LeaveGate | null) => void)[] = [];
  #inside = 0;
  #isAdmitting = false;

  constructor(options: ReadGateOptions) {
    this.#options = options;
    options.signal.addEventListener('abort', () => this.#turnAway(), { once: true });
  }

  /** Resolves with what gives the place back; null when the connection is gone. */
  async enter(): Promise<LeaveGate | null> {
    const { places, drained, signal } = this.#options;
    if (signal.aborted) return null;
    if (this.#inside < places && this.#waiting.length === 0 && !drained()) return this.#admit();
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      void this.#admitWaiting();
    });
  }

  async #admitWaiting(): Promise<void> {
    if (this.#isAdmitting) return;
    this.#isAdmitting = true;
    const { places, drained } = this.#options;
    while (this.#inside < places && this.#waiting.length > 0) {
      const full = drained();
      if (full) await full;
      else this.#waiting.shift()?.(this.#admit());
      await nextTurn();
    }
    this.#isAdmitting = false;
  }

  #admit(): LeaveGate {
    this.#inside += 1;
    let isInside = true;
    return () => {
      if (!isInside) return;
      isInside = false;
      this.#inside -= 1;
      // A turn later, when what was read has been written.
      if (this.#waiting.length > 0) setImmediate(() => void this.#admitWaiting());
    };
  }

  #turnAway(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve(null);
  }
}
