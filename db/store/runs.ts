import { and, asc, eq, sql } from 'drizzle-orm';
import { SwitchboardError } from '../../shared/errors.ts';
import type { ChatId, RunId, UserId } from '../../shared/ids.ts';
import { newId } from '../../shared/new-id.ts';
import { insertRows } from '../insert-rows.ts';
import type { ChatRow, RunRow } from '../rows.ts';
import { chats, messages, runs } from '../schema.ts';
import type { Sql } from '../sql.ts';
import { statement } from '../statement.ts';
import type { Change, StartedRun, StopResult } from '../store.ts';
import { LogEntries, lockChat, saveChange } from './chat-change.ts';
import { endQueued, setPause, waitingRuns } from './queue.ts';
import { startRun } from './run-start.ts';

export async function startNext(
  db: Sql,
  now: string,
  chatId: ChatId,
): Promise<(Change & { started: StartedRun }) | null> {
  // Asked at the end of each run, and mostly in vain.
  const [queued] = await findQueued(db, { chatId });
  return queued ? startFirst(db, now, chatId) : null;
}

const findQueued = statement(
  sql`select id from ${runs} where chat_id = ${sql.placeholder('chatId')} and status = 'queued' limit 1`,
  { id: runs.id },
);

function startFirst(db: Sql, now: string, chatId: ChatId): Promise<(Change & { started: StartedRun }) | null> {
  return db.transaction(async (tx) => {
    const [chat] = await tx.select().from(chats).where(eq(chats.id, chatId)).for('update');
    if (!chat || chat.activeRunId !== null) return null;
    if (chat.queuePausedAt !== null) return null;
    const queued = await firstQueued(tx, chatId);
    if (!queued) return null;
    const log = new LogEntries(chat);
    const { run, messages: added, chat: changed, started } = startRun({ chat, queued, answerId: newId(), log, now });
    const { status, messageId, attempt, startedAt } = run;
    await saveChange(tx, chat, log, changed, [
      sql`update ${runs} set status = ${status}, message_id = ${messageId}, attempt = ${attempt}, started_at = ${startedAt}
        where id = ${run.id}`,
      insertRows(messages, added),
    ]);
    return { entries: log.entries, started };
  });
}

async function firstQueued(tx: Sql, chatId: ChatId): Promise<RunRow | undefined> {
  const [run] = await tx
    .select()
    .from(runs)
    .where(and(eq(runs.chatId, chatId), eq(runs.status, 'queued')))
    .orderBy(asc(runs.position))
    .limit(1);
  return run;
}

export function requestStop(
  db: Sql,
  now: string,
  userId: UserId,
  chatId: ChatId,
  wanted: RunId | undefined,
): Promise<StopResult | null> {
  return db.transaction(async (tx) => {
    const chat = await lockChat(tx, chatId, userId);
    const runId = wanted ?? chat.activeRunId;
    if (runId === null) return null;
    const [run] = await tx
      .select()
      .from(runs)
      .where(and(eq(runs.id, runId), eq(runs.chatId, chatId)));
    if (!run) throw new SwitchboardError('NOT_FOUND', `The chat has no run ${runId}.`);
    if (run.status !== 'queued' && (run.id !== chat.activeRunId || run.stopRequestedAt !== null))
      return { entries: [], runId, status: run.status };
    const queue = await waitingRuns(tx, chatId);
    if (run.status !== 'queued') return { ...(await stopActive(tx, now, chat, queue, run)), runId, status: run.status };
    return { ...(await endQueued(tx, now, chat, queue, run)), runId, status: 'stopped' };
  });
}

/** What waits behind a run that is stopped waits on until somebody says so: nobody stops an answer to get the next one. */
async function stopActive(
  tx: Sql,
  now: string,
  chat: ChatRow,
  queue: readonly RunRow[],
  { id }: RunRow,
): Promise<Change> {
  const log = new LogEntries(chat);
  const fields = queue.length > 0 ? setPause(log, chat, now) : {};
  await saveChange(tx, chat, log, fields, [sql`update ${runs} set stop_requested_at = ${now} where id = ${id}`]);
  return { entries: log.entries };
}
