import { isDeepStrictEqual } from 'node:util';
import { and, asc, eq, ne, or, sql, type SQL } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { SwitchboardError } from '../../shared/errors.ts';
import type { ChatId, MessageId, RunId, UserId } from '../../shared/ids.ts';
import type { OnBusy } from '../../shared/inputs.ts';
import { newId } from '../../shared/new-id.ts';
import { limits } from '../../shared/limits.ts';
import { insertRows } from '../insert-rows.ts';
import { toRun, type ChatRow, type RunRow } from '../rows.ts';
import { chats, messages, runs } from '../schema.ts';
import type { Sql } from '../sql.ts';
import type { SendRequest, SendResult } from '../store.ts';
import { LogEntries, noSuchChat, saveChange } from './chat-change.ts';
import { appUnpublished } from './chats.ts';
import { newRun } from './new-run.ts';
import { expectTextFits, inOrder, savePositions, setPause } from './queue.ts';
import { endIdle } from './run-ends.ts';
import { idleStarter, startIdle, type Sent } from './start-idle.ts';
import { usableVersion } from './usable-app.ts';

/** A locked chat and what decides about a run that is asked for. */
export interface Arrival {
  readonly chat: ChatRow;
  /** In the order in which they will start. */
  readonly queue: readonly RunRow[];
  readonly request: Pick<SendRequest, 'onBusy' | 'text'>;
}

/** Most messages come to an idle chat, and are written together. What becomes of all others is decided with the chat held. */
export function sender(db: Sql): (sent: Sent) => Promise<SendResult> {
  const start = idleStarter(db);
  return async (sent) => {
    const started = sent.request.mayStart ? await start(sent) : null;
    return started ?? sendHeld(db, sent);
  };
}

function sendHeld(db: Sql, sent: Sent): Promise<SendResult> {
  const { userId, request, now } = sent;
  return db.transaction(async (tx) => {
    const { chat, appVersion, isTaken } = await lockForSend(tx, userId, request);
    const { first, queue } = await runsThatMatter(tx, request);
    if (first) return repeated(first, request);
    if (isTaken) throw conflictingContent(request.messageId);
    if (appVersion === null) throw appUnpublished();
    const arrival = { chat, queue, request };
    expectRoom(arrival);
    const isIdle = chat.activeRunId === null && queue.length === 0;
    // It has become idle since.
    const [started] = isIdle && request.mayStart ? await startIdle(tx, [sent]) : [];
    const steers = request.onBusy === 'steer' && chat.queuePausedAt === null ? chat.activeRunId : null;
    return started ?? enqueue(tx, arrival, newRun(chat, { id: newId(), userId, task: request, now, steers }), now);
  });
}

interface NewMessage {
  readonly chatId: ChatId;
  /** Of the message that comes, whoever's it is going to be. */
  readonly messageId: MessageId;
}

/** Holds the chat. `isTaken`: there is a message of this id. Errors: `NOT_FOUND`. */
export async function lockForSend(tx: Sql, userId: UserId, { chatId, messageId }: NewMessage) {
  // An alias, because `for update of` takes no name with a schema.
  const chat = alias(chats, 'chat');
  const known = tx
    .select({ found: sql`1` })
    .from(messages)
    .where(and(eq(messages.chatId, chatId), eq(messages.id, messageId)));
  const [found] = await tx
    .select({
      chat,
      appVersion: usableVersion,
      isTaken: sql<boolean>`exists (${known})`,
    })
    .from(chat)
    .where(and(eq(chat.id, chatId), eq(chat.ownerId, userId)))
    .for('update', { of: chat });
  if (!found) throw noSuchChat();
  return found;
}

/**
 * The queue, and the run that was asked for under this very id if there is one; read after the lock, so nothing of it
 * changes any more.
 */
export async function runsThatMatter(tx: Sql, { chatId, messageId }: NewMessage) {
  const isFirst = or(
    and(eq(runs.userMessageId, messageId), ne(runs.kind, 'regenerate')),
    and(eq(runs.messageId, messageId), eq(runs.kind, 'regenerate')),
  );
  const known = await tx
    .select({ run: runs, isFirst: sql<boolean>`${isFirst}` })
    .from(runs)
    .where(and(eq(runs.chatId, chatId), or(eq(runs.status, 'queued'), isFirst)))
    .orderBy(asc(runs.position));
  const queue = known.filter(({ run }) => run.status === 'queued').map(({ run }) => run);
  return { first: known.find((run) => run.isFirst)?.run, queue };
}

