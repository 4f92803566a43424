import { stat } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { FeedTurns } from '../../../server/feed-turns.ts';

test('[FEED-6] whoever works for long waits for the next turn, and everything else has its turn before', async () => {
  let now = 0;
  const turns = new FeedTurns(() => now);
  const order: string[] = [];
  const stream = {};
  expect(turns.next(stream)).toBe(undefined);
  now += 7;
  expect(turns.next(stream)).toBe(undefined);
  now += 1;
  const waited = turns.next(stream)?.then(() => order.push('stream'));
  expect(waited).not.toBe(undefined);
  setImmediate(() => order.push('other'));
  await waited;
  await nextTurn();
  expect(order.toSorted()).toEqual(['other', 'stream']);
});

test('[FEED-6] whoever works because something came in goes on only after the loop has looked at what else came in', async () => {
  let now = 0;
  const turns = new FeedTurns(() => now);
  let goesOn = false;
  const wentOn = await new Promise((resolve) => {
    stat('.', () => {
      void turns.next({});
      now += 8;
      void turns.next({})?.then(() => (goesOn = true));
      // Still before the loop looks at its sockets.
      setImmediate(() => resolve(goesOn));
    });
  });
  expect(wentOn).toBe(false);
  await vi.waitFor(() => expect(goesOn).toBe(true));
});

test('[FEED-6] many who have much to do go on in the order in which they came, a few milliseconds in each turn', async () => {
  let now = 0;
  let turn = 0;
  let isOver = false;
  const count = (): void => {
    turn += 1;
    if (!isOver) setImmediate(count);
  };
  const turns = new FeedTurns(() => now);
  const worked: { name: number; turn: number }[] = [];
  const stream = async (name: number): Promise<void> => {
    const self = {};
    for (let step = 0; step < 6; step += 1) {
      const wait = turns.next(self);
      if (wait) await wait;
      now += 3;
      worked.push({ name, turn });
    }
  };
  count();
  await Promise.all([0, 1, 2, 3, 4, 5].map(stream));
  isOver = true;
  const perTurn = Map.groupBy(worked, (work) => work.turn);
  // Three times three milliseconds are past the eight.
  for (const works of perTurn.values()) expect(works.length).toBeLessThanOrEqual(3);
  // Whoever is woken goes on while there is time; then it is behind the others.
  const inTurns = [...Map.groupBy(worked, (work) => work.turn).values()].map((works) => works.map(({ name }) => name));
  expect(inTurns).toEqual([0, 0, 1, 2, 3, 4, 5, 1, 2, 3, 4, 5].map((name) => [name, name, name]));
  await nextTurn();
  await nextTurn();
  expect(turns.next({})).toBe(undefined);
});
