import fc from 'fast-check';
import { expect, test } from 'vitest';
import { countCalls } from '../../../server/count-calls.ts';

test('[BAD-5] the calls of a frame are counted without reading them, whatever they have in them', () => {
  const frame = fc.array(fc.jsonValue(), { minLength: 1 });
  fc.assert(
    fc.property(frame, fc.constantFrom(undefined, 1, '\t'), (calls, space) => {
      expect(countCalls(JSON.stringify(calls, null, space), Infinity)).toBe(calls.length);
      expect(countCalls(JSON.stringify({ calls }, null, space), Infinity)).toBe(1);
    }),
  );
});

test('[BAD-5] commas and brackets in a text count nothing', () => {
  expect(countCalls(JSON.stringify([',,"[', '\\', '\\"', ']],']), Infinity)).toBe(4);
  expect(countCalls(' \n[{"text":"a, b"},[1,2]]', Infinity)).toBe(2);
});

test('[BAD-5] counting ends past the limit, and with the frame when that was cut off in a text', () => {
  expect(countCalls(`[${'1,'.repeat(100_000)}`, 1_000)).toBe(1_001);
  expect(countCalls('[1,"cut off,\\"', Infinity)).toBe(2);
});
