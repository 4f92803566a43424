import { elseBranch } from '../../../../shared/workflow-ways.ts';
import type { NodeExecutor, RuleMatcher } from '../node-executor.ts';

/** Goes on by the first case that fits. */
export function createCondition(matches: RuleMatcher): NodeExecutor<'condition'> {
  return async function* condition({ cases }, { values }) {
    yield* [];
    for (const { id, ...rules } of cases) {
      if (await matches(rules, values)) return { outputs: {}, way: id };
    }
    return { outputs: {}, way: elseBranch };
  };
}
