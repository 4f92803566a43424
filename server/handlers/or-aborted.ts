import { once } from 'node:events';

/** What is wanted, or the reason of the signal as soon as it aborts; what was wanted goes on by itself then. */
export async function orAborted<Value>(wanted: Promise<Value>, signal: AbortSignal): Promise<Value> {
  // Where the signal was first, nobody is told what became of it.
  wanted.catch(() => undefined);
  signal.throwIfAborted();
  const left = new AbortController();
  const aborted = once(signal, 'abort', { signal: left.signal }).then(() => Promise.reject(signal.reason as Error));
  // Nobody waits for it any more when the other one was first.
  aborted.catch(() => undefined);
  try {
    return await Promise.race([wanted, aborted]);
  } finally {
    left.abort();
  }
}
