import { expect, test } from 'vitest';
import { ReadGate } from '../../../server/read-gate.ts';

function setUp(places = 2) {
  const gone = new AbortController();
  const socket = { full: null as PromiseWithResolvers<void> | null };
  const drained = () => socket.full?.promise;
  const gate = new ReadGate({ places, drained, signal: gone.signal });
  const inside: number[] = [];
  const leaves = new Map<number, () => void>();
  const enter = async (name: number): Promise<void> => {
    const leave = await gate.enter();
    if (!leave) return;
    inside.push(name);
    leaves.set(name, leave);
  };
  return { gate, gone, socket, inside, enter, leave: (name: number) => leaves.get(name)?.() };
}

/** Long enough for whoever can go in to be in. */
const settled = async () => {
  for (let turn = 0; turn < 10; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};

test('[LIM-6] only so many are inside at once, and the next in order goes in when one leaves', async () => {
  const { inside, enter, leave } = setUp(2);
  for (const name of [1, 2, 3, 4]) void enter(name);
  await settled();
  expect(inside).toEqual([1, 2]);
  leave(2);
  leave(2);
  await settled();
  expect(inside).toEqual([1, 2, 3]);
  leave(1);
  leave(3);
  await settled();
  expect(inside).toEqual([1, 2, 3, 4]);
});

test('[LIM-6] nobody goes in while the socket is full', async () => {
  const { inside, enter, leave, socket } = setUp(2);
  await enter(1);
  socket.full = Promise.withResolvers();
  void enter(2);
  leave(1);
  await settled();
  expect(inside).toEqual([1]);
  const { full } = socket;
  socket.full = null;
  full?.resolve();
  await settled();
  expect(inside).toEqual([1, 2]);
});

test('[LIM-6] whoever waits when the connection goes is turned away', async () => {
  const { gate, gone, enter } = setUp(1);
  await enter(1);
  const waiting = [gate.enter(), gate.enter()];
  await settled();
  gone.abort();
  expect(await Promise.all(waiting)).toEqual([null, null]);
  expect(await gate.enter()).toBe(null);
});
