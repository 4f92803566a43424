import type { CheckpointStore } from '../../../db/checkpoint-store.ts';
import type { RunId } from '../../../shared/ids.ts';
import type { NodeLogStore } from '../../../db/node-log-store.ts';
import { limits } from '../../../shared/limits.ts';
import { cleanJson } from '../../../shared/text.ts';
import type { Part } from '../../../shared/message.ts';
import type { ChatHandler, HandlerEvent, HandlerRun, RecalledRun } from '../handler.ts';
import type { NodeExecutors } from './node-executor.ts';
import { loggedRun } from './logged-run.ts';
import { Programs } from './programs.ts';
import type { LoadWorkflow } from './programs.ts';
import { recall } from './recall.ts';
import type { Recalled } from './recall.ts';
import { modelOf, partsOf } from './saying.ts';
import { sumOfUsage } from './usage-sum.ts';
import { runCheckpoints } from './workflow-checkpoints.ts';
import { workOnStretch } from './workflow-stretch.ts';
import type { WorkflowLimits } from './workflow-stretch.ts';

export interface WorkflowHandlerOptions {
  readonly load: LoadWorkflow;
  readonly executors: NodeExecutors;
  readonly checkpoints: CheckpointStore;
  /** Whether this person may edit the workflow that the run is of, and so see what goes through its nodes. */
  readonly inspects: (run: HandlerRun) => Promise<boolean>;
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

const nothing: Recalled = { plan: null, said: [], asked: [], unfinished: [] };

/** Runs stored workflows. A step that has finished is never executed again, whatever becomes of the process. */
export function createWorkflowHandler(options: WorkflowHandlerOptions): WorkflowHandler {
  const { executors, inspects, load, now = performance.now.bind(performance) } = options;
  const checkpointer = runCheckpoints(options.checkpoints);
  const programs = new Programs(load, checkpointer);

  async function* execute(run: HandlerRun, signal: AbortSignal): AsyncGenerator<HandlerEvent> {
    const recalled = run.resumed ? await recall(checkpointer, run.id) : nothing;
    const versions = recalled.plan?.versions ?? null;
    const compiled = await programs.get(run.app.id, run.appVersion, versions, run.instructions?.test?.nodeId);
    const isInspected = await inspects(run);
    const events = workOnStretch({
      ...compiled,
      run,
      recalled,
      executors,
      inspects: isInspected,
      limits: options.limits ?? limits,
      now,
      signal,
    });
    yield* isInspected && options.log ? loggedRun(run.id, events, { log: options.log }) : events;
  }

  return {
    run: (run, { signal }) => execute(run, signal),
    async recall(runId): Promise<RecalledRun> {
      const { plan, said, asked, unfinished } = await recall(checkpointer, runId);
      const all = [...said, ...asked];
      return {
        parts: cleanJson(partsOf(all)) as Part[],
        usage: sumOfUsage(all.flatMap(({ usage }) => usage ?? [])),
        model: modelOf(all),
        progress: said.length,
        ...(plan && { unfinished }),
      };
    },
  };
}
