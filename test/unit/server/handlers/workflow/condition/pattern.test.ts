import { describe, expect, test } from 'vitest';
import { limits } from '../../../../../../shared/limits.ts';
import { isFound, patternProblem } from '../../../../../../server/handlers/workflow/condition/pattern.ts';

/** Patterns with which engines that go back take longer than anybody waits, and texts that make them. */
const poison: readonly (readonly [pattern: string, repeated: string, end: string])[] = [
  ['^(a+)+$', 'a', 'b'],
  ['^(a|a|aa)*$', 'a', 'b'],
  ['^(a|aa)+$', 'a', 'b'],
  ['(x+x+)+y', 'x', ''],
  ['^(.*a){12}$', 'a', 'b'],
  ['^([a-zA-Z0-9]+)*$', 'a', '!'],
  ['^(([a-z])+.)+[A-Z]([a-z])+$', 'a', ''],
  ['(.*)(.*)(.*)(.*)(.*)[^a]$', 'a', ''],
  ['^(\\w+\\s?)*$', 'word ', '!'],
  ['a.*b.*c.*d.*e$', 'abcd', ''],
];

/** Milliseconds of processor time. */
function spent(work: () => unknown): number {
  const begin = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(begin);
  return (user + system) / 1_000;
}

describe('patterns of conditions', () => {
  test.each(poison)('[COND-6] %s takes no time that grows with more than the text', (pattern, repeated, end) => {
    const size = Math.floor(8_000 / repeated.length);
    expect(spent(() => isFound(pattern, repeated.repeat(size) + end))).toBeLessThan(1_000);
  });

  test.each([
    ['(', /missing closing \)/],
    ['a**', /nested repetition/],
    ['(?=a)', /Perl syntax/],
    ['(a)\\1', /escape sequence/],
    ['(((((a{1,500}){1,500}){1,500}){1,500}){1,500})', /repeat count/],
    ['a'.repeat(limits.pattern + 1), /at most 1000/],
    [`(?i)${'[a-\\x{10ffff}]'.repeat(70)}`, /too long to read/],
    [`(?i)${'[a-\u{10ffff}]'.repeat(150)}`, /too long to read/],
    ['\\pL'.repeat(300), /too long to read/],
    ['(a?){1000}', /too long to read/],
    ['(?:(?:a?){30}){30}'.repeat(5), /too long to read/],
  ])('[COND-6] [COND-8] %s is refused in words', (pattern, words) => {
    expect(patternProblem(pattern)).toMatch(words);
    expect(() => isFound(pattern, 'a')).toThrow(expect.objectContaining({ code: 'WORKFLOW_INVALID' }));
  });

  test('[COND-6] a pattern has no problem that can be used', () => {
    expect(patternProblem('^[\\p{L}\\d._-]+@example\\.(com|org)$')).toBeUndefined();
  });

  test('[COND-6] too much text for a pattern is refused, and as much as fits is looked at', () => {
    const pattern = '(a|b)+c{3}d$';
    expect(() => isFound(pattern, 'a'.repeat(limits.patternSteps))).toThrow(
      expect.objectContaining({ code: 'WORKFLOW_LIMIT' }),
    );
    expect(isFound(pattern, `${'ab'.repeat(10_000)}cccd`)).toBe(true);
  });

  test.each([
    '^[^@\\s]+@[^@\\s]+\\.[a-z]{2,}$',
    '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$',
    '(?i)^[一-龥a-z]{2,4}$',
    '^\\pL{1,50}$',
  ])('[COND-8] %s is one that people write', (pattern) => {
    expect(patternProblem(pattern)).toBeUndefined();
  });
});
