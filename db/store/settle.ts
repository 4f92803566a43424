import { and, asc, eq, isNotNull, lte, sql, type SQL } from 'drizzle-orm';
import { SwitchboardError } from '../../shared/errors.ts';
import type { ChatId, InputId, UserId } from '../../shared/ids.ts';
import type { FilePart } from '../../shared/message.ts';
import { answerOf } from '../chat-event-rows.ts';
import { toInputRequest, type ChatRow, type InputRow } from '../rows.ts';
import { chats, inputRequests, runs } from '../schema.ts';
import type { Sql } from '../sql.ts';
import type { Change, ExpiredInputs, InputState, RespondRequest, RespondResult } from '../store.ts';
import { holdAnswered, useFiles as keepFiles } from './attachments.ts';
import { LogEntries, lockChat, saveChange } from './chat-change.ts';

/** Who answers a question whose time is over, as its event tells it. */
const byExpiry = 'expiry';

/** Questions that are ended in one go; what is left is due at once. */
const expiredAtOnce = 100;

export async function findInput(db: Sql, userId: UserId, chatId: ChatId, inputId: InputId): Promise<InputState> {
  const [found] = await db
    .select({ input: inputRequests })
    .from(inputRequests)
    .innerJoin(chats, eq(chats.id, inputRequests.chatId))
    .where(and(eq(inputRequests.id, inputId), eq(chats.id, chatId), eq(chats.ownerId, userId)));
  if (!found) throw noSuchInput();
  return { request: toInputRequest(found.input), isPending: found.input.status === 'pending' };
}

/** The first answer wins: the chat is held while it is decided. */
export function respond(db: Sql, now: string, userId: UserId, request: RespondRequest): Promise<RespondResult> {
  const { chatId, inputId, value, files = [] } = request;
  return db.transaction(async (tx) => {
    const chat = await lockChat(tx, chatId, userId);
    const input = await readInput(tx, inputId);
    if (input?.chatId !== chatId) throw noSuchInput();
    if (input.status !== 'pending') return { entries: [], ...(await repeated(tx, input, userId, value)) };
    const isLate = input.expiresAt !== null && input.expiresAt <= now;
    const answer = isLate ? null : { by: userId, value, files: await holdAnswered(tx, userId, files, now) };
    const change = await settle(tx, now, chat, input, answer);
    return { ...change, accepted: !isLate, answeredBy: isLate ? byExpiry : userId };
  });
}

export async function expireInputs(db: Sql, now: string): Promise<ExpiredInputs> {
  const pending = eq(inputRequests.status, 'pending');
  const late = await db
    .select({ id: inputRequests.id, chatId: inputRequests.chatId })
    .from(inputRequests)
    .where(and(pending, lte(inputRequests.expiresAt, now)))
    .orderBy(asc(inputRequests.expiresAt))
    .limit(expiredAtOnce);
  const expired = [];
  for (const { id, chatId } of late) {
    const change = await expire(db, now, chatId, id);
    if (change) expired.push(change);
  }
  const [next] = await db
    .select({ at: inputRequests.expiresAt })
    .from(inputRequests)
    .where(and(pending, isNotNull(inputRequests.expiresAt)))
    .orderBy(asc(inputRequests.expiresAt))
    .limit(1);
  const due = await db
    .select({ chatId: runs.chatId, userId: runs.ownerId })
    .from(runs)
    .where(and(eq(runs.status, 'running'), isNotNull(runs.dueSeq)));
  return { expired, due, nextAt: next?.at ?? null };
}

/** One chat after another, so that none waits for another's lock. */
function expire(db: Sql, now: string, chatId: ChatId, inputId: InputId) {
  return db.transaction(async (tx) => {
    const [chat] = await tx.select().from(chats).where(eq(chats.id, chatId)).for('update');
    const input = await readInput(tx, inputId);
    if (!chat || input?.status !== 'pending') return null;
    return { chatId, ...(await settle(tx, now, chat, input, null)) };
  });
}

interface Answer {
  readonly by: UserId;
  readonly value: unknown;
  /** Held, by field. */
  readonly files: Record<string, FilePart[]>;
}

/**
 * The end of a pending question: its run is due from here on.
 *
 * @param answer null when its time is over
 */
async function settle(tx: Sql, now: string, chat: ChatRow, input: InputRow, answer: Answer | null): Promise<Change> {
  const held = Object.values(answer?.files ?? {}).flat();
  const settled: InputRow = {
    ...input,
    status: answer ? 'answered' : 'expired',
    answer: answer && { value: answer.value, ...(held.length > 0 && { files: answer.files }) },
    answeredBy: answer?.by ?? byExpiry,
  };
  const log = new LogEntries(chat);
  const seq = log.add(answerOf(settled));
  await saveChange(tx, chat, log, {}, [
    sql`update ${inputRequests} set
        status = ${settled.status}, answered_by = ${settled.answeredBy}, settled_at = ${now},
        answer = ${settled.answer ? JSON.stringify(settled.answer) : null}::json
      where id = ${input.id}`,
    sql`update ${runs} set status = 'running', due_seq = ${seq} where id = ${input.runId}`,
    ...(await keepAnswered(tx, input, held)),
  ]);
  return { entries: log.entries };
}

/** From now on they are those of the message that the run writes. */
async function keepAnswered(tx: Sql, { chatId, runId }: InputRow, held: readonly FilePart[]): Promise<SQL[]> {
  if (held.length === 0) return [];
  const [run] = await tx.select({ messageId: runs.messageId }).from(runs).where(eq(runs.id, runId));
  if (!run?.messageId) throw new Error(`run ${runId} has asked, and has no message`);
  return keepFiles({ chatId, messageId: run.messageId }, held);
}

/** The same answer of the same person once more is accepted, because its first reply may have been lost. */
async function repeated(tx: Sql, input: InputRow, userId: UserId, value: unknown) {
  const { answeredBy } = input;
  if (input.status !== 'answered' || answeredBy !== userId) return { accepted: false, answeredBy };
  const [same] = await tx
    .select({ id: inputRequests.id })
    .from(inputRequests)
    .where(
      and(
        eq(inputRequests.id, input.id),
        sql`(${inputRequests.answer}::jsonb) -> 'value' = ${JSON.stringify(value)}::jsonb`,
      ),
    );
  return { accepted: same !== undefined, answeredBy };
}

async function readInput(tx: Sql, inputId: InputId): Promise<InputRow | undefined> {
  const [input] = await tx.select().from(inputRequests).where(eq(inputRequests.id, inputId));
  return input;
}

function noSuchInput(): SwitchboardError {
  return new SwitchboardError('NOT_FOUND', 'The chat has no such question.');
}
