import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RuleOperator } from '../../../../../../shared/workflow-condition.ts';
import { operators } from '../../../../../../server/handlers/workflow/condition/operators.ts';

const json = fc.jsonValue({ maxDepth: 3 });
/** Values of which many are equal, or look alike. */
const alike = fc.oneof(
  json,
  fc.constantFrom(0, 1, -1, 1.5, '0', '1', ' 1 ', '1.0', '1e0', '', 'a', 'b', 'true', 'TRUE', true, false, null, '-0'),
  fc.constantFrom([], {}, [1], ['1'], [[]], { a: 1 }, { b: 2, a: 1 }, { a: 1, b: 2 }, 'null', '[]'),
);

const holds = (left: unknown, operator: RuleOperator, right?: unknown) => operators[operator](left, right);

/** The text before the arrow: what holds of the two values; behind it what does not. */
type Row = readonly [left: unknown, right: unknown, holds: readonly RuleOperator[], not: readonly RuleOperator[]];

const ordering = ['greater', 'less', 'greater_or_equal', 'less_or_equal'] as const;

const rows: readonly Row[] = [
  [1, 1, ['equal', 'greater_or_equal', 'less_or_equal'], ['not_equal', 'greater', 'less']],
  [10, 9, ['not_equal', 'greater', 'greater_or_equal'], ['equal', 'less', 'less_or_equal']],
  [10, '9', ['not_equal', 'greater', 'greater_or_equal'], ['equal', 'less', 'less_or_equal']],
  ['10', 9, ['not_equal', 'greater', 'greater_or_equal'], ['equal', 'less', 'less_or_equal']],
  ['10', '9', ['not_equal', 'less', 'less_or_equal'], ['equal', 'greater', 'greater_or_equal']],
  [' 5.0 ', 5, ['equal', 'less_or_equal'], ['not_equal', 'greater']],
  ['5', '5.0', ['not_equal'], ['equal']],
  ['-1e3', -1000, ['equal'], ['not_equal']],
  ['five', 5, ['not_equal'], ['equal', ...ordering]],
  ['', 0, ['not_equal'], ['equal', ...ordering]],
  ['0x10', 16, ['not_equal'], ['equal']],
  ['Infinity', 5, ['not_equal'], ['equal', 'greater']],
  ['2026-01-31', '2026-02-01', ['less'], ['greater']],
  ['a', 'B', ['greater'], ['less']],
  [true, true, ['equal'], ['not_equal', ...ordering]],
  [true, 'true', ['equal'], ['not_equal']],
  ['FALSE', false, ['equal'], ['not_equal']],
  [true, 1, ['not_equal'], ['equal', ...ordering]],
  [false, '', ['not_equal'], ['equal']],
  [null, null, ['equal'], ['not_equal', ...ordering]],
  [null, '', ['not_equal'], ['equal']],
  [null, 0, ['not_equal'], ['equal', 'less', 'less_or_equal']],
  [[1, { a: [2] }], [1, { a: [2] }], ['equal'], ['not_equal', ...ordering]],
  [[1, 2], [2, 1], ['not_equal'], ['equal']],
  [{ a: 1, b: 2 }, { b: 2, a: 1 }, ['equal'], ['not_equal']],
  [['1'], [1], ['not_equal'], ['equal']],
  ['cats and dogs', 'and', ['contains'], ['not_contains', 'starts_with', 'ends_with']],
  ['cats and dogs', 'cats', ['contains', 'starts_with'], ['not_contains', 'ends_with']],
  ['cats and dogs', 'dogs', ['contains', 'ends_with'], ['not_contains', 'starts_with']],
  ['Cats', 'cats', ['not_contains'], ['contains', 'starts_with', 'ends_with']],
  ['cats', '', ['contains', 'starts_with', 'ends_with'], ['not_contains']],
  [2026, 20, ['contains', 'starts_with'], ['not_contains', 'ends_with']],
  [true, 'ru', ['contains'], ['not_contains']],
  [['a', 2, { b: 1 }], 'a', ['contains', 'starts_with'], ['not_contains', 'ends_with']],
  [['a', 2, { b: 1 }], '2', ['contains'], ['not_contains', 'starts_with']],
  [['a', 2, { b: 1 }], { b: 1 }, ['contains', 'ends_with'], ['not_contains', 'starts_with']],
  [['ab'], 'a', ['not_contains'], ['contains', 'starts_with', 'ends_with']],
  [[], null, ['not_contains'], ['contains', 'starts_with', 'ends_with']],
  [{ name: 1 }, 'name', ['contains'], ['not_contains', 'starts_with']],
  [{ name: 1 }, 'toString', ['not_contains'], ['contains']],
  [null, 'n', ['not_contains'], ['contains', 'starts_with', 'ends_with', 'matches']],
  ['text', ['t'], ['not_contains'], ['contains', 'starts_with', 'ends_with', 'matches']],
  ['order 4711', '\\d{4}', ['matches'], []],
  ['order 4711', '^\\d{4}', [], ['matches']],
  ['Order', '(?i)^ORDER$', ['matches'], []],
  ['straße', '^\\p{L}+$', ['matches'], []],
  [4711, '^47', ['matches'], []],
  [['4711'], '47', [], ['matches']],
];