function repeated(first: RunRow, request: SendRequest): SendResult {
  if (first.kind !== 'send' || textAsSent(first) !== request.text || !isSameInstructions(first, request))
    throw conflictingContent(request.messageId);
  return asDuplicate(first, request.messageId);
}

function isSameInstructions({ instructions }: RunRow, request: SendRequest): boolean {
  return isDeepStrictEqual(instructions, request.instructions ?? null);
}

/** What is compared with a repeat, whatever has become of it in the queue. */
export function textAsSent({ sentText, text }: RunRow): string {
  return sentText ?? text;
}

export function asDuplicate(first: RunRow, messageId: MessageId): SendResult {
  return { entries: [], messageId, runId: first.id, seq: first.sendSeq, disposition: 'duplicate' };
}

export function conflictingContent(messageId: MessageId): SwitchboardError {
  return new SwitchboardError(
    'CONFLICT_DUPLICATE',
    `The chat has a message ${messageId} with other content; send yours under an id of its own.`,
  );
}

/** Errors: `CONFLICT_BUSY`, `QUEUE_FULL`. */
export function expectRoom({ chat, queue, request }: Arrival): void {
  const ahead = chat.activeRunId ?? queue[0]?.id;
  if (request.onBusy === 'reject' && ahead !== undefined) {
    throw new SwitchboardError('CONFLICT_BUSY', 'The chat is busy with another message.', {
      details: { activeRunId: ahead },
    });
  }
  expectTextFits([...queue, request]);
  if (queue.length >= limits.queueLength) {
    throw new SwitchboardError(
      'QUEUE_FULL',
      `The chat has ${queue.length} messages waiting; it takes no more for now.`,
      {
        details: { limit: limits.queueLength },
      },
    );
  }
}

/** A run that comes to a paused queue lets it go on. */
export async function enqueue(
  tx: Sql,
  { chat, queue, request: { onBusy } }: Arrival,
  run: RunRow,
  now: string,
): Promise<SendResult> {
  const log = new LogEntries(chat);
  log.add({ type: 'run.queued', run: toRun(run) });
  const order = queue.toSpliced(placeOf(run, queue, onBusy), 0, run);
  const isLast = order.at(-1) === run;
  if (!isLast) log.add({ type: 'queue.changed', queue: order.map(toRun) });
  const placed = isLast ? order : inOrder(chat, order);
  const isNew = ({ id }: RunRow) => id === run.id;
  const interrupts = onBusy === 'interrupt' ? chat.activeRunId : null;
  await saveChange(tx, chat, log, setPause(log, chat, null), [
    insertRows(runs, placed.filter(isNew)),
    ...(isLast ? [] : [savePositions(placed.filter((one) => !isNew(one)))]),
    ...(interrupts === null ? [] : [stopRequest(interrupts, now)]),
  ]);
  // One that waits for a person is not at work anywhere: it ends here and now.
  const ended = interrupts === null ? null : await endIdle(tx, now, interrupts);
  return {
    entries: [...log.entries, ...(ended?.entries ?? [])],
    messageId: run.messageId ?? run.userMessageId,
    runId: run.id,
    seq: run.sendSeq,
    disposition: 'queued',
    interrupts,
    resumes: chat.queuePausedAt !== null,
  };
}

/** What interrupts goes first; what is for the answer that is being written goes behind others that are, so that it is next. */
function placeOf({ steers }: RunRow, queue: readonly RunRow[], onBusy: OnBusy): number {
  if (onBusy === 'interrupt') return 0;
  if (steers === null) return queue.length;
  return queue.findLastIndex((other) => other.steers === steers) + 1;
}

/** The first request counts. */
function stopRequest(runId: RunId, now: string): SQL {
  return sql`update ${runs} set stop_requested_at = coalesce(stop_requested_at, ${now}::timestamptz) where id = ${runId}`;
}
