import { describe, expect, it } from 'vitest';
import { excerptOf } from '../../../../db/store/excerpt.ts';

const whole = (text: string) => ({ text, isCutBefore: false, isCutAfter: false });
const marked = (text: string, words: readonly string[]) => {
  const { excerpt, marks } = excerptOf(whole(text), words);
  return marks.map(({ offset, length }) => excerpt.slice(offset, offset + length));
};

describe('an excerpt', () => {
  it('[SRC-2] of a short text is all of it on one line, with each whole word that begins like one of the words', () => {
    expect(excerptOf(whole('A  hedge,\n hedgehogs; the edge'), ['hedge'])).toEqual({
      excerpt: 'A hedge, hedgehogs; the edge',
      marks: [
        { offset: 2, length: 5 },
        { offset: 9, length: 9 },
      ],
    });
    expect(marked('ÜBER über überall (Über) grüber snake_über', ['über'])).toEqual([
      'ÜBER',
      'über',
      'überall',
      'Über',
      'über',
    ]);
    expect(marked('one two one', ['two', 'one'])).toEqual(['one', 'two', 'one']);
  });

  it('[SRC-2] of a long text begins a little before the first word and says where more was said', () => {
    const { excerpt, marks } = excerptOf(whole(`${'before '.repeat(50)}needle ${'after '.repeat(100)}`), ['needle']);
    expect(excerpt).toMatch(/^… (before ){4,6}needle (after )+…$/);
    expect(excerpt.length).toBeLessThan(170);
    expect(excerpt.slice(marks[0]?.offset).startsWith('needle')).toBe(true);
    const stretch = { text: 'in the middle', isCutBefore: true, isCutAfter: true };
    expect(excerptOf(stretch, ['middle'])).toEqual({
      excerpt: '… in the middle …',
      marks: [{ offset: 9, length: 6 }],
    });
  });

  it('[SRC-2] is never cut inside a character, and of a text without spaces begins with the word', () => {
    const faces = excerptOf(whole('\u{1F600}'.repeat(200)), ['x']).excerpt;
    expect(faces.isWellFormed()).toBe(true);
    expect(excerptOf(whole(`${'-'.repeat(90)}needle${'-'.repeat(300)}`), ['needle']).excerpt).toMatch(/^… needle-+ …$/);
    expect(excerptOf(whole(''), ['x'])).toEqual({ excerpt: '', marks: [] });
  });
});
