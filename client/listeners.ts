/** Whoever wants to hear of a change. One that throws is reported like any uncaught error, and the others still hear. */
export class Listeners {
  readonly #listeners = new Set<() => void>();

  /** Returns what ends it. One function that was added twice is two listeners. */
  add(listener: () => void): () => void {
    const own = (): void => listener();
    this.#listeners.add(own);
    return () => void this.#listeners.delete(own);
  }

  notify(): void {
    for (const listener of this.#listeners) {
      try {
        listener();
      } catch (error) {
        setTimeout(() => {
          throw error;
        });
      }
    }
  }
}
