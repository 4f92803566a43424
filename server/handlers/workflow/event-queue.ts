interface Entry<Event> {
  readonly event: Event;
  /** Told when the reader asks for the next one; null: nobody waits for that. */
  readonly onTaken: (() => void) | null;
}

/**
 * What several produce at once, in one order, for one reader, until it ends. Whoever waits for `push` goes on when the reader is
 * done with the event; nobody has to.
 */
export class EventQueue<Event> {
  readonly #entries: Entry<Event>[] = [];
  #wake: (() => void) | null = null;
  #isEnded = false;
  #isLeft = false;

  push(event: Event): Promise<void> {
    if (this.#isLeft) return Promise.resolve();
    return new Promise((resolve) => this.#add({ event, onTaken: resolve }));
  }

  /** The same for those who do not wait. */
  readonly add = (event: Event): void => {
    this.#add({ event, onTaken: null });
  };

  /** No more comes; what is there is still read. */
  readonly end = (): void => {
    this.#isEnded = true;
    this.#wake?.();
  };

  async *read(): AsyncGenerator<Event, void, void> {
    try {
      for (;;) {
        for (let entry = this.#entries.shift(); entry; entry = this.#entries.shift()) {
          try {
            yield entry.event;
          } finally {
            entry.onTaken?.();
          }
        }
        if (this.#isEnded) return;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
        this.#wake = null;
      }
    } finally {
      this.#leave();
    }
  }

  /** Nobody reads any more: nobody waits for that. */
  #leave(): void {
    this.#isLeft = true;
    for (const { onTaken } of this.#entries.splice(0)) onTaken?.();
  }

  #add(entry: Entry<Event>): void {
    if (this.#isLeft) return;
    this.#entries.push(entry);
    this.#wake?.();
  }
}
