import { and, asc, eq, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { SwitchboardError } from '../../shared/errors.ts';
import type { ChatId, RunId, UserId } from '../../shared/ids.ts';
import type { RunError } from '../../shared/message.ts';
import { newId } from '../../shared/new-id.ts';
import { insertRows } from '../insert-rows.ts';
import type { ChatRow, RunRow } from '../rows.ts';
import { chats, messages, runs } from '../schema.ts';
import type { Sql } from '../sql.ts';
import { statement } from '../statement.ts';
import type { Change, StartedRun, StopResult } from '../store.ts';
import { releaseFiles } from './attachments.ts';
import { LogEntries, lockChat, saveChange } from './chat-change.ts';
import { endQueued, setPause, waitingRuns } from './queue.ts';
import { appUnpublished } from './chats.ts';
import { findMessage } from './find-message.ts';
import { openFirstCall } from './model-calls.ts';
import { resumeDue } from './resume.ts';
import { endIdle } from './run-ends.ts';
import { startRun } from './run-start.ts';
import { usableVersion } from './usable-app.ts';

/** What came of the queue: its first run was started, or all of them have failed. */
type NextStart = Change & { readonly started?: StartedRun };

export async function startNext(db: Sql, now: string, chatId: ChatId): Promise<NextStart | null> {
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

function startFirst(db: Sql, now: string, chatId: ChatId): Promise<NextStart | null> {
  return db.transaction(async (tx) => {
    const held = await holdChat(tx, chatId);
    if (!held) return null;
    const { chat, appVersion } = held;
    if (chat.activeRunId !== null) return resumeDue(tx, now, chat.activeRunId);
    if (chat.queuePausedAt !== null) return null;
    if (appVersion === null) return failQueue(tx, now, chat);
    const queued = await firstQueued(tx, chatId);
    if (!queued) return null;
    const log = new LogEntries(chat);
    const answered = queued.kind === 'regenerate' ? await findMessage(tx, chatId, queued.userMessageId) : undefined;
    const start = startRun({ chat, queued, appVersion, answered, answerId: newId(), log, now });
    const { run, messages: added, chat: changed, started } = start;
    const { status, messageId, attempt, startedAt } = run;
    await saveChange(tx, chat, log, changed, [
      sql`update ${runs} set status = ${status}, message_id = ${messageId}, app_version = ${appVersion}, attempt = ${attempt},
          started_at = ${startedAt}
        where id = ${run.id}`,
      insertRows(messages, added),
      openFirstCall(run, now),
    ]);
    return { entries: log.entries, started };
  });
}

async function holdChat(tx: Sql, chatId: ChatId): Promise<{ chat: ChatRow; appVersion: number | null } | undefined> {
  // An alias, because `for update of` takes no name with a schema.
  const chat = alias(chats, 'chat');
  const [held] = await tx
    .select({ chat, appVersion: usableVersion })
    .from(chat)
    .where(eq(chat.id, chatId))
    .for('update', { of: chat });
  return held;
}

/** What was to answer is no longer there for the chat's owner: nothing that waits in the chat can start. */
async function failQueue(tx: Sql, now: string, chat: ChatRow): Promise<Change | null> {
  const { code, message } = appUnpublished();
  const error: RunError = { code, message };
  const failed = await tx
    .update(runs)
    .set({ status: 'failed', error, endedAt: now })
    .where(and(eq(runs.chatId, chat.id), eq(runs.status, 'queued')))
    .returning({ id: runs.id, position: runs.position, userMessageId: runs.userMessageId, kind: runs.kind });
  if (failed.length === 0) return null;
  const log = new LogEntries(chat);
  for (const { id } of failed.toSorted((one, other) => one.position - other.position)) {
    log.add({ type: 'run.ended', runId: id, status: 'failed', error });
  }
  const gone = failed.filter(({ kind }) => kind !== 'regenerate').map(({ userMessageId }) => userMessageId);
  await saveChange(tx, chat, log, {}, releaseFiles(chat.id, gone, now));
  return { entries: log.entries };
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
    if (run.status === 'queued') return { ...(await endQueued(tx, now, chat, queue, run)), runId, status: 'stopped' };
    return stopActive(tx, now, chat, queue, run);
  });
}

/** What waits behind a run that is stopped waits on until somebody says so: nobody stops an answer to get the next one. */
async function stopActive(
  tx: Sql,
  now: string,
  chat: ChatRow,
  queue: readonly RunRow[],
  { id: runId, status }: RunRow,
): Promise<StopResult> {
  const ended = await endIdle(tx, now, runId);
  const entries = ended?.entries ?? [];
  const held = ended ? { ...chat, seq: chat.seq + entries.length, activeRunId: null } : chat;
  const log = new LogEntries(held);
  const fields = queue.length > 0 ? setPause(log, held, now) : {};
  await saveChange(tx, held, log, fields, [sql`update ${runs} set stop_requested_at = ${now} where id = ${runId}`]);
  return { entries: [...entries, ...log.entries], runId, status: ended ? 'stopped' : status };
}
