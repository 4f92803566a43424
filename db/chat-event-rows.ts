import type { Chat } from '../shared/chat.ts';
import { unreachable } from '../shared/errors.ts';
import type { ChatLogEvent } from '../shared/events.ts';
import { noFeedback } from '../shared/feedback.ts';
import type { ChatId, RunId } from '../shared/ids.ts';
import { toInputRequest, toMessage, toRun } from './rows.ts';
import type { ChatEventInsert, ChatEventRow, InputRow, MessageRow, RunRow } from './rows.ts';
import type { ChatLogEntry, InnerEvent } from './store.ts';

/** What the log of a chat can hold. `chat.deleted` is never stored: the log goes with its chat. */
export type LoggedEvent = Exclude<ChatLogEvent, { type: 'chat.deleted' }> | InnerEvent;

export interface LoggedEntry extends ChatLogEntry {
  readonly event: LoggedEvent;
}

export function toEventRow(chatId: ChatId, { seq, event }: LoggedEntry): ChatEventInsert {
  const row = { chatId, seq, type: event.type };
  switch (event.type) {
    case 'run.queued':
    case 'run.started':
      return { ...row, runId: event.run.id };
    case 'run.ended':
    case 'answer.reset':
      return { ...row, runId: event.runId };
    case 'message.added':
    case 'message.completed':
      return { ...row, messageId: event.message.id };
    case 'message.feedback':
      return { ...row, messageId: event.messageId };
    case 'branch.selected':
      return { ...row, messageId: event.leafMessageId };
    case 'input.requested':
      return { ...row, inputId: event.input.id };
    case 'input.answered':
      return { ...row, inputId: event.inputId };
    case 'queue.changed':
      return { ...row, data: event.queue.map((run) => run.id) };
    case 'chat.updated':
      return { ...row, data: event.chat };
    default:
      return unreachable(event);
  }
}

/** A row and what it speaks of: the run, the message, the question that it names. */
export interface FoundEvent {
  readonly row: ChatEventRow;
  readonly run: RunRow | null;
  readonly message: MessageRow | null;
  readonly input: InputRow | null;
  readonly queued: ReadonlyMap<RunId, RunRow>;
}

/** The entry as it was when it was written, whatever has become of its run and its message since. */
export function toEntry(found: FoundEvent): LoggedEntry {
  return { seq: found.row.seq, event: toEvent(found) };
}

function toEvent(found: FoundEvent): LoggedEvent {
  const { type, data } = found.row;
  switch (type) {
    case 'run.queued':
      return { type, run: toRun(asQueued(runOf(found))) };
    case 'run.started':
      return { type, run: toRun(asStarted(runOf(found))) };
    case 'run.ended':
      return endOf(runOf(found));
    case 'message.added':
      return { type, message: toMessage(asAdded(messageOf(found))) };
    case 'message.completed':
      return { type, message: toMessage(messageOf(found)) };
    case 'message.feedback':
      return feedbackOn(messageOf(found));
    case 'branch.selected':
      return { type, leafMessageId: found.row.messageId };
    case 'answer.reset':
      return { type, runId: runOf(found).id };
    case 'input.requested':
      return { type, input: toInputRequest(inputOf(found)) };
    case 'input.answered':
      return answerOf(inputOf(found));
    case 'queue.changed':
      return { type, queue: queueOf(data as RunId[], found.queued) };
    case 'chat.updated':
      return { type, chat: data as Chat };
    default:
      return unreachable(type);
  }
}

function runOf({ row, run }: FoundEvent): RunRow {
  if (!run)
    throw new Error(`chat ${row.chatId}: entry ${row.seq} of its log names the run ${row.runId}, which is gone`);
  return run;
}

function messageOf({ row, message }: FoundEvent): MessageRow {
  if (message) return message;
  throw new Error(`chat ${row.chatId}: entry ${row.seq} of its log names the message ${row.messageId}, which is gone`);
}

function inputOf({ row, input }: FoundEvent): InputRow {
  if (input) return input;
  throw new Error(`chat ${row.chatId}: entry ${row.seq} of its log names the question ${row.inputId}, which is gone`);
}

/** How a question was settled: by a person, or by the end of its time. */
export function answerOf({ id, answer, answeredBy }: InputRow): LoggedEvent {
  if (answeredBy === null) throw new Error(`question ${id}: expected one that was answered`);
  return { type: 'input.answered', inputId: id, answeredBy, value: answer?.value ?? null };
}

function asQueued(run: RunRow): RunRow {
  return { ...asStarted(run), status: 'queued', appVersion: null, messageId: null, startedAt: null };
}

function asStarted(run: RunRow): RunRow {
  return { ...run, status: 'running', error: null, endedAt: null };
}

/** As it is now: what was thought before has been replaced. */
function feedbackOn({ id, feedback }: MessageRow): LoggedEvent {
  return { type: 'message.feedback', messageId: id, feedback: feedback ?? noFeedback };
}

/** A user's message is whole from the start; an answer begins empty. */
function asAdded(message: MessageRow): MessageRow {
  if (message.role === 'user') return message;
  return { ...message, status: 'streaming', parts: [], usage: null, error: null, model: null };
}

function endOf(run: RunRow): LoggedEvent {
  const { status } = run;
  if (status === 'queued' || status === 'running' || status === 'waiting') {
    throw new Error(`run ${run.id}: its chat's log says that it has ended, its own row says ${status}`);
  }
  return { type: 'run.ended', runId: run.id, status, ...(run.error && { error: run.error }) };
}

function queueOf(ids: readonly RunId[], queued: ReadonlyMap<RunId, RunRow>) {
  return ids.flatMap((id) => {
    const run = queued.get(id);
    return run ? [toRun(asQueued(run))] : [];
  });
}
