import type { Rule, Rules } from '../../../../shared/workflow-condition.ts';
import type { NodeValues, RuleMatcher } from '../node-executor.ts';
import { operators } from './operators.ts';

/** Whether all of the rules hold, or any of them. Those after the one that decides are not looked at. */
export const matchRules: RuleMatcher = async ({ match, rules }: Rules, values: NodeValues) => {
  const holds = (rule: Rule): boolean => {
    const right = 'right' in rule ? values.json(rule.right) : undefined;
    return operators[rule.operator](values.get(rule.left), right);
  };
  return match === 'all' ? rules.every(holds) : rules.some(holds);
};
