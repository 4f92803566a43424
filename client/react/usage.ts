/** Milliseconds that something stays open after its last user has left, so that coming back costs nothing. */
const lingerMs = 5_000;

/**
 * Counts who uses something, and calls `onUnused` once nobody has for `lingerMs`.
 *
 * React mounts, unmounts and mounts again within moments (StrictMode always does); that is one use, not two.
 */
export class Usage {
  readonly #onUnused: () => void;
  #users = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(onUnused: () => void) {
    this.#onUnused = onUnused;
  }

  get isUsed(): boolean {
    return this.#users > 0;
  }

  /** Returns what ends this use; twice is once. */
  begin(): () => void {
    let isOver = false;
    this.#users += 1;
    this.cancel();
    return () => {
      if (isOver) return;
      isOver = true;
      this.#users -= 1;
      this.expire();
    };
  }

  /** Begins the wait for `onUnused` where nobody uses it and none is under way. */
  expire(): void {
    if (this.isUsed) return;
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#onUnused();
    }, lingerMs);
  }

  /** Ends the wait. */
  cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
