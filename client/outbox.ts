/**
 * Lets the sends of one chat go out one after the other, in the order in which they were made, however often each has to
 * be repeated: what was written while the link was down arrives as it was written. Chats do not wait for each other.
 */
export class Outbox {
  /** Of each chat with sends under way, the end of the last of them; none rejects. */
  readonly #ends = new Map<string, Promise<void>>();

  /** Rejects with the signal's reason as soon as it aborts, waiting or not; the next one then follows at its turn. */
  async inTurn<Output>(chatId: string, signal: AbortSignal, send: () => Promise<Output>): Promise<Output> {
    const before = this.#ends.get(chatId);
    const sent = before ? untilEnded(before, signal).then(send) : send();
    const end = Promise.allSettled([before, sent]).then(() => {
      if (this.#ends.get(chatId) === end) this.#ends.delete(chatId);
    });
    this.#ends.set(chatId, end);
    return sent;
  }
}

function untilEnded(end: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(signal.reason as Error);
    if (signal.aborted) return abort();
    signal.addEventListener('abort', abort, { once: true });
    void end.then(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    });
  });
}
