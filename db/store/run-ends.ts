import { and, asc, eq, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { ChatId, MessageId, RunId } from '../../shared/ids.ts';
import { withAnswers } from '../../shared/answered-parts.ts';
import { endedParts } from '../../shared/ended-parts.ts';
import type { Message } from '../../shared/message.ts';
import { partialAnswer } from '../partial-answer.ts';
import { withRecordedCalls } from '../recorded-calls.ts';
import type { ChatRow, RunRow, SliceRow } from '../rows.ts';
import {
  chatEvents,
  chats,
  checkpointThreads,
  inputRequests,
  messages,
  modelCalls,
  runs,
  runSlices,
} from '../schema.ts';
import type { Sql } from '../sql.ts';
import { statement } from '../statement.ts';
import type { Change, FinishedRun, ModelCallStatus, RecallAnswer, RecoveredRuns } from '../store.ts';
import { LogEntries } from './chat-change.ts';
import { closeLeftCalls, estimateOfCrash, lastCallOf, usageColumns } from './model-calls.ts';
import { withTaken } from './steering.ts';
import { resetAnswer } from './reset-answer.ts';
import { answersOf } from './resume.ts';
import { closeToolCalls, toolCallsOf } from './tool-calls.ts';
import { askAboutUncertain } from './uncertain.ts';

/** Of each chat at most one run is: neither waiting for a person, nor for its turn after that. */
const isAtWork = and(eq(runs.status, 'running'), isNull(runs.dueSeq));

export interface End extends FinishedRun {
  readonly now: string;
  /** Where the run's own does not say it. */
  readonly callStatus?: ModelCallStatus | undefined;
}

/** Ends runs of any chats in one statement. Null for one that is not at work, or was put to work again since. */
export async function finish(db: Sql, ends: readonly End[]): Promise<(Change | null)[]> {
  const changes = await endRuns(db, ends);
  // By itself: a statement that had to wait for a lock does not see the slices that were written before it got it. What
  // is left when it fails is swept up by `recover`; the ends stand.
  await deleteKept(db, { runIds: JSON.stringify(ends.map(({ runId }) => runId)) }).catch(() => {});
  await closeCalls(db, ends).catch(() => {});
  return changes;
}

async function closeCalls(db: Sql, ends: readonly End[]): Promise<void> {
  const withTools = ends.filter(({ parts }) => parts.some(({ type }) => type === 'tool'));
  const [first] = withTools;
  if (first)
    await closeToolCalls(
      db,
      first.now,
      withTools.map(({ runId }) => runId),
    );
}

export async function endRuns(db: Sql, ends: readonly End[]): Promise<(Change | null)[]> {
  const ended = await endAtWork(db, { ends: JSON.stringify(ends.map(toRecord)) });
  const endedOf = new Map(ended.map((run) => [run.index, run]));
  return ends.map((end, index) => {
    const run = endedOf.get(index);
    return run ? { entries: entriesOf(run, end) } : null;
  });
}

function toRecord(end: End, index: number) {
  const { runId, attempt, status, parts, usage, error, model, now } = end;
  return { index, run_id: runId, attempt, status, parts, usage, error, model, now, ...lastCallOf(end) };
}

/** Ends one run after another, so that other chats need not wait and a second crash loses nothing. */
export async function recover(db: Sql, now: string, settling: Settling): Promise<RecoveredRuns> {
  const left = await db.select().from(runs).where(isAtWork);
  const became: (Settled['status'] | undefined)[] = [];
  for (const run of left) became.push((await settleLeft(db, now, run, settling))?.status);
  const count = (status: Settled['status']) => became.filter((one) => one === status).length;
  await closeLeftCalls(db, now);
  await db.execute(sql`
    delete from ${runSlices} as slice using ${runs} as run where run.id = slice.run_id and run.ended_at is not null`);
  await db.execute(sql`
    delete from ${checkpointThreads} as thread using ${runs} as run
    where run.id = thread.run_id and run.ended_at is not null`);
  const waiting = await db
    .selectDistinct({ chatId: chats.id, userId: chats.ownerId })
    .from(chats)
    .innerJoin(runs, eq(runs.chatId, chats.id))
    .where(
      or(
        and(eq(runs.status, 'queued'), isNull(chats.queuePausedAt)),
        and(eq(runs.status, 'running'), isNotNull(runs.dueSeq)),
      ),
    );
  return { interrupted: count('interrupted'), asking: count('waiting'), resumed: count('running'), waiting };
}

export async function abandon(
  db: Sql,
  now: string,
  { chatId, living, recall }: { chatId: ChatId; living: readonly RunId[]; recall: RecallAnswer },
): Promise<Change | null> {
  const [active] = await db
    .select()
    .from(runs)
    .where(and(eq(runs.chatId, chatId), isAtWork));
  return active && !living.includes(active.id) ? settleLeft(db, now, active, { recall }) : null;
}

interface Settling {
  readonly recall: RecallAnswer;
  /** Of a person who says what becomes of a call that was under way; absent: nobody is asked. */
  readonly askMs?: number;
}

/** `running`: it is due, `waiting`: a person is asked. */
type Settled = Change & { readonly status: FinishedRun['status'] | 'running' | 'waiting' };

/** What becomes of a run that nobody works on any more: it goes on, asks, or ends as recorded. */
async function settleLeft(
  db: Sql,
  now: string,
  { id: runId, ...left }: RunRow,
  { recall, askMs }: Settling,
): Promise<Settled | null> {
  // Not in the transaction: whoever recalls may ask the database.
  const app = { kind: left.appKind, id: left.appId };
  const recalled = left.stopRequestedAt === null ? await recall({ id: runId, app }) : null;
  return db.transaction(async (tx) => {
    const active = await lockActive(tx, runId);
    if (active?.run.status !== 'running' || active.run.dueSeq !== null) return null;
    const slices = await tx.select().from(runSlices).where(eq(runSlices.runId, runId)).orderBy(asc(runSlices.seq));
    await tx.delete(runSlices).where(eq(runSlices.runId, runId));
    if (active.run.stopRequestedAt !== null) return end(tx, now, active, 'stopped', slices);
    const reset = recalled && (await resetAnswer(tx, now, active, recalled, slices));
    return reset || end(tx, now, active, 'interrupted', slices, askMs);
  });
}

type LeftRunEnd = Change & { readonly status: FinishedRun['status'] | 'waiting' };

/**
 * Ends a run that nobody works on, because it waits for a person or for its turn after that; null when somebody does.
 * Its chat is held.
 */
export async function endIdle(tx: Sql, now: string, runId: RunId): Promise<Change | null> {
  const active = await lockActive(tx, runId);
  if (!active || (active.run.status === 'running' && active.run.dueSeq === null)) return null;
  await tx
    .update(inputRequests)
    .set({ status: 'cancelled', settledAt: now })
    .where(and(eq(inputRequests.runId, runId), eq(inputRequests.status, 'pending')));
  return end(tx, now, active, 'stopped', []);
}

/** What it had before its last question is in its message, what came since in the slices. An active run has a message. */
async function end(
  tx: Sql,
  now: string,
  active: ActiveRun,
  status: FinishedRun['status'],
  slices: readonly SliceRow[],
  askMs?: number,
): Promise<LeftRunEnd | null> {
  const { run } = active;
  const { id: runId, attempt, chatId, messageId } = run;
  const [message] = await tx
    .select()
    .from(messages)
    .where(and(eq(messages.chatId, chatId), eq(messages.id, messageId as MessageId)));
  const { usage = null, model = null } = message ?? {};
  const known = { ...(usage && { usage }), ...(model !== null && { model }) };
  const told = await withTaken(tx, runId, partialAnswer(message?.parts ?? [], slices));
  const recorded = withAnswers(told, await answersOf(tx, runId));
  const lastCall = { ...known, usage: undefined, ...estimateOfCrash(run, message?.parts ?? [], recorded) };
  if (askMs !== undefined) {
    const asked = await askAboutUncertain(tx, now, { active, recorded, known, lastCall }, askMs);
    if (asked) return { ...asked, status: 'waiting' };
  }
  await closeToolCalls(tx, now, [runId]);
  const parts = endedParts(withRecordedCalls(recorded, await toolCallsOf(tx, runId)));
  const callStatus = status === 'interrupted' ? 'crashed' : undefined;
  await tx.delete(checkpointThreads).where(eq(checkpointThreads.runId, runId));
  const [change] = await endRuns(tx, [{ runId, attempt, status, parts, ...known, lastCall, callStatus, now }]);
  return change ? { ...change, status } : null;
}

export interface ActiveRun {
  readonly chat: ChatRow;
  readonly run: RunRow;
}

/**
 * Null when the run is not active. The chat is locked first, as everywhere; the run too, so that no slice of it is
 * written behind our back.
 */
export async function lockActive(tx: Sql, runId: RunId): Promise<ActiveRun | undefined> {
  // Aliases, because `for update of` takes no name with a schema. It locks in the order in which they are given.
  const chat = alias(chats, 'chat');
  const run = alias(runs, 'run');
  const [active] = await tx
    .select({ chat, run })
    .from(chat)
    .innerJoin(run, eq(run.chatId, chat.id))
    .where(and(eq(run.id, runId), inArray(run.status, ['running', 'waiting'])))
    .for('update', { of: [chat, run] });
  return active;
}

/** The same locks as `lockActive`, in the order of the chats, so that two of these do not wait for each other. */
const endAtWork = statement(
  sql`
    with ending as (
      select * from json_to_recordset(${sql.placeholder('ends')}::json) as ending (
        index integer, run_id uuid, attempt integer, status text, parts jsonb, usage jsonb, error jsonb, model text,
        now timestamptz, call_status text, call_model text, call_usage jsonb
      )
    ), active as (
      select ending.*, chat.id as chat_id, chat.seq, run.message_id
      from ending
        join ${runs} as run on run.id = ending.run_id and run.attempt = ending.attempt
        join ${chats} as chat on chat.id = run.chat_id
      where run.status in ('running', 'waiting')
      order by chat.id
      for update of chat, run
    ), answer as (
      update ${messages} as message set
        status = active.status, parts = active.parts, usage = active.usage, error = active.error, model = active.model
      from active where message.chat_id = active.chat_id and message.id = active.message_id
      returning message.id, message.chat_id, message.parent_id, message.created_at
    ), ended as (
      update ${runs} as run set status = active.status, error = active.error, ended_at = active.now
      from active where run.id = active.run_id
    ), closed as (
      update ${modelCalls} as call set
        status = ending.call_status, model = coalesce(ending.call_model, call.model), closed_at = ending.now,
        ${usageColumns(sql`ending.call_usage`)}
      from ending
      where call.run_id = ending.run_id and call.status = 'open' and call.purpose = 'answer'
        and (
          ending.run_id in (select run_id from active)
          or not exists (select from ${runs} as run where run.id = ending.run_id)
        )
    ), entries as (
      insert into ${chatEvents} (chat_id, seq, type, run_id, message_id)
      select chat_id, seq + 1, 'message.completed', null, message_id from active
      union all select chat_id, seq + 2, 'run.ended', run_id, null from active
    )
    update ${chats} as chat set seq = active.seq + 2, active_run_id = null
    from active join answer on answer.chat_id = active.chat_id and answer.id = active.message_id
    where chat.id = active.chat_id
    returning active.index, active.seq, chat.id, answer.id, answer.parent_id, answer.created_at`,
  {
    index: messages.seq,
    seq: chats.seq,
    chatId: chats.id,
    messageId: messages.id,
    parentId: messages.parentId,
    createdAt: messages.createdAt,
  },
);

/** What was kept of runs that have ended, so that they could go on. */
const deleteKept = statement(
  sql`
    with threads as (
      delete from ${checkpointThreads} as thread
      using json_array_elements_text(${sql.placeholder('runIds')}::json) as ended (id)
        join ${runs} as run on run.id = ended.id::uuid and run.ended_at is not null
      where thread.run_id = run.id
    )
    delete from ${runSlices} as slice using json_array_elements_text(${sql.placeholder('runIds')}::json) as ended (id)
      join ${runs} as run on run.id = ended.id::uuid and run.ended_at is not null
    where slice.run_id = run.id`,
  {},
);

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
