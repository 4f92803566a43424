/** The writable side of a socket, as far as it tells whether it is full. */
interface Writable {
  readonly writableNeedDrain?: boolean;
  once(event: 'drain', listener: () => void): unknown;
  off(event: 'drain', listener: () => void): unknown;
}

interface DrainOptions {
  /** Aborts when the socket is gone. */
  readonly signal: AbortSignal;
  /** Milliseconds that the socket may stay full. */
  readonly stalledMs: number;
  readonly onStalled: () => void;
}

/**
 * Asked, it is undefined while the socket takes more; otherwise a promise that resolves when it does again or is gone.
 * Whoever waits for one socket waits together: one listener, whatever their number.
 */
export function drainOf(writable: Writable, options: DrainOptions): () => Promise<void> | undefined {
  let waiting: Promise<void> | undefined;
  return () => {
    if (writable.writableNeedDrain !== true || options.signal.aborted) return undefined;
    waiting ??= untilDrained(writable, options).finally(() => {
      waiting = undefined;
    });
    return waiting;
  };
}

function untilDrained(writable: Writable, { signal, stalledMs, onStalled }: DrainOptions): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(onStalled, stalledMs);
    const done = () => {
      clearTimeout(timer);
      writable.off('drain', done);
      signal.removeEventListener('abort', done);
      resolve();
    };
    writable.once('drain', done);
    signal.addEventListener('abort', done, { once: true });
  });
}
