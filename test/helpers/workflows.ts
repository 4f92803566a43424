import { createConversationExecutors } from '../../server/handlers/workflow/executors/index.ts';
import type { NodeContext, NodeExecutor, NodeExecutors } from '../../server/handlers/workflow/node-executor.ts';
import type { Models } from '../../server/handlers/models.ts';
import { WorkflowDefinition } from '../../shared/workflow.ts';
import type { WorkflowNode, WorkflowNodeType } from '../../shared/workflow-node.ts';

/** What a node that reaches outside does in a test: it makes this. */
export type Doing = (node: WorkflowNode, context: NodeContext) => Promise<Readonly<Record<string, unknown>>>;

/**
 * The executors of conversations as they are, and for the nodes that reach outside doubles: a condition takes the first
 * case whose variable equals its value, the others make what the test says.
 */
export function workflowExecutors(models: Pick<Models, 'resolve'>, doing: Doing = async () => ({})): NodeExecutors {
  return {
    ...createConversationExecutors({ models, matches: async ({ rules }, values) => rules.every(fits(values)) }),
    condition: async function* condition(node, { values }) {
      yield* [];
      return { outputs: {}, way: node.cases.find(({ rules }) => rules.every(fits(values)))?.id ?? 'else' };
    },
    code: made(doing),
    http: made(doing),
    tool: made(doing),
    assistant: made(doing),
  };
}

function fits(values: NodeContext['values']) {
  return (rule: { left: string; right?: unknown }) => values.get(rule.left) === rule.right;
}

function made<Type extends WorkflowNodeType>(doing: Doing): NodeExecutor<Type> {
  return async function* make(node, context) {
    yield { type: 'alive' };
    return { outputs: await doing(node, context) };
  };
}

export function checkDefinition(_name: string, definition: unknown): WorkflowDefinition {
  return WorkflowDefinition.parse(definition);
}
