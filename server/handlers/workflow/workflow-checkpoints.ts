import type { CheckpointStore } from '../../../db/checkpoint-store.ts';
import type { RunId } from '../../../shared/ids.ts';
import { Checkpointer } from './checkpointer.ts';
import { journalChannel } from './graph.ts';
import { joinWrites } from './joined-writes.ts';

/** Where a graph is told, in its configuration, which attempt of its run it works for. */
export const attemptKey = 'attempt';

/** The checkpoints of runs: the thread is the run, and only the attempt that is at work writes them. */
export function runCheckpoints(store: CheckpointStore): Checkpointer {
  return new Checkpointer(joinWrites(store, journalChannel), {
    journal: journalChannel,
    owner: ({ configurable }) => ({
      runId: configurable?.['thread_id'] as RunId,
      attempt: Number(configurable?.[attemptKey]),
    }),
  });
}
