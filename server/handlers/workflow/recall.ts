import type { CheckpointTuple } from '@langchain/langgraph-checkpoint';
import type { RunId } from '../../../shared/ids.ts';
import type { Question } from '../../../shared/run.ts';
import type { Checkpointer } from './checkpointer.ts';
import { doneChannel, journalChannel } from './graph.ts';
import type { FinishedStep, Plan } from './plan.ts';
import type { StepId } from './program.ts';
import type { Saying } from './saying.ts';

/** A visit of a step that has asked a person. */
export interface AskedStep extends Saying {
  readonly id: StepId;
  readonly visit: number;
  /** Milliseconds that it has worked until then. */
  readonly ms: number;
  readonly question: Question;
  /** ISO 8601: when it would have liked to ask. */
  readonly at: string;
}

/** What a run has left in its checkpoints. */
export interface Recalled {
  /** Null: nothing has been at work yet. */
  readonly plan: Plan | null;
  /** Of the visits that have finished. */
  readonly said: readonly Saying[];
  /** Those that have asked and not finished, in the order in which they are asked. */
  readonly asked: readonly AskedStep[];
  /** Steps that were at work and have not finished, or wait for others. */
  readonly unfinished: readonly StepId[];
}

/** Where a run stands, after a question or a crash. */
export async function recall(checkpointer: Checkpointer, runId: RunId): Promise<Recalled> {
  const [tuple, said] = await Promise.all([
    checkpointer.getTuple({ configurable: { thread_id: runId } }),
    checkpointer.journal(runId) as Promise<Saying[]>,
  ]);
  const plan = (tuple?.checkpoint.channel_values['plan'] ?? null) as Plan | null;
  return {
    plan,
    said,
    asked: askedOf(tuple).toSorted((one, other) => one.order - other.order),
    unfinished: plan ? unfinishedOf(plan, tuple) : [],
  };
}

function unfinishedOf({ active, arrived }: Plan, tuple: CheckpointTuple | undefined): StepId[] {
  const writes = tuple?.pendingWrites ?? [];
  const done = writes.flatMap(([, channel, value]) => (channel === doneChannel ? (value as FinishedStep[]) : []));
  const finished = new Set(done.map(({ id }) => id));
  return [...active.map(({ id }) => id).filter((id) => !finished.has(id)), ...Object.keys(arrived)];
}

function askedOf(tuple: CheckpointTuple | undefined): AskedStep[] {
  const writes = tuple?.pendingWrites ?? [];
  const finished = new Set(writes.flatMap(([task, channel]) => (channel === journalChannel ? [task] : [])));
  return writes.flatMap(([task, channel, value]) => {
    if (channel !== '__interrupt__' || finished.has(task)) return [];
    return (value as { value: AskedStep }[]).map((interrupt) => interrupt.value);
  });
}
