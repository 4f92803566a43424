import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Rule, Rules } from '../../../../shared/workflow-condition.ts';
import type { NodeValues, RuleMatcher } from '../node-executor.ts';
import { operators } from './operators.ts';

/** Milliseconds that rules take of the thread that serves everybody before others have their turn. */
const turnMs = 5;

let taken = 0;

/**
 * Whether all of the rules hold, or any of them. Those after the one that decides are not looked at. Each may take some tenths
 * of a second, and a condition may have four hundred: others have their turn between them.
 */
export const matchRules: RuleMatcher = async ({ match, rules }: Rules, values: NodeValues) => {
  for (const rule of rules) {
    const begin = performance.now();
    const isHeld = holds(rule, values);
    taken += performance.now() - begin;
    if (taken > turnMs) {
      taken = 0;
      await nextTurn();
    }
    if (isHeld === (match === 'any')) return isHeld;
  }
  return match === 'all';
};

function holds(rule: Rule, values: NodeValues): boolean {
  const right = 'right' in rule ? values.json(rule.right) : undefined;
  return operators[rule.operator](values.get(rule.left), right);
}
