import { expect, test } from 'vitest';
import { Places } from '../../../../../../server/handlers/workflow/sandbox/places.ts';

const never = new AbortController().signal;

/** Lets what was woken go on. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Who waits for one place in this order, and who has it in which. */
async function served(...owners: readonly string[]): Promise<string[]> {
  const places = new Places(1);
  const leaveFirst = await places.take('first', never);
  const had: string[] = [];
  const all = owners.map(async (owner) => {
    const leave = await places.take(owner, never);
    had.push(owner);
    leave();
  });
  leaveFirst();
  await Promise.all(all);
  return had;
}

test('[CODE-9] who has one waiting comes after one of everybody else, not after all of them', async () => {
  expect(await served('ann', 'ann', 'ann', 'ann', 'bob')).toEqual(['ann', 'bob', 'ann', 'ann', 'ann']);
  expect(await served('ann', 'ann', 'bob', 'bob', 'cat')).toEqual(['ann', 'bob', 'cat', 'ann', 'bob']);
  expect(await served('ann', 'ann', 'ann')).toEqual(['ann', 'ann', 'ann']);
});

test('[CODE-8] a wish that is taken back waits no more, and leaves no place behind that nobody has', async () => {
  const places = new Places(1);
  const leave = await places.take('ann', never);
  const stop = new AbortController();
  const gone = places.take('ann', stop.signal);
  const other = places.take('bob', never);
  stop.abort(new Error('stopped'));
  await expect(gone).rejects.toThrow('stopped');
  leave();
  leave();
  const leaveOther = await other;
  let isServed = false;
  const last = places.take('cat', never).then((left) => {
    isServed = true;
    return left;
  });
  await turn();
  expect(isServed).toBe(false);
  leaveOther();
  (await last)();
});
