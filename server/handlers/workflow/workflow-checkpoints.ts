import { START } from '@langchain/langgraph';
import type { Checkpoint } from '@langchain/langgraph-checkpoint';
import type { CheckpointStore } from '../../../db/checkpoint-store.ts';
import type { RunAttempt } from '../../../db/store.ts';
import { checkpointLines } from './checkpoint-lines.ts';
import type { CheckpointHint } from './checkpoint-lines.ts';
import { Checkpointer } from './checkpointer.ts';
import { journalChannel } from './graph.ts';
import type { Plan } from './plan.ts';

/** Where a graph is told, in its configuration, which attempt of its run it works for. */
export const attemptKey = 'attempt';

/** The same for the graphs of stored workflows: one object for each stretch. */
export const ownerKey = 'owner';

/** The checkpoints of runs: the thread is the run, and only the attempt that is at work writes them. */
export function runCheckpoints(store: CheckpointStore): Checkpointer {
  return new Checkpointer(checkpointLines(store, journalChannel), {
    journal: journalChannel,
    owner: ({ configurable }) => configurable?.[ownerKey] as RunAttempt,
    urgency,
  });
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
