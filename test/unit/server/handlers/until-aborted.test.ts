import { expect, test } from 'vitest';
import { untilAborted } from '../../../../server/handlers/until-aborted.ts';

async function* counting(onStop: () => void): AsyncGenerator<number> {
  try {
    yield 1;
    yield 2;
  } finally {
    onStop();
  }
}

async function all(items: AsyncIterable<number>): Promise<number[]> {
  const collected: number[] = [];
  for await (const item of items) collected.push(item);
  return collected;
}

/** Gives one item and then neither another nor an end, nor listens to anybody. */
async function* hanging(): AsyncGenerator<number> {
  yield 1;
  await new Promise(() => undefined);
}

test('[AST-8] everything comes through, in order, when nobody aborts', async () => {
  const items = await all(
    untilAborted(
      counting(() => undefined),
      new AbortController().signal,
    ),
  );
  expect(items).toEqual([1, 2]);
});

test('[AST-8] a source that hangs is left at once', async () => {
  const stop = new AbortController();
  const items = untilAborted(hanging(), stop.signal);
  expect(await items.next()).toEqual({ done: false, value: 1 });
  const next = items.next();
  stop.abort(new Error('enough'));
  await expect(next).rejects.toThrow('enough');
  expect(await items.next()).toEqual({ done: true, value: undefined });
});

test('[AST-8] a reader that leaves stops the source', async () => {
  let stopped = false;
  for await (const item of untilAborted(
    counting(() => (stopped = true)),
    new AbortController().signal,
  )) {
    if (item === 1) break;
  }
  await expect.poll(() => stopped).toBe(true);
});

test('[AST-8] an abort between two items ends it before the next', async () => {
  const stop = new AbortController();
  const items = untilAborted(
    counting(() => undefined),
    stop.signal,
  );
  await items.next();
  stop.abort(new Error('enough'));
  await expect(items.next()).rejects.toThrow('enough');
});

test('[AST-8] what the source throws comes through', async () => {
  async function* failing(): AsyncGenerator<number> {
    yield 1;
    throw new Error('broken');
  }
  await expect(all(untilAborted(failing(), new AbortController().signal))).rejects.toThrow('broken');
});
