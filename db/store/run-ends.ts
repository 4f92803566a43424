import { and, asc, eq, inArray, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { ChatId, MessageId, RunId } from '../../shared/ids.ts';
import type { Message } from '../../shared/message.ts';
import { partialAnswer } from '../partial-answer.ts';
import { chatEvents, chats, messages, runs, runSlices } from '../schema.ts';
import type { Sql } from '../sql.ts';
import { statement } from '../statement.ts';
import type { Change, FinishedRun } from '../store.ts';
import { LogEntries } from './chat-change.ts';

/** At most one run of each chat is. */
const isActive = inArray(runs.status, ['running', 'waiting']);

/** Null when the run is not at work, or was put to work again since. */
export async function finish(db: Sql, now: string, end: FinishedRun): Promise<Change | null> {
  const { runId, attempt, status, model = null } = end;
  const [ended] = await endRun(db, {
    runId,
    attempt,
    status,
    parts: JSON.stringify(end.parts),
    usage: jsonOf(end.usage),
    error: jsonOf(end.error),
    model,
    now,
  });
  if (!ended) return null;
  // By itself: a statement that had to wait for a lock does not see the slices that were written before it got it.
  await deleteSlices(db, { runId });
  return { entries: entriesOf(ended, end) };
}

/** Ends one run after another, so that other chats need not wait and a second crash loses nothing. */
export async function recover(db: Sql, now: string): Promise<{ interrupted: number; waiting: ChatId[] }> {
  const left = await db.select({ id: runs.id }).from(runs).where(isActive);
  let interrupted = 0;
  for (const { id } of left) {
    const change = await endAsRecorded(db, now, id);
    if (change?.status === 'interrupted') interrupted += 1;
  }
  await db.execute(sql`
    delete from ${runSlices} as slice using ${runs} as run where run.id = slice.run_id and run.ended_at is not null`);
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

async function endAsRecorded(
  db: Sql,
  now: string,
  runId: RunId,
): Promise<(Change & Pick<FinishedRun, 'status'>) | null> {
  return db.transaction(async (tx) => {
    const active = await lockActive(tx, runId);
    if (!active) return null;
    const slices = await tx.select().from(runSlices).where(eq(runSlices.runId, runId)).orderBy(asc(runSlices.seq));
    const status = active.stopRequestedAt === null ? 'interrupted' : 'stopped';
    const { attempt } = active;
    const change = await finish(tx, now, { runId, attempt, status, parts: partialAnswer(slices) });
    return change && { ...change, status };
  });
}

/**
 * Null when the run is not at work. The chat is locked first, as everywhere; the run too, so that no slice of it is
 * written behind our back.
 */
async function lockActive(tx: Sql, runId: RunId) {
  // Aliases, because `for update of` takes no name with a schema. It locks in the order in which they are given.
  const chat = alias(chats, 'chat');
  const run = alias(runs, 'run');
  const [active] = await tx
    .select({ attempt: run.attempt, stopRequestedAt: run.stopRequestedAt })
    .from(chat)
    .innerJoin(run, eq(run.chatId, chat.id))
    .where(and(eq(run.id, runId), inArray(run.status, ['running', 'waiting'])))
    .for('update', { of: [chat, run] });
  return active;
}

const { placeholder } = sql;

/** The same locks in the same order as `lockActive`. */
const endRun = statement(
  sql`
    with active as (
      select chat.id as chat_id, chat.seq, run.id as run_id, run.message_id
      from ${chats} as chat join ${runs} as run on run.chat_id = chat.id
      where run.id = ${placeholder('runId')} and run.attempt = ${placeholder('attempt')}
        and run.status in ('running', 'waiting')
      for update of chat, run
    ), answer as (
      update ${messages} as message set
        status = ${placeholder('status')}, parts = ${placeholder('parts')}::jsonb,
        usage = ${placeholder('usage')}::jsonb, error = ${placeholder('error')}::jsonb, model = ${placeholder('model')}
      from active where message.chat_id = active.chat_id and message.id = active.message_id
      returning message.id, message.parent_id, message.created_at
    ), ended as (
      update ${runs} as run set
        status = ${placeholder('status')}, error = ${placeholder('error')}::jsonb,
        ended_at = ${placeholder('now')}::timestamptz
      from active where run.id = active.run_id
    ), entries as (
      insert into ${chatEvents} (chat_id, seq, type, run_id, message_id)
      select chat_id, seq + 1, 'message.completed', null, message_id from active
      union all select chat_id, seq + 2, 'run.ended', run_id, null from active
    )
    update ${chats} as chat set seq = active.seq + 2, active_run_id = null
    from active, answer where chat.id = active.chat_id
    returning active.seq, chat.id, answer.id, answer.parent_id, answer.created_at`,
  {
    seq: chats.seq,
    chatId: chats.id,
    messageId: messages.id,
    parentId: messages.parentId,
    createdAt: messages.createdAt,
  },
);

const deleteSlices = statement(sql`delete from ${runSlices} where run_id = ${placeholder('runId')}`, {});

interface EndedRun {
  /** Of the chat, before. */
  readonly seq: number;
  readonly chatId: ChatId;
  readonly messageId: MessageId;
  readonly parentId: MessageId | null;
  readonly createdAt: string;
}

function entriesOf({ seq, chatId, messageId, parentId, createdAt }: EndedRun, end: FinishedRun) {
  const { runId, status, error, usage, model } = end;
  const message: Message = {
    id: messageId,
    chatId,
    runId,
    parentId,
    role: 'assistant',
    status,
    parts: [...end.parts],
    ...(usage && { usage }),
    ...(error && { error }),
    ...(model !== undefined && { model }),
    createdAt,
  };
  const log = new LogEntries({ seq });
  log.add({ type: 'message.completed', message });
  log.add({ type: 'run.ended', runId, status, ...(error && { error }) });
  return log.entries;
}

function jsonOf(value: unknown): string | null {
  return value === undefined ? null : JSON.stringify(value);
}
