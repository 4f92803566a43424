/** Work that must not overlap: what has the same key is done one after the other, in the order in which it came. */
export class Turns<Key> {
  readonly #last = new Map<Key, Promise<unknown>>();

  /** Does the work when all that came before it under this key is done, however that ended. */
  async take<Result>(key: Key, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(key);
    const turn = before ? before.then(work, work) : work();
    this.#last.set(key, turn);
    try {
      return await turn;
    } finally {
      if (this.#last.get(key) === turn) this.#last.delete(key);
    }
  }

  /** Resolves when everything that has come until now is done. */
  async allDone(): Promise<void> {
    await Promise.allSettled(this.#last.values());
  }
}