describe('the operators of conditions', () => {
  test.each(rows)('[COND-2] [COND-3] [COND-4] [COND-6] %j and %j', (left, right, all, none) => {
    expect(all.filter((operator) => !holds(left, operator, right))).toEqual([]);
    expect(none.filter((operator) => holds(left, operator, right))).toEqual([]);
  });

  test.each([
    [true, [null, '', [], {}]],
    [false, [0, false, ' ', 'x', [null], { a: null }, 1, true]],
  ])('[COND-5] empty is %s of what is so', (expected, values) => {
    expect(values.map((value) => holds(value, 'empty'))).toEqual(values.map(() => expected));
  });

  test.each([
    ['equal', 'not_equal'],
    ['contains', 'not_contains'],
    ['empty', 'not_empty'],
  ] as const)('[COND-7] of %s and %s exactly one holds', (one, other) => {
    fc.assert(
      fc.property(alike, alike, (left, right) => {
        expect(holds(left, one, right)).not.toBe(holds(left, other, right));
      }),
    );
  });

  test('[COND-7] of the four that compare, those hold that belong together', () => {
    fc.assert(
      fc.property(alike, alike, (left, right) => {
        const [greater, less, notLess, notGreater] = ordering.map((operator) => holds(left, operator, right));
        const isComparable = notLess || notGreater;
        expect([greater, less]).toEqual(isComparable ? [!notGreater, !notLess] : [false, false]);
      }),
    );
  });

  test('[COND-7] what is greater is less the other way round, and equality has no direction', () => {
    fc.assert(
      fc.property(alike, alike, (left, right) => {
        expect(holds(left, 'greater', right)).toBe(holds(right, 'less', left));
        expect(holds(left, 'greater_or_equal', right)).toBe(holds(right, 'less_or_equal', left));
        expect(holds(left, 'equal', right)).toBe(holds(right, 'equal', left));
      }),
    );
  });

  test('[COND-2] everything is equal to itself', () => {
    fc.assert(
      fc.property(json, (value) => {
        expect(holds(value, 'equal', value)).toBe(true);
      }),
    );
  });

  test('[COND-4] what a text begins or ends with it contains', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (one, other) => {
        expect(holds(one + other, 'starts_with', one)).toBe(true);
        expect(holds(one + other, 'ends_with', other)).toBe(true);
        expect(holds(one + other, 'contains', other)).toBe(true);
      }),
    );
  });

  test('[COND-4] an object has no key that is no text', () => {
    for (const key of [null, [], {}]) expect(holds({ '': 1 }, 'contains', key)).toBe(false);
    expect(holds({ '': 1 }, 'contains', '')).toBe(true);
  });

  test('[COND-8] a long row of digits is no number after a time that is linear', () => {
    const digits = '1'.repeat(200_000);
    // Square, it would be minutes.
    for (const text of [`${digits}x`, `${digits}.${digits}x`, `.${digits}e${digits}x`])
      expect([holds(text, 'equal', 5), holds(text, 'greater', 5)]).toEqual([false, false]);
  });

  test('[COND-4] a list contains each of its items', () => {
    fc.assert(
      fc.property(fc.array(json, { minLength: 1 }), (list) => {
        expect(list.filter((item) => !holds(list, 'contains', item))).toEqual([]);
      }),
    );
  });
});
