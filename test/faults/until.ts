import { setTimeout as delay } from 'node:timers/promises';

/** Milliseconds between two looks. */
const everyMs = 5;

/** Resolves once the condition holds; rejects with what the reason says when it does not within the deadline. */
export async function until(condition: () => boolean, reason: () => string, deadlineMs: number): Promise<void> {
  const deadline = performance.now() + deadlineMs;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited ${deadlineMs} ms in vain: ${reason()}`);
    await delay(everyMs);
  }
}
