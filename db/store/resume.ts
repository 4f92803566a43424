import { and, asc, eq, inArray } from 'drizzle-orm';
import type { RunId } from '../../shared/ids.ts';
import { newId } from '../../shared/new-id.ts';
import { toMessage, toRun, type InputRow, type RunRow } from '../rows.ts';
import { inputRequests, messages, runs } from '../schema.ts';
import type { Sql } from '../sql.ts';
import type { Change, InputAnswer, StartedRun } from '../store.ts';
import { openCallAgain } from './model-calls.ts';

/**
 * Puts the active run of a locked chat to work again when its question was settled or its process has died; null when it is
 * at work, or waits.
 * The log has said so already.
 */
export async function resumeDue(
  tx: Sql,
  now: string,
  runId: RunId,
): Promise<(Change & { started: StartedRun }) | null> {
  const [run] = await tx.select().from(runs).where(eq(runs.id, runId)).for('update');
  if (run?.status !== 'running' || run.dueSeq === null) return null;
  const attempt = run.attempt + 1;
  await tx.update(runs).set({ dueSeq: null, attempt }).where(eq(runs.id, runId));
  await openCallAgain(tx, run, newId(), now);
  return { entries: [], started: await startedAgain(tx, { ...run, attempt }, run.dueSeq) };
}

async function startedAgain(tx: Sql, run: RunRow, startSeq: number): Promise<StartedRun> {
  const ids = [run.userMessageId, run.messageId].filter((id) => id !== null);
  const [user, answer] = await tx
    .select()
    .from(messages)
    .where(and(eq(messages.chatId, run.chatId), inArray(messages.id, ids)))
    .orderBy(asc(messages.seq));
  if (!user || !answer || run.suspendedSeq === null) throw new Error(`run ${run.id} is due, and has no stretch before`);
  const { usage, model } = answer;
  return {
    run: toRun(run),
    userId: run.ownerId,
    userMessage: toMessage(user),
    message: toMessage(answer),
    attempt: run.attempt,
    startSeq,
    resumed: {
      suspendedSeq: run.suspendedSeq,
      answers: await answersOf(tx, run.id),
      usage,
      model,
      nodes: run.nodes ?? [],
    },
    instructions: run.instructions,
  };
}

/** How the questions of a run were settled that were not withdrawn, oldest first. */
export async function answersOf(tx: Sql, runId: RunId): Promise<InputAnswer[]> {
  const settled = await tx
    .select()
    .from(inputRequests)
    .where(and(eq(inputRequests.runId, runId), inArray(inputRequests.status, ['answered', 'expired'])))
    .orderBy(asc(inputRequests.seq));
  return settled.map(toAnswer);
}

function toAnswer({ id, kind, subject, answer, answeredBy, status }: InputRow): InputAnswer {
  return {
    inputId: id,
    kind,
    subject: subject?.value,
    value: answer?.value ?? null,
    ...(answer?.files && { files: answer.files }),
    answeredBy: answeredBy ?? '',
    expired: status === 'expired',
  };
}
