import { and, asc, eq, isNotNull, sql } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { RunId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import type { Part } from '../../shared/message.ts';
import { toRun, type RunRow } from '../rows.ts';
import { chats, runs } from '../schema.ts';
import type { Sql } from '../sql.ts';
import { statement } from '../statement.ts';
import type { Steering, SteeringTaken } from '../store.ts';
import { LogEntries, saveChange } from './chat-change.ts';
import { waitingRuns } from './queue.ts';

const nothing: SteeringTaken = { entries: [], taken: [] };

export async function takeSteering(db: Sql, now: string, runId: RunId, attempt: number): Promise<SteeringTaken> {
  // Asked at each step of an answer, and mostly in vain.
  const [sent] = await findSteering(db, { runId });
  return sent ? takeHeld(db, now, runId, attempt) : nothing;
}

const findSteering = statement(sql`select id from ${runs} where steers = ${sql.placeholder('runId')} limit 1`, {
  id: runs.id,
});

function takeHeld(db: Sql, now: string, runId: RunId, attempt: number): Promise<SteeringTaken> {
  return db.transaction(async (tx) => {
    const active = await lockRunning(tx, runId, attempt);
    if (!active) return nothing;
    const { chat, isStopping, messageId } = active;
    const before = await takenBy(tx, runId);
    const queue = await waitingRuns(tx, chat.id);
    const taken = isStopping ? [] : thatFit(queue, runId, before);
    if (taken.length === 0) return { entries: [], taken: before.map(toSteering) };
    const log = new LogEntries(chat);
    for (const { id } of taken) log.add({ type: 'run.ended', runId: id, status: 'completed' });
    log.add({ type: 'queue.changed', queue: queue.filter((run) => !taken.includes(run)).map(toRun) });
    const ids = JSON.stringify(taken.map(({ id }) => id));
    await saveChange(tx, chat, log, {}, [
      sql`update ${runs} set status = 'completed', message_id = ${messageId}, ended_at = ${now}
        where id in (select id::uuid from json_array_elements_text(${ids}::json) as taken (id))`,
    ]);
    return { entries: log.entries, taken: [...before, ...taken].map(toSteering) };
  });
}

async function lockRunning(tx: Sql, runId: RunId, attempt: number) {
  // Aliases, because `for update of` takes no name with a schema. The run too: what is not locked may be from before an end
  // that the chat's lock was waited for.
  const chat = alias(chats, 'chat');
  const run = alias(runs, 'run');
  const [active] = await tx
    .select({ chat, messageId: run.messageId, stopRequestedAt: run.stopRequestedAt })
    .from(chat)
    .innerJoin(run, eq(run.chatId, chat.id))
    .where(and(eq(run.id, runId), eq(run.attempt, attempt), eq(run.status, 'running')))
    .for('update', { of: [chat, run] });
  return active && { ...active, isStopping: active.stopRequestedAt !== null || active.chat.queuePausedAt !== null };
}

/** Runs whose messages an answer has taken, in that order. */
function takenBy(tx: Sql, runId: RunId): Promise<RunRow[]> {
  return tx
    .select()
    .from(runs)
    .where(and(eq(runs.steers, runId), eq(runs.status, 'completed'), isTaken))
    .orderBy(asc(runs.endedAt), asc(runs.position));
}

/** One that was not taken but answered has started. */
const isTaken = and(isNotNull(runs.messageId), sql`${runs.startedAt} is null`);

function thatFit(queue: readonly RunRow[], runId: RunId, before: readonly RunRow[]): RunRow[] {
  let room = limits.steeringText - before.reduce((sum, { text }) => sum + text.length, 0);
  const fitting: RunRow[] = [];
  for (const run of queue.filter(({ steers }) => steers === runId)) {
    room -= run.text.length;
    if (room < 0) break;
    fitting.push(run);
  }
  return fitting;
}

function toSteering({ userMessageId, text }: RunRow): Steering {
  return { messageId: userMessageId, text };
}

/** An answer as recorded, with what it had taken since the last record: that is nowhere else. */
export async function withTaken(tx: Sql, runId: RunId, parts: readonly Part[]): Promise<Part[]> {
  const recorded = new Set(parts.map((part) => (part.type === 'steering' ? part.messageId : null)));
  const missing = (await takenBy(tx, runId)).filter(({ userMessageId }) => !recorded.has(userMessageId));
  return [...parts, ...missing.map((run): Part => ({ type: 'steering', ...toSteering(run) }))];
}
