/**
 * Everything of `source` until it ends or `signal` aborts, when it throws what the signal was aborted with: at once,
 * even if the source hangs. The source is then told to stop, and not waited for.
 */
export async function* untilAborted<Item>(source: AsyncIterable<Item>, signal: AbortSignal): AsyncGenerator<Item> {
  signal.throwIfAborted();
  const iterator = source[Symbol.asyncIterator]();
  let interrupt: (reason: unknown) => void = () => undefined;
  const abort = (): void => interrupt(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  let done = false;
  try {
    while (!done) {
      // A promise of its own for each item: racing one promise of the signal would leave a reaction on it each time.
      const next = await new Promise<IteratorResult<Item>>((resolve, reject) => {
        interrupt = reject;
        iterator.next().then(resolve, reject);
      });
      signal.throwIfAborted();
      done = next.done === true;
      if (!next.done) yield next.value;
    }
  } finally {
    signal.removeEventListener('abort', abort);
    if (!done) void Promise.resolve(iterator.return?.()).catch(() => undefined);
  }
}
