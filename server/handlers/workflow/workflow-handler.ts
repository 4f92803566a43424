import { SwitchboardError } from '../../../shared/errors.ts';
import type { AppId } from '../../../shared/ids.ts';
import type { Workflow } from '../../../shared/workflow.ts';
import type { ChatHandler, HandlerEvent, HandlerRun } from '../handler.ts';
import type { Models } from '../models.ts';
import { checkWorkflow } from './check-workflow.ts';
import type { LineNode } from './check-workflow.ts';
import { executors } from './executors.ts';
import type { Execution } from './executors.ts';
import { outwards } from './outwards.ts';

export interface WorkflowHandlerOptions {
  readonly models: Pick<Models, 'resolve'>;
  /** Null when there is no such workflow. */
  readonly workflow: (id: AppId) => Promise<Workflow | null>;
  /** Milliseconds, from any moment on; for durations. */
  readonly now?: () => number;
}

/**
 * Runs a stored workflow from its start to its end, one node after the other. The definition is checked whole before
 * anything of it runs: what it says is `WORKFLOW_INVALID` or executed.
 */
export function createWorkflowHandler({
  models,
  workflow,
  now = performance.now.bind(performance),
}: WorkflowHandlerOptions): ChatHandler {
  async function* execute(run: HandlerRun, signal: AbortSignal): AsyncGenerator<HandlerEvent> {
    const found = await workflow(run.app.id);
    if (!found)
      throw new SwitchboardError('NOT_FOUND', `there is no workflow ${run.app.id}; begin a chat with another`);
    const path = checkWorkflow(found.name, found.definition);
    yield* outwards(nodes(path, { models, signal, calls: run.calls, message: run.text, values: new Map() }));
  }

  async function* nodes(path: readonly LineNode[], execution: Execution): AsyncGenerator<HandlerEvent> {
    for (const node of path) {
      execution.signal.throwIfAborted();
      const { id: nodeId, title } = node;
      const begin = now();
      yield { type: 'node.started', nodeId, title };
      yield* executors[node.type](node as never, execution);
      yield { type: 'node.finished', nodeId, title, durationMs: Math.max(0, now() - begin) };
    }
  }

  return { run: (run, { signal }) => execute(run, signal) };
}
