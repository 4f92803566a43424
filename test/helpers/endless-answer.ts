import { setTimeout as delay } from 'node:timers/promises';

/** An answer that goes on, a word each five milliseconds, until somebody stops it. */
export async function* endless(signal: AbortSignal): AsyncGenerator<string, void> {
  for (let word = 0; !signal.aborted; word += 1) {
    yield `word ${word} `;
    await delay(5);
  }
}
