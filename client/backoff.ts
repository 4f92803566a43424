/** How many milliseconds to wait before the next try, after this many failures in a row (1 is the first). */
export type Backoff = (failures: number) => number;

/** Milliseconds below which the first wait falls; each further failure doubles it. */
const baseMs = 250;

/** Milliseconds above which no wait goes: a person who looks at "reconnecting" will not wait longer. */
const capMs = 10_000;

/**
 * Full jitter: anywhere between nothing and a bound that doubles up to its cap, so that clients which were cut off
 * together do not come back together.
 *
 * @param random from 0 to just below 1
 */
export function fullJitter(random: () => number): Backoff {
  return (failures) => Math.floor(random() * Math.min(capMs, baseMs * 2 ** (failures - 1)));
}

/** Resolves after `ms` milliseconds; rejects with the signal's reason when it aborts first. Leaves no listener. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason as Error);
      return;
    }
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal.reason as Error);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    }, ms);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}
