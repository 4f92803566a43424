import type { CheckpointStore } from '../../../db/checkpoint-store.ts';
import type { AppId, RunId, UserId } from '../../../shared/ids.ts';
import type { NodeLogStore } from '../../../db/node-log-store.ts';
import { limits } from '../../../shared/limits.ts';
import { cleanJson } from '../../../shared/text.ts';
import type { Part } from '../../../shared/message.ts';
import type { ChatHandler, HandlerEvent, HandlerRun, RecalledRun } from '../handler.ts';
import type { NodeExecutors } from './node-executor.ts';
import { inspectedSteps } from './inspected-steps.ts';
import { loggedRun } from './logged-run.ts';
import { Programs } from './programs.ts';
import type { LoadWorkflow } from './load-workflow.ts';
import { recall } from './recall.ts';
import type { Recalled } from './recall.ts';
import { partsOf } from './saying.ts';
import { sumOfUsage } from './usage-sum.ts';
import { runCheckpoints } from './workflow-checkpoints.ts';
import { workOnStretch } from './workflow-stretch.ts';
import type { WorkflowLimits } from './workflow-stretch.ts';

export interface WorkflowHandlerOptions {
  readonly load: LoadWorkflow;
  readonly executors: NodeExecutors;
  readonly checkpoints: CheckpointStore;
  /** Whether a person may edit a workflow, and so see what goes through its nodes. */
  readonly inspects: (userId: UserId, id: AppId) => Promise<boolean>;
  /** Where the nodes of runs that may be inspected are kept; absent: nowhere. */
  readonly log?: Pick<NodeLogStore, 'addToLog'>;
  readonly limits?: WorkflowLimits;
  /** Milliseconds, from any moment on; for durations. */
  readonly now?: () => number;
}

/** A run of one always goes on. */
export interface WorkflowHandler extends ChatHandler {
  recall(runId: RunId): Promise<RecalledRun>;
}

const nothing: Recalled = { plan: null, said: [], asked: [] };

/** Runs stored workflows. A step that has finished is never executed again, whatever becomes of the process. */
export function createWorkflowHandler(options: WorkflowHandlerOptions): WorkflowHandler {
  const { executors, inspects, load, now = performance.now.bind(performance) } = options;
  const { checkpointer, release } = runCheckpoints(options.checkpoints);
  const programs = new Programs(load, checkpointer);

  async function* execute(run: HandlerRun, signal: AbortSignal): AsyncGenerator<HandlerEvent> {
    const recalled = run.resumed ? await recall(checkpointer, run.id) : nothing;
    const versions = recalled.plan?.versions ?? null;
    const compiled = await programs.get(run.app.id, run.appVersion, versions, run.instructions?.test?.nodeId);
    const inspected = await inspectedSteps(run, compiled.program, inspects);
    const events = workOnStretch({
      ...compiled,
      run,
      recalled,
      executors,
      inspects: inspected,
      limits: options.limits ?? limits,
      now,
      signal,
      onLeft: () => release({ runId: run.id, attempt: run.attempt }),
    });
    yield* inspected(compiled.program.start) && options.log ? loggedRun(run.id, events, { log: options.log }) : events;
  }

  return {
    run: (run, { signal }) => execute(run, signal),
    async recall(runId): Promise<RecalledRun> {
      const { said, asked } = await recall(checkpointer, runId);
      return {
        parts: cleanJson(partsOf([...said, ...asked])) as Part[],
        usage: sumOfUsage(said.flatMap(({ usage }) => usage ?? [])),
        model: said.find(({ model }) => model !== null)?.model ?? null,
        progress: said.length,
      };
    },
  };
}
