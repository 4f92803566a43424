import { Readable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonEvents } from '../../../../server/handlers/json-events.ts';

const stream =
  ': hello\n\ndata: {"n":1,"text":"grüße 👋"}\n\ndata: {"n":2}\r\n\r\nevent: x\ndata: {"n":\ndata: 3}\n\ndata: [DONE]\n\n';
const events = [{ n: 1, text: 'grüße 👋' }, { n: 2 }, { n: 3 }];

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const found: Item[] = [];
  for await (const item of items) found.push(item);
  return found;
}

async function* pieces(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let from = 0;
  for (const to of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
    yield bytes.subarray(from, to);
    from = to;
  }
}

test('[AST-11] the events of a stream are the same wherever its bytes are cut', async () => {
  const bytes = new TextEncoder().encode(stream);
  const cuts = fc.array(fc.integer({ min: 0, max: bytes.length }), { maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(cuts, async (at) => {
      expect(await all(jsonEvents(pieces(bytes, at)))).toEqual(events);
    }),
  );
});

const read = (text: string) => all(jsonEvents(Readable.from([new TextEncoder().encode(text)])));

test('[AST-11] an event without its last empty line still counts', async () => {
  expect(await read('data: {"n":1}\n\ndata: {"n":2}')).toEqual([{ n: 1 }, { n: 2 }]);
});

test('[PRV-5] an event without data is none', async () => {
  expect(await read('data:\n\nevent: ping\ndata: \n\ndata: {"n":1}\n\n')).toEqual([{ n: 1 }]);
});

test.each([
  ['a line', 'data: {"text":"0123456789"}\n\n'],
  ['lines', 'data: {"text":\ndata: "0123456789"}\n\n'],
  ['a line that has not ended', 'data: 01234567890123456789'],
])('[PRV-7] an event of more than the limit is ANSWER_TOO_LARGE: %s', async (_, text) => {
  const bytes = new TextEncoder().encode(`data: {"n":1}\n\n${text}`);
  const source = jsonEvents(pieces(bytes, [20, 30, 33, 36]), 16);
  expect(await source.next()).toEqual({ done: false, value: { n: 1 } });
  await expect(source.next()).rejects.toMatchObject({
    code: 'ANSWER_TOO_LARGE',
    message: expect.stringMatching(/ 16 /),
  });
});

test('[AST-4] what is no JSON is a SyntaxError, after what came before it', async () => {
  const source = jsonEvents(Readable.from([new TextEncoder().encode('data: {"n":1}\n\ndata: {"n":\n\n')]));
  expect(await source.next()).toEqual({ done: false, value: { n: 1 } });
  await expect(source.next()).rejects.toThrow(SyntaxError);
});

test('[AST-6] an error that the provider reports in its stream is thrown with what it says', async () => {
  await expect(read('data: {"error":{"message":"too many","code":429}}\n\n')).rejects.toMatchObject({
    error: { message: 'too many', code: 429 },
  });
  await expect(read('event: error\ndata: {"message":"away"}\n\n')).rejects.toMatchObject({
    error: { message: 'away' },
  });
});

test('[AST-8] a reader that leaves lets go of the source', async () => {
  const source = Readable.from([new TextEncoder().encode('data: {"n":1}\n\n')]);
  for await (const event of jsonEvents(source)) {
    expect(event).toEqual({ n: 1 });
    break;
  }
  expect(source.destroyed).toBe(true);
});
