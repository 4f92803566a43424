import { SwitchboardError } from '../../../../shared/errors.ts';
import type { WorkflowNodeOf } from '../../../../shared/workflow-node.ts';
import { bodyBranch, doneBranch } from '../../../../shared/workflow-ways.ts';
import type { NodeContext, NodeExecutor, NodeOutputs, RuleMatcher } from '../node-executor.ts';

/**
 * Decides before each round whether there is one. A list is looked at anew each time; rules are after each round.
 *
 * Errors: `WORKFLOW_LIMIT` when it would need more rounds than it may have.
 */
export function createLoop(matches: RuleMatcher): NodeExecutor<'loop'> {
  return async function* loop(node, context) {
    yield* [];
    const results = resultsOf(node, context);
    const index = roundOf(context.before);
    const list = node.over === undefined ? null : listOf(node, node.over, context);
    const isDone = list ? index >= list.length : context.before !== null && (await isEnough(node, context, matches));
    if (isDone) return { outputs: { results }, way: doneBranch };
    if (index >= node.maxIterations) throw tooManyRounds(node);
    return { outputs: { index, results, ...(list && { item: list[index] ?? null }) }, way: bodyBranch };
  };
}

/** What was collected, with the round that has just ended. */
function resultsOf({ collect }: WorkflowNodeOf<'loop'>, { before, values }: NodeContext): readonly unknown[] {
  const earlier = (before?.['results'] ?? []) as readonly unknown[];
  return before === null || collect === undefined ? earlier : [...earlier, values.json(collect)];
}

/** The number of the next round. */
function roundOf(before: NodeOutputs | null): number {
  return before === null ? 0 : Number(before['index']) + 1;
}

function listOf({ id }: WorkflowNodeOf<'loop'>, over: string, { values }: NodeContext): readonly unknown[] {
  const list = values.get(over);
  if (Array.isArray(list)) return list;
  const came = list === null ? 'nothing' : typeof list;
  const message = `node ${id}, field over: expected {{${over}}} to be a list, got ${came}`;
  throw new SwitchboardError('WORKFLOW_INVALID', `${message}; let it be made as a list`);
}

async function isEnough({ until }: WorkflowNodeOf<'loop'>, { values }: NodeContext, matches: RuleMatcher) {
  return until !== undefined && (await matches(until, values));
}

function tooManyRounds({ id, maxIterations }: WorkflowNodeOf<'loop'>): SwitchboardError {
  const message = `loop ${id} needs more than its ${maxIterations} rounds`;
  return new SwitchboardError('WORKFLOW_LIMIT', `${message}; let it end sooner or raise maxIterations`);
}
