import type { RuleOperator } from '../../../../shared/workflow-condition.ts';
import { isFound } from './pattern.ts';
import { isEqual, orderOf, textOf } from './values.ts';

type Operator = (left: unknown, right: unknown) => boolean;

/** What each operator says of two JSON values; `right` is undefined where it takes none. SPEC COND-2 to COND-6 say it in words. */
export const operators: Readonly<Record<RuleOperator, Operator>> = {
  equal: isEqual,
  not_equal: not(isEqual),
  contains,
  not_contains: not(contains),
  empty: isEmpty,
  not_empty: not(isEmpty),
  starts_with: (left, right) =>
    Array.isArray(left) ? left.length > 0 && isEqual(left[0], right) : compareTexts(left, right, 'startsWith'),
  ends_with: (left, right) =>
    Array.isArray(left) ? left.length > 0 && isEqual(left.at(-1), right) : compareTexts(left, right, 'endsWith'),
  greater: ordered((order) => order > 0),
  less: ordered((order) => order < 0),
  greater_or_equal: ordered((order) => order >= 0),
  less_or_equal: ordered((order) => order <= 0),
  matches: (left, right) => {
    const [text, pattern] = [textOf(left), textOf(right)];
    return text !== null && pattern !== null && isFound(pattern, text);
  },
};

function not(operator: Operator): Operator {
  return (left, right) => !operator(left, right);
}

function ordered(holds: (order: number) => boolean): Operator {
  return (left, right) => {
    const order = orderOf(left, right);
    return order !== null && holds(order);
  };
}

function contains(left: unknown, right: unknown): boolean {
  if (Array.isArray(left)) return left.some((item) => isEqual(item, right));
  if (typeof left === 'object' && left !== null) {
    const key = textOf(right);
    return key !== null && Object.hasOwn(left, key);
  }
  return compareTexts(left, right, 'includes');
}

function compareTexts(left: unknown, right: unknown, how: 'includes' | 'startsWith' | 'endsWith'): boolean {
  const [text, part] = [textOf(left), textOf(right)];
  return text !== null && part !== null && text[how](part);
}

function isEmpty(left: unknown): boolean {
  if (left === null || left === undefined || left === '') return true;
  return typeof left === 'object' && Object.keys(left).length === 0;
}
