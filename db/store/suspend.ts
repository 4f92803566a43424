import { eq, sql } from 'drizzle-orm';
import { endedParts } from '../../shared/ended-parts.ts';
import { insertRows } from '../insert-rows.ts';
import { toInputRequest, type InputRow } from '../rows.ts';
import { inputRequests, messages, runs, runSlices } from '../schema.ts';
import type { Sql } from '../sql.ts';
import type { Change, SuspendedRun } from '../store.ts';
import { LogEntries, saveChange } from './chat-change.ts';
import { closeCall } from './model-calls.ts';
import { closeToolCalls } from './tool-calls.ts';
import { endRuns, lockActive, type ActiveRun } from './run-ends.ts';

/** A stop that was asked for since the question goes before it: then the run ends instead. */
export async function suspend(
  db: Sql,
  now: string,
  suspended: SuspendedRun,
): Promise<(Change & { status: 'waiting' | 'stopped' }) | null> {
  return db.transaction(async (tx) => {
    const active = await lockActive(tx, suspended.runId);
    if (active?.run.status !== 'running' || active.run.attempt !== suspended.attempt) return null;
    await tx.delete(runSlices).where(eq(runSlices.runId, suspended.runId));
    if (active.run.stopRequestedAt === null) return { ...(await ask(tx, now, active, suspended)), status: 'waiting' };
    await closeToolCalls(tx, now, [suspended.runId]);
    const [change] = await endRuns(tx, [{ ...suspended, parts: endedParts(suspended.parts), status: 'stopped', now }]);
    return change ? { ...change, status: 'stopped' } : null;
  });
}

async function ask(tx: Sql, now: string, { chat, run }: ActiveRun, suspended: SuspendedRun): Promise<Change> {
  const { question, parts, usage, model, nodes } = suspended;
  const log = new LogEntries(chat);
  const row: InputRow = {
    ...question,
    chatId: chat.id,
    runId: run.id,
    seq: log.seq + 1,
    subject: question.subject === undefined ? null : { value: question.subject },
    status: 'pending',
    answer: null,
    answeredBy: null,
    createdAt: now,
    expiresAt: question.expiresAt ?? null,
    settledAt: null,
  };
  const seq = log.add({ type: 'input.requested', input: toInputRequest(row) });
  await saveChange(tx, chat, log, {}, [
    insertRows(inputRequests, [row]),
    sql`update ${runs} set
        status = 'waiting', suspended_seq = ${seq}, nodes = ${nodes ? JSON.stringify(nodes) : null}::jsonb
      where id = ${run.id}`,
    sql`update ${messages} set
        parts = ${JSON.stringify(parts)}::jsonb, usage = ${usage ? JSON.stringify(usage) : null}::jsonb, model = ${model ?? null}
      where chat_id = ${chat.id} and id = ${run.messageId}`,
    closeCall(run.id, suspended.lastCall ?? suspended, now),
  ]);
  return { entries: log.entries };
}
