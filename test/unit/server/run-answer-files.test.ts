import { describe, expect, test } from 'vitest';
import { filesNamedIn } from '../../../server/run-answer-files.ts';
import { newId } from '../../../shared/new-id.ts';

const files = { type: 'array', items: { type: 'string', format: 'file-id' } };
const schema = {
  type: 'object',
  properties: { papers: files, more: files, tags: { type: 'array', items: { type: 'string' } } },
};

describe('the files that an answer names', () => {
  test('[FIL-16] are those of its fields for files, whatever its other fields say', () => {
    const [one, other] = [newId(), newId()];
    const value = { papers: [one.toUpperCase(), other], more: [], tags: [newId()] };
    expect(filesNamedIn(schema, value)).toEqual([{ field: 'papers', fileIds: [one, other] }]);
    for (const none of [{}, { papers: null }, null, 'text', [one]]) expect(filesNamedIn(schema, none)).toEqual([]);
    expect(filesNamedIn({ type: 'string' }, { papers: [one] })).toEqual([]);
  });

  test('[FIL-16] have ids: what is none is INVALID_INPUT with the field and what came', () => {
    const refusal = {
      code: 'INVALID_INPUT',
      message: expect.stringMatching(/^value\.more: .*got "notes\.txt"/) as string,
    };
    expect(() => filesNamedIn(schema, { papers: [newId()], more: ['notes.txt'] })).toThrow(
      expect.objectContaining(refusal),
    );
  });
});
