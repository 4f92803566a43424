import type { RunId, UserId } from '../shared/ids.ts';
import type { NodeLogEntry } from '../shared/workflow-trial.ts';
import type { Page } from './store.ts';

/** What the nodes of runs did, for whoever works on a workflow: of runs of one's own workflows by oneself. */
export interface NodeLogStore {
  /** Adds to the log of a run, up to `limits.nodeLog` entries; what is past them is left out, as of a run that is gone. */
  addToLog(runId: RunId, entries: readonly NodeLogEntry[]): Promise<void>;
  /** In the order in which they ended. Errors: `NOT_FOUND`, also for a run of another's workflow. */
  nodeLog(userId: UserId, runId: RunId, page: Page): Promise<{ entries: NodeLogEntry[]; nextCursor: string | null }>;
}
