import type { Question } from '../../../../../shared/run.ts';
import type { WorkflowNodeOf, WorkflowNodeType } from '../../../../../shared/workflow-node.ts';
import type { HandlerEvent } from '../../../../../server/handlers/handler.ts';
import type {
  NodeContext,
  NodeExecutor,
  NodeOutputs,
  NodeResult,
} from '../../../../../server/handlers/workflow/node-executor.ts';
import { nodeValues } from '../../../../../server/handlers/workflow/node-values.ts';
import { handlerRun } from '../handler-run.ts';

export interface NodeSurroundings extends Partial<NodeContext> {
  /** What the nodes before it have made. */
  readonly outputs?: Readonly<Record<string, NodeOutputs>>;
}

/** A node's surroundings outside of the engine. */
export function nodeContext({ outputs = {}, ...own }: NodeSurroundings = {}): NodeContext {
  const run = handlerRun('hello', [], 'workflow');
  return {
    run,
    values: nodeValues((node) => outputs[node]),
    visit: 1,
    idempotencyKey: `${run.id}:node#1`,
    ways: new Set(),
    resumed: null,
    before: null,
    given: null,
    calls: run.calls,
    tools: run.tools,
    signal: new AbortController().signal,
    ...own,
  };
}

/** Everything that one visit of a node yields, and what it makes. Errors: the executor's. */
export async function worked<Type extends WorkflowNodeType>(
  executor: NodeExecutor<Type>,
  node: WorkflowNodeOf<Type>,
  surroundings: NodeSurroundings = {},
): Promise<{ readonly events: HandlerEvent[]; readonly result: NodeResult }> {
  const events: HandlerEvent[] = [];
  const work = executor(node, nodeContext(surroundings));
  for (let next = await work.next(); ; next = await work.next()) {
    if (next.done) return { events, result: next.value };
    events.push(next.value);
  }
}

/** What the last event asks. */
export function questionIn(events: readonly HandlerEvent[]): Question {
  const last = events.at(-1);
  if (last?.type !== 'ask') throw new Error(`expected a question as the last event, got ${last?.type}`);
  return last.input;
}
