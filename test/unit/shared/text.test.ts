import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cleanJson, cleanText, cutText } from '../../../shared/text.ts';
import { TextJoiner } from '../../../server/text-joiner.ts';

const units = fc.string({ unit: fc.constantFrom('a', '\0', '\ud83d', '\ude00', 'é', '😀') });

describe('text', () => {
  test('[TXT-1] NUL and lone surrogates become U+FFFD and nothing else changes, so offsets stay true', () => {
    expect(cleanText('a\0b\ud83dc\ude00d😀')).toBe('a\uFFFDb\uFFFDc\uFFFDd😀');
    fc.assert(
      fc.property(units, (text) => {
        const clean = cleanText(text);
        expect(clean.length).toBe(text.length);
        expect(clean.isWellFormed() && !clean.includes('\0')).toBe(true);
      }),
    );
    expect(cleanJson({ 'k\0': ['\ud83d', 1, null, { a: true }] })).toEqual({
      'k\uFFFD': ['\uFFFD', 1, null, { a: true }],
    });
  });

  test('[TXT-2] a cut never falls between the halves of a pair', () => {
    expect(cutText('ab😀', 3)).toBe('ab');
    expect(cutText('ab😀', 4)).toBe('ab😀');
    expect(cutText('ab', 9)).toBe('ab');
  });

  test('[TXT-3] however a text is cut into pieces, what is written is the clean text and no piece ends inside a pair', () => {
    fc.assert(
      fc.property(units, fc.array(fc.nat(5)), (text, cuts) => {
        const written: string[] = [];
        const joiner = new TextJoiner((_, piece) => written.push(piece));
        let rest = text;
        for (const cut of cuts) {
          joiner.push('text', rest.slice(0, cut));
          rest = rest.slice(cut);
        }
        joiner.push('text', rest);
        joiner.flush();
        expect(written.join('')).toBe(cleanText(text));
        expect(written.every((piece) => piece.isWellFormed())).toBe(true);
      }),
    );
  });

  test('[TXT-4] half a pair at the end of one kind of text is closed before the next kind begins', () => {
    const written: string[] = [];
    const joiner = new TextJoiner((kind, piece) => written.push(`${kind}:${piece}`));
    joiner.push('reasoning', 'a\ud83d');
    joiner.push('text', '\ude00b');
    joiner.flush();
    expect(written).toEqual(['reasoning:a', 'reasoning:\uFFFD', 'text:\uFFFDb']);
  });
});
