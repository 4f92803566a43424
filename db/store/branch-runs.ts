import { eq } from 'drizzle-orm';
import { SwitchboardError } from '../../shared/errors.ts';
import type { MessageId, UserId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { textOf } from '../../shared/message.ts';
import { newId } from '../../shared/new-id.ts';
import { insertRows } from '../insert-rows.ts';
import { toRun, type MessageRow, type RunRow } from '../rows.ts';
import { messages, runs } from '../schema.ts';
import type { Sql } from '../sql.ts';
import type { EditRequest, RegenerateRequest, SendResult } from '../store.ts';
import { LogEntries, saveChange } from './chat-change.ts';
import { appUnpublished } from './chats.ts';
import { findMessage } from './find-message.ts';
import { openFirstCall } from './model-calls.ts';
import { newRun, type RunTask } from './new-run.ts';
import { startRun } from './run-start.ts';
import {
  asDuplicate,
  conflictingContent,
  enqueue,
  expectRoom,
  lockForSend,
  runsThatMatter,
  textAsSent,
  type Arrival,
} from './sends.ts';
import { countSiblings } from './siblings.ts';

interface Call {
  readonly db: Sql;
  readonly now: string;
  readonly userId: UserId;
}

/** A run that begins a branch: what it has to do, and where its first new message goes. */
interface Branch {
  readonly task: RunTask;
  readonly parentId: MessageId | null;
  /** The person's message where there is one already. */
  readonly answered?: MessageRow;
}

export function regenerate(call: Call, request: RegenerateRequest): Promise<SendResult> {
  return branchOff(call, request, async (tx) => {
    const answered = await questionOf(tx, request);
    const { id: messageId } = answered;
    const text = textOf(answered);
    const instructions = await instructionsOf(tx, answered);
    const task = { kind: 'regenerate', messageId, text, instructions, answerId: request.newMessageId } as const;
    return { task, parentId: messageId, answered };
  });
}

export function edit(call: Call, request: EditRequest): Promise<SendResult> {
  return branchOff(call, request, async (tx) => {
    const { role, parentId } = await findMessage(tx, request.chatId, request.messageId);
    if (role !== 'user') {
      const message = `messageId: expected a message of a person, got the answer ${request.messageId}; regenerate it instead`;
      throw new SwitchboardError('INVALID_INPUT', message);
    }
    const task = { kind: 'edit', messageId: request.newMessageId, text: request.text, parentId } as const;
    return { task, parentId };
  });
}

/** @param find what is asked for, with the chat held. Errors: `NOT_FOUND` */
function branchOff(
  { db, now, userId }: Call,
  request: RegenerateRequest,
  find: (tx: Sql) => Promise<Branch>,
): Promise<SendResult> {
  const { chatId, newMessageId, mayStart, onBusy } = request;
  return db.transaction(async (tx) => {
    const added = { chatId, messageId: newMessageId };
    const { chat, appVersion, isTaken } = await lockForSend(tx, userId, added);
    const branch = await find(tx);
    const { first, queue } = await runsThatMatter(tx, added);
    if (first && isSame(first, branch.task)) return asDuplicate(first, newMessageId);
    if (first || isTaken) throw conflictingContent(newMessageId);
    if (appVersion === null) throw appUnpublished();
    const arrival = { chat, queue, request: { onBusy, text: branch.task.text } };
    expectRoom(arrival);
    await expectRoomBeside(tx, arrival, branch);
    const run = newRun(chat, { id: newId(), userId, task: branch.task, now });
    const isIdle = chat.activeRunId === null && queue.length === 0;
    return isIdle && mayStart ? start(tx, arrival, { run, appVersion }, branch, now) : enqueue(tx, arrival, run, now);
  });
}

/** The message that is to be answered again. */
async function questionOf(tx: Sql, { chatId, messageId }: RegenerateRequest): Promise<MessageRow> {
  const named = await findMessage(tx, chatId, messageId);
  // An answer always has what it answers.
  return named.role === 'user' || named.parentId === null ? named : findMessage(tx, chatId, named.parentId);
}

/** What the owner of a workflow has said about a message counts for each answer to it. */
async function instructionsOf(tx: Sql, { runId }: MessageRow): Promise<RunRow['instructions']> {
  if (runId === null) return null;
  const [run] = await tx.select({ instructions: runs.instructions }).from(runs).where(eq(runs.id, runId));
  return run?.instructions ?? null;
}

function isSame(first: RunRow, task: RunTask): boolean {
  if (first.kind !== task.kind || first.userMessageId !== task.messageId) return false;
  return task.kind === 'edit' ? first.parentMessageId === task.parentId && textAsSent(first) === task.text : true;
}

/** Counts those that wait too, so that none of them finds no room when it starts. */
async function expectRoomBeside(tx: Sql, { chat, queue }: Arrival, { task, parentId }: Branch): Promise<void> {
  const waiting = queue.filter((run) => {
    const beside = run.kind === 'edit' ? run.parentMessageId : run.userMessageId;
    return run.kind === task.kind && beside === parentId;
  });
  const there = (await countSiblings(tx, chat.id, parentId)) + waiting.length;
  if (there < limits.siblings) return;
  const message = `expected at most ${limits.siblings} messages in one place of a chat, and there are ${there}; go on from one of them`;
  throw new SwitchboardError('TOO_LARGE', message, { details: { limit: limits.siblings } });
}

async function start(
  tx: Sql,
  { chat }: Arrival,
  { run: queued, appVersion }: { readonly run: RunRow; readonly appVersion: number },
  branch: Branch,
  now: string,
): Promise<SendResult> {
  const log = new LogEntries(chat);
  log.add({ type: 'run.queued', run: toRun(queued) });
  const begun = startRun({ chat, queued, appVersion, answered: branch.answered, answerId: newId(), log, now });
  await saveChange(tx, chat, log, begun.chat, [
    insertRows(runs, [begun.run]),
    insertRows(messages, begun.messages),
    openFirstCall(begun.run, now),
  ]);
  const { id: runId, sendSeq: seq } = begun.run;
  const messageId = queued.messageId ?? queued.userMessageId;
  return { entries: log.entries, messageId, runId, seq, disposition: 'started', started: begun.started };
}
