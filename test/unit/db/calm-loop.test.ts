import { expect, test } from 'vitest';
import { calmLoop } from '../../../db/calm-loop.ts';

/** A clock that each turn of the event loop moves on by the next of these milliseconds, the last of them for ever. */
function busyLoop(...turnsMs: number[]) {
  let time = 0;
  let turns = 0;
  let isOver = false;
  const turn = (): void => {
    if (isOver) return;
    time += turnsMs[Math.min(turns, turnsMs.length - 1)] ?? 0;
    turns += 1;
    setImmediate(turn);
  };
  setImmediate(turn);
  return { now: () => time, turns: () => turns, [Symbol.dispose]: () => void (isOver = true) };
}

test('[STO-29] a loop that has nothing to do is calm after one turn', async () => {
  using loop = busyLoop(0);
  await calmLoop(loop.now);
  expect(loop.turns()).toBe(1);
});

test('[STO-29] a busy loop is waited for until a turn is short', async () => {
  using loop = busyLoop(12, 9, 5, 1, 12);
  await calmLoop(loop.now);
  expect(loop.turns()).toBe(4);
});

test('[STO-29] a loop that is busy for ever is waited for 50 ms', async () => {
  using loop = busyLoop(10);
  await calmLoop(loop.now);
  expect(loop.turns()).toBe(5);
});
