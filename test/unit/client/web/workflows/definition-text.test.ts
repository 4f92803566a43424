import { expect, test } from 'vitest';
import { textOf } from '../../../../../client/web/workflows/definition-text.ts';
import { isSameJson } from '../../../../../client/web/workflows/same-json.ts';

const kept = {
  edges: [{ to: 'end', from: 'a', branch: 'yes' }],
  nodes: [{ id: 'a', text: 'x', type: 'output', title: 'A' }],
};

test('[PAGE-93] a definition is read with what matters first, whatever order the database keeps', () => {
  expect(textOf(kept)).toBe(
    JSON.stringify(
      {
        nodes: [{ id: 'a', title: 'A', type: 'output', text: 'x' }],
        edges: [{ from: 'a', to: 'end', branch: 'yes' }],
      },
      null,
      2,
    ),
  );
});

test('[PAGE-93] it is the same in another order, and not with another value', () => {
  expect(isSameJson(JSON.parse(textOf(kept)), kept)).toBe(true);
  expect(isSameJson({ ...kept, edges: [] }, kept)).toBe(false);
  expect(isSameJson(undefined, kept)).toBe(false);
  expect(isSameJson([1, 2], [2, 1])).toBe(false);
});
