import { describe, expect, it } from 'vitest';
import { partialAnswer } from '../../../db/partial-answer.ts';
import type { SliceRow } from '../../../db/rows.ts';
import { type RunId } from '../../../shared/ids.ts';
import { newId } from '../../../shared/new-id.ts';

const runId = newId<RunId>();
const text = (part: number, offset: number, text: string): SliceRow => ({
  runId,
  seq: 0,
  part,
  kind: 'text',
  offset,
  text,
  value: null,
});

describe('the answer as far as it was recorded', () => {
  it('[STO-14] overlapping text is written over, counted in UTF-16 units', () => {
    const slices = [text(0, 0, 'a\u{1F600}bc'), text(0, 3, 'B'), text(0, 4, 'C!')];
    expect(partialAnswer([], slices)).toEqual([{ type: 'text', text: 'a\u{1F600}BC!' }]);
  });

  it('[STO-14] a part that would leave a hole before it is left out', () => {
    expect(partialAnswer([], [text(1, 0, 'second'), text(0, 0, 'first')])).toEqual([{ type: 'text', text: 'first' }]);
  });

  it('[STO-14] nothing recorded is no part', () => {
    expect(partialAnswer([], [])).toEqual([]);
  });
});
