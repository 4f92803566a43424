import { and, asc, eq, or, sql, type SQL } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import { SwitchboardError } from '../../shared/errors.ts';
import type { RunId, UserId } from '../../shared/ids.ts';
import { newId } from '../../shared/new-id.ts';
import { limits } from '../../shared/limits.ts';
import { insertRows } from '../insert-rows.ts';
import { toRun, type ChatRow, type RunRow } from '../rows.ts';
import { assistants, chats, messages, runs, workflows } from '../schema.ts';
import type { Sql } from '../sql.ts';
import type { SendRequest, SendResult } from '../store.ts';
import { LogEntries, noSuchChat, saveChange } from './chat-change.ts';
import { appUnpublished } from './chats.ts';
import { newRun } from './new-run.ts';
import { endIdle } from './run-ends.ts';
import { idleStarter, startIdle, type Sent } from './start-idle.ts';

/** A locked chat and what decides about a message that comes. */
interface Arrival {
  readonly chat: ChatRow;
  /** In the order in which they will start. */
  readonly queue: readonly RunRow[];
  readonly request: SendRequest;
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
    const { chat, published, isAnswer } = await lockForSend(tx, userId, request);
    const known = await runsThatMatter(tx, request);
    const first = known.find((run) => run.userMessageId === request.messageId);
    if (first) return repeated(first, request);
    if (isAnswer) throw conflictingContent(request);
    if (published !== true) throw appUnpublished();
    const arrival = { chat, queue: known, request };
    expectRoom(arrival);
    const isIdle = chat.activeRunId === null && known.length === 0;
    // It has become idle since.
    const [started] = isIdle && request.mayStart ? await startIdle(tx, [sent]) : [];
    return started ?? enqueue(tx, arrival, userId, now);
  });
}

async function lockForSend(tx: Sql, userId: UserId, { chatId, messageId }: SendRequest) {
  // An alias, because `for update of` takes no name with a schema.
  const chat = alias(chats, 'chat');
  const answer = tx
    .select({ found: sql`1` })
    .from(messages)
    .where(and(eq(messages.chatId, chatId), eq(messages.id, messageId), eq(messages.role, 'assistant')));
  const [found] = await tx
    .select({
      chat,
      published: sql<boolean | null>`coalesce(${assistants.published}, ${workflows.published})`,
      isAnswer: sql<boolean>`exists (${answer})`,
    })
    .from(chat)
    .leftJoin(assistants, and(eq(chat.appKind, 'assistant'), eq(assistants.id, chat.appId)))
    .leftJoin(workflows, and(eq(chat.appKind, 'workflow'), eq(workflows.id, chat.appId)))
    .where(and(eq(chat.id, chatId), eq(chat.ownerId, userId)))
    .for('update', { of: chat });
  if (!found) throw noSuchChat();
  return found;
}

/** The queue, and the run of this very message if there is one; read after the lock, so nothing of it changes any more. */
function runsThatMatter(tx: Sql, { chatId, messageId }: SendRequest): Promise<RunRow[]> {
  return tx
    .select()
    .from(runs)
    .where(and(eq(runs.chatId, chatId), or(eq(runs.status, 'queued'), eq(runs.userMessageId, messageId))))
    .orderBy(asc(runs.position));
}

function repeated(first: RunRow, request: SendRequest): SendResult {
  if (first.text !== request.text) throw conflictingContent(request);
  return {
    entries: [],
    messageId: request.messageId,
    runId: first.id,
    seq: first.sendSeq,
    disposition: 'duplicate',
  };
}

function conflictingContent({ messageId }: SendRequest): SwitchboardError {
  return new SwitchboardError(
    'CONFLICT_DUPLICATE',
    `The chat has a message ${messageId} with other content; send yours under an id of its own.`,
  );
}

function expectRoom({ chat, queue, request }: Arrival): void {
  const ahead = chat.activeRunId ?? queue[0]?.id;
  if (request.onBusy === 'reject' && ahead !== undefined) {
    throw new SwitchboardError('CONFLICT_BUSY', 'The chat is busy with another message.', {
      details: { activeRunId: ahead },
    });
  }
  const waiting = queue.reduce((sum, { text }) => sum + text.length, request.text.length);
  if (queue.length > 0 && waiting > limits.queueText) {
    throw new SwitchboardError('QUEUE_FULL', `The messages waiting in the chat would have ${waiting} characters.`, {
      details: { limit: limits.queueText },
    });
  }
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

async function enqueue(tx: Sql, { chat, queue, request }: Arrival, userId: UserId, now: string): Promise<SendResult> {
  const before = request.onBusy === 'interrupt' ? queue[0] : undefined;
  const run = newRun(chat, { ...request, id: newId(), userId, now, before });
  const log = new LogEntries(chat);
  log.add({ type: 'run.queued', run: toRun(run) });
  const interrupts = request.onBusy === 'interrupt' ? chat.activeRunId : null;
  if (request.onBusy === 'interrupt' && queue.length > 0) {
    log.add({ type: 'queue.changed', queue: [run, ...queue].map(toRun) });
  }
  await saveChange(tx, chat, log, {}, [
    insertRows(runs, [run]),
    ...(interrupts === null ? [] : [stopRequest(interrupts, now)]),
  ]);
  // One that waits for a person is not at work anywhere: it ends here and now.
  const ended = interrupts === null ? null : await endIdle(tx, now, interrupts);
  const entries = [...log.entries, ...(ended?.entries ?? [])];
  const { messageId } = request;
  return { entries, messageId, runId: run.id, seq: run.sendSeq, disposition: 'queued', interrupts };
}

/** The first request counts. */
function stopRequest(runId: RunId, now: string): SQL {
  return sql`update ${runs} set stop_requested_at = coalesce(stop_requested_at, ${now}::timestamptz) where id = ${runId}`;
}
