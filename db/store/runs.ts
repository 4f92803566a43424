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
import { resumeDue } from './resume.ts';
import { endIdle } from './run-ends.ts';
import { startRun } from './run-start.ts';

export async function startNext(
  db: Sql,
  now: string,
  chatId: ChatId,
): Promise<(Change & { started: StartedRun }) | null> {
  // Asked at the end of each run, and mostly in vain.
  const [found] = await findToStart(db, { chatId });
  return found ? startFirst(db, now, chatId) : null;
}

const findToStart = statement(
  sql`
    select id from ${runs} where chat_id = ${sql.placeholder('chatId')} and status = 'queued'
    union all
    select id from ${runs} where chat_id = ${sql.placeholder('chatId')} and status = 'running' and due_seq is not null
    limit 1`,
  { id: runs.id },
);

function startFirst(db: Sql, now: string, chatId: ChatId): Promise<(Change & { started: StartedRun }) | null> {
  return db.transaction(async (tx) => {
    const [chat] = await tx.select().from(chats).where(eq(chats.id, chatId)).for('update');
    if (!chat) return null;
    if (chat.activeRunId !== null) return resumeDue(tx, chat.activeRunId);
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
    if (run.status === 'queued') return withdraw(tx, now, chat, runId);
    if (run.id === chat.activeRunId) {
      const ended = await endIdle(tx, now, runId);
      if (ended) return { ...ended, runId, status: 'stopped' };
      await tx
        .update(runs)
        .set({ stopRequestedAt: run.stopRequestedAt ?? now })
        .where(eq(runs.id, runId));
    }
    return { entries: [], runId, status: run.status };
  });
}

/** A queued run has nothing to wait for: it ends at once. */
async function withdraw(tx: Sql, now: string, chat: ChatRow, runId: RunId): Promise<StopResult> {
  const log = new LogEntries(chat);
  log.add({ type: 'run.ended', runId, status: 'stopped' });
  await saveChange(tx, chat, log, {}, [
    sql`update ${runs} set status = 'stopped', stop_requested_at = ${now}, ended_at = ${now} where id = ${runId}`,
  ]);
  return { entries: log.entries, runId, status: 'stopped' };
}
