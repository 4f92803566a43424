import { and, asc, eq, sql, type SQL } from 'drizzle-orm';
import { SwitchboardError } from '../../shared/errors.ts';
import type { ChatId, RunId, UserId } from '../../shared/ids.ts';
import type { EditQueued, MoveQueued } from '../../shared/inputs.ts';
import { limits } from '../../shared/limits.ts';
import { toChat, toRun, type ChatRow, type RunRow } from '../rows.ts';
import { runs } from '../schema.ts';
import type { Sql } from '../sql.ts';
import type { Change, QueueChange } from '../store.ts';
import { releaseFiles } from './attachments.ts';
import { LogEntries, lockChat, saveChange, type ChatFields } from './chat-change.ts';

/** A chat's queue while its chat is held, in the order in which the runs will start. */
export function waitingRuns(tx: Sql, chatId: ChatId): Promise<RunRow[]> {
  return tx
    .select()
    .from(runs)
    .where(and(eq(runs.chatId, chatId), eq(runs.status, 'queued')))
    .orderBy(asc(runs.position));
}

export function editQueued(db: Sql, userId: UserId, { chatId, runId, text }: EditQueued): Promise<QueueChange> {
  return changeQueue(db, userId, chatId, (_chat, queue) => {
    const run = findWaiting(queue, runId);
    if (run.kind === 'regenerate') throw nothingToEdit(runId);
    if (run.text === text) return null;
    const edited = queue.map((one) => (one === run ? { ...run, text } : one));
    expectTextFits(edited);
    return {
      queue: edited,
      write: sql`update ${runs} set text = ${text}, sent_text = coalesce(sent_text, text) where id = ${runId}`,
    };
  });
}

export function moveQueued(db: Sql, userId: UserId, { chatId, runId, before }: MoveQueued): Promise<QueueChange> {
  return changeQueue(db, userId, chatId, (chat, queue) => {
    const run = findWaiting(queue, runId);
    const next = before === null ? null : findWaiting(queue, before);
    const others = queue.filter((one) => one !== run);
    const place = next === null ? others.length : others.indexOf(next);
    // Before itself is where it is.
    const moved = next === run ? queue : others.toSpliced(place, 0, run);
    if (moved.every((one, index) => one === queue[index])) return null;
    const placed = inOrder(chat, moved);
    return { queue: placed, write: savePositions(placed) };
  });
}

export function withdraw(db: Sql, now: string, userId: UserId, chatId: ChatId, runId: RunId): Promise<QueueChange> {
  return db.transaction(async (tx) => {
    const chat = await lockChat(tx, chatId, userId);
    const queue = await waitingRuns(tx, chatId);
    const run = findWaiting(queue, runId);
    const change = await endQueued(tx, now, chat, queue, run);
    return { ...change, queue: queue.filter((one) => one !== run).map(toRun) };
  });
}

/** A queued run has nothing to wait for: it ends at once. A pause ends with the last of them. */
export async function endQueued(
  tx: Sql,
  now: string,
  chat: ChatRow,
  queue: readonly RunRow[],
  { id, userMessageId, attachments }: RunRow,
): Promise<Change> {
  const log = new LogEntries(chat);
  log.add({ type: 'run.ended', runId: id, status: 'stopped' });
  const fields = queue.length === 1 ? setPause(log, chat, null) : {};
  await saveChange(tx, chat, log, fields, [
    sql`update ${runs} set status = 'stopped', stop_requested_at = ${now}, ended_at = ${now} where id = ${id}`,
    ...(attachments.length === 0 ? [] : releaseFiles(chat.id, [userMessageId], now)),
  ]);
  return { entries: log.entries };
}

export function resumeQueue(db: Sql, userId: UserId, chatId: ChatId): Promise<QueueChange> {
  return db.transaction(async (tx) => {
    const chat = await lockChat(tx, chatId, userId);
    const queue = (await waitingRuns(tx, chatId)).map(toRun);
    const log = new LogEntries(chat);
    const fields = setPause(log, chat, null);
    if (log.entries.length > 0) await saveChange(tx, chat, log, fields);
    return { entries: log.entries, queue };
  });
}

/** Logs that the queue of a held chat is paused, or goes on; where it is so already nothing is logged. */
export function setPause(log: LogEntries, chat: ChatRow, at: string | null): ChatFields {
  if ((chat.queuePausedAt === null) === (at === null)) return {};
  log.add({ type: 'chat.updated', chat: toChat({ ...chat, queuePausedAt: at }) });
  return { queuePausedAt: at };
}

/** The runs with positions that put them in this order, ahead of whatever comes later. */
export function inOrder(chat: Pick<ChatRow, 'seq'>, queue: readonly RunRow[]): RunRow[] {
  return queue.map((run, index) => ({ ...run, position: chat.seq + 1 - queue.length + index }));
}

export function savePositions(queue: readonly RunRow[]): SQL {
  const places = JSON.stringify(queue.map(({ id, position }) => ({ id, position })));
  return sql`
    update ${runs} as run set position = place.position
    from json_to_recordset(${places}::json) as place (id uuid, position integer) where run.id = place.id`;
}

/** Errors: `QUEUE_FULL` when messages that wait have too much text together; one alone may always wait. */
export function expectTextFits(queue: readonly Pick<RunRow, 'text'>[]): void {
  const waiting = queue.reduce((sum, { text }) => sum + text.length, 0);
  if (queue.length < 2 || waiting <= limits.queueText) return;
  throw new SwitchboardError('QUEUE_FULL', `The messages waiting in the chat would have ${waiting} characters.`, {
    details: { limit: limits.queueText },
  });
}

async function changeQueue(
  db: Sql,
  userId: UserId,
  chatId: ChatId,
  change: (chat: ChatRow, queue: readonly RunRow[]) => { readonly queue: RunRow[]; readonly write: SQL } | null,
): Promise<QueueChange> {
  return db.transaction(async (tx) => {
    const chat = await lockChat(tx, chatId, userId);
    const before = await waitingRuns(tx, chatId);
    const changed = change(chat, before);
    if (!changed) return { entries: [], queue: before.map(toRun) };
    const queue = changed.queue.map(toRun);
    const log = new LogEntries(chat);
    log.add({ type: 'queue.changed', queue });
    await saveChange(tx, chat, log, {}, [changed.write]);
    return { entries: log.entries, queue };
  });
}

function nothingToEdit(runId: RunId): SwitchboardError {
  const message = `runId: expected a message that waits, got ${runId}, which answers one that is there again; edit that one`;
  return new SwitchboardError('INVALID_INPUT', message);
}

/** Errors: `NOT_FOUND`, the same whether it has started, has ended or never was. */
function findWaiting(queue: readonly RunRow[], runId: RunId): RunRow {
  const run = queue.find(({ id }) => id === runId);
  if (run) return run;
  throw new SwitchboardError('NOT_FOUND', `Run ${runId} is not waiting in the chat (any more).`);
}
