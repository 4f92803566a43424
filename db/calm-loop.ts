import { setImmediate as nextTurn } from 'node:timers/promises';

/** Milliseconds: a turn of the event loop that takes less has found little to do. */
const calmMs = 2;

/** Milliseconds that are waited for calm at most: while everything is busy, so that whoever waits has a share too. */
const patienceMs = 50;

/** Resolves after a turn of the event loop in which little was done, at once where nobody else wants it. */
export async function calmLoop(now: () => number = () => performance.now()): Promise<void> {
  const giveUpAt = now() + patienceMs;
  for (let begin = now(); begin < giveUpAt;) {
    await nextTurn();
    const end = now();
    if (end - begin < calmMs) return;
    begin = end;
  }
}
