import { and, asc, eq, inArray, sql, type SQL } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { ChatId, RunId } from '../../shared/ids.ts';
import type { Message } from '../../shared/message.ts';
import { partialAnswer } from '../partial-answer.ts';
import { toMessage, type ChatRow, type MessageRow, type RunRow } from '../rows.ts';
import { chats, messages, runs, runSlices } from '../schema.ts';
import type { Sql } from '../sql.ts';
import type { Change, FinishedRun } from '../store.ts';
import { LogEntries, saveChange } from './chat-change.ts';

/** A run at work, held with its chat, and the message that it is writing. */
interface ActiveRun {
  readonly chat: ChatRow;
  readonly run: RunRow;
  readonly message: MessageRow;
}

/** At most one run of each chat is. */
const isActive = inArray(runs.status, ['running', 'waiting']);

type RunEnd = Omit<FinishedRun, 'runId' | 'attempt'>;

export function finish(db: Sql, now: string, finished: FinishedRun): Promise<Change | null> {
  return db.transaction(async (tx) => {
    const active = await lockActive(tx, finished.runId);
    return active?.run.attempt === finished.attempt ? endRun(tx, now, active, finished) : null;
  });
}

/** Ends one run after another, so that other chats need not wait and a second crash loses nothing. */
export async function recover(db: Sql, now: string): Promise<{ interrupted: number; waiting: ChatId[] }> {
  const left = await db.select({ id: runs.id }).from(runs).where(isActive);
  let interrupted = 0;
  for (const { id } of left) {
    const change = await endAsRecorded(db, now, id);
    if (change?.status === 'interrupted') interrupted += 1;
  }
  const waiting = await db.selectDistinct({ chatId: runs.chatId }).from(runs).where(eq(runs.status, 'queued'));
  return { interrupted, waiting: waiting.map(({ chatId }) => chatId) };
}

export async function abandon(db: Sql, now: string, chatId: ChatId, living: readonly RunId[]): Promise<Change | null> {
  const [active] = await db
    .select({ id: runs.id })
    .from(runs)
    .where(and(eq(runs.chatId, chatId), isActive));
  return active && !living.includes(active.id) ? endAsRecorded(db, now, active.id) : null;
}

async function endAsRecorded(db: Sql, now: string, runId: RunId): Promise<(Change & Pick<RunEnd, 'status'>) | null> {
  return db.transaction(async (tx) => {
    const active = await lockActive(tx, runId);
    if (!active) return null;
    const slices = await tx.select().from(runSlices).where(eq(runSlices.runId, runId)).orderBy(asc(runSlices.seq));
    const status = active.run.stopRequestedAt === null ? 'interrupted' : 'stopped';
    return { ...(await endRun(tx, now, active, { status, parts: partialAnswer(slices) })), status };
  });
}

/**
 * Null when the run is not at work. The chat is locked first, as everywhere; the run too, so that no slice of it is
 * written behind our back.
 */
async function lockActive(tx: Sql, runId: RunId): Promise<ActiveRun | null> {
  // Aliases, because `for update of` takes no name with a schema. It locks in the order in which they are given.
  const chat = alias(chats, 'chat');
  const run = alias(runs, 'run');
  const [active] = await tx
    .select({ chat, run, message: messages })
    .from(chat)
    .innerJoin(run, eq(run.chatId, chat.id))
    .innerJoin(messages, and(eq(messages.chatId, run.chatId), eq(messages.id, run.messageId)))
    .where(and(eq(run.id, runId), inArray(run.status, ['running', 'waiting'])))
    .for('update', { of: [chat, run] });
  return active ?? null;
}

async function endRun(tx: Sql, now: string, { chat, run, message }: ActiveRun, end: RunEnd): Promise<Change> {
  const { status, error, usage, model } = end;
  const completed: Message = {
    ...toMessage(message),
    status,
    parts: [...end.parts],
    ...(usage && { usage }),
    ...(error && { error }),
    ...(model !== undefined && { model }),
  };
  const log = new LogEntries(chat);
  log.add({ type: 'message.completed', message: completed });
  log.add({ type: 'run.ended', runId: run.id, status, ...(error && { error }) });
  await saveChange(tx, chat, log, { activeRunId: null }, [
    sql`update ${messages} set status = ${status}, parts = ${jsonOf(end.parts)}, usage = ${jsonOf(usage)},
        error = ${jsonOf(error)}, model = ${model ?? null}
      where chat_id = ${message.chatId} and id = ${message.id}`,
    sql`update ${runs} set status = ${status}, error = ${jsonOf(error)}, ended_at = ${now} where id = ${run.id}`,
    sql`delete from ${runSlices} where run_id = ${run.id}`,
  ]);
  return { entries: log.entries };
}

function jsonOf(value: unknown): SQL {
  return sql`${value === undefined ? null : JSON.stringify(value)}::jsonb`;
}
