import { setTimeout as wait } from 'node:timers/promises';
import type { HandlerEvent } from './handler.ts';

/**
 * What the work resolves to, with a sign of life each time that it has taken so long again.
 *
 * Errors: those of the work, which has to end by itself when nobody waits for it any more.
 */
export async function* aliveWhile<Value>(work: Promise<Value>, ms: number): AsyncGenerator<HandlerEvent, Value> {
  const settled = work.then(
    () => 'settled' as const,
    () => 'settled' as const,
  );
  const left = new AbortController();
  try {
    for (;;) {
      const beat = wait(ms, 'alive' as const, { signal: left.signal }).catch(() => 'alive' as const);
      if ((await Promise.race([settled, beat])) === 'settled') return await work;
      yield { type: 'alive' };
    }
  } finally {
    left.abort();
  }
}
