import { START } from '@langchain/langgraph';
import type { Checkpoint } from '@langchain/langgraph-checkpoint';
import type { CheckpointStore } from '../../../db/checkpoint-store.ts';
import type { RunAttempt } from '../../../db/store.ts';
import type { RunId } from '../../../shared/ids.ts';
import { checkpointLines } from './checkpoint-lines.ts';
import type { CheckpointHint } from './checkpoint-lines.ts';
import { Checkpointer } from './checkpointer.ts';
import { journalChannel } from './graph.ts';
import type { Plan } from './plan.ts';

/** Where a graph is told, in its configuration, which attempt of its run it works for. */
export const attemptKey = 'attempt';

export interface RunCheckpoints {
  readonly checkpointer: Checkpointer;
  /** That attempt has nothing more to write. */
  readonly release: (owner: RunAttempt) => void;
}

/** The checkpoints of runs: the thread is the run, and only the attempt that is at work writes them. */
export function runCheckpoints(store: CheckpointStore): RunCheckpoints {
  const lines = checkpointLines(store, journalChannel);
  const checkpointer = new Checkpointer(lines, {
    journal: journalChannel,
    owner: ({ configurable }) => ({
      runId: configurable?.['thread_id'] as RunId,
      attempt: Number(configurable?.[attemptKey]),
    }),
    urgency,
  });
  return { checkpointer, release: lines.release };
}

/**
 * Steps that only say what comes next, or what is known, need not be waited for: they may be executed again. Of graphs
 * without a plan nobody knows.
 */
function urgency({ channel_values: values }: Checkpoint): CheckpointHint['urgency'] {
  if (START in values) return 'soon';
  const plan = values['plan'] as Plan | undefined;
  if (!plan?.isLight) return 'now';
  return plan.active.length === 0 ? 'never' : 'soon';
}
