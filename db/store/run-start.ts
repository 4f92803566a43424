import type { MessageId } from '../../shared/ids.ts';
import { toMessage, toRun, type ChatRow, type MessageRow, type RunRow } from '../rows.ts';
import type { StartedRun } from '../store.ts';
import type { LogEntries } from './chat-change.ts';

/** A run that goes to work now, and what has to be written for it. */
export interface RunStart {
  readonly run: RunRow;
  readonly messages: readonly MessageRow[];
  readonly chat: Pick<ChatRow, 'activeRunId' | 'leafMessageId' | 'updatedAt'>;
  readonly started: StartedRun;
}

interface RunToStart {
  readonly chat: Pick<ChatRow, 'leafMessageId'>;
  readonly queued: RunRow;
  /** Of what answers, as it is now. */
  readonly appVersion: number;
  /** Used where the run does not know it already. */
  readonly answerId: MessageId;
  /** The person's message where the run answers one that is there. */
  readonly answered?: MessageRow | undefined;
  readonly log: LogEntries;
  readonly now: string;
}

/** Logs the start of a queued run in its idle chat: the person's message if it is new, the run, the answer that begins. */
export function startRun({ chat, queued, appVersion, answered, log, now, ...start }: RunToStart): RunStart {
  const answerId = queued.messageId ?? start.answerId;
  const run: RunRow = {
    ...queued,
    status: 'running',
    appVersion,
    messageId: answerId,
    attempt: queued.attempt + 1,
    startedAt: now,
  };
  if (queued.kind !== 'send') log.add({ type: 'branch.selected', leafMessageId: answered?.id ?? run.parentMessageId });
  const user = answered ?? userMessage(run.kind === 'edit' ? run.parentMessageId : chat.leafMessageId, run, log);
  const startSeq = log.add({ type: 'run.started', run: toRun(run) });
  const answer = emptyAnswer(run, answerId, now, log);
  return {
    run,
    messages: answered ? [answer] : [user, answer],
    chat: { activeRunId: run.id, leafMessageId: answer.id, updatedAt: now },
    started: {
      run: toRun(run),
      userId: run.ownerId,
      userMessage: toMessage(user),
      message: toMessage(answer),
      attempt: run.attempt,
      startSeq,
      resumed: null,
      instructions: run.instructions,
    },
  };
}

type NewMessage = Pick<MessageRow, 'chatId' | 'id' | 'runId' | 'parentId' | 'role' | 'status' | 'parts' | 'createdAt'>;

function userMessage(parentId: MessageId | null, run: RunRow, log: LogEntries): MessageRow {
  return addMessage(log, {
    chatId: run.chatId,
    id: run.userMessageId,
    runId: run.id,
    parentId,
    role: 'user',
    status: 'completed',
    parts: [{ type: 'text', text: run.text }],
    createdAt: run.createdAt,
  });
}

function emptyAnswer(run: RunRow, id: MessageId, now: string, log: LogEntries): MessageRow {
  return addMessage(log, {
    chatId: run.chatId,
    id,
    runId: run.id,
    parentId: run.userMessageId,
    role: 'assistant',
    status: 'streaming',
    parts: [],
    createdAt: now,
  });
}

function addMessage(log: LogEntries, message: NewMessage): MessageRow {
  const row = { ...message, usage: null, error: null, model: null, feedback: null };
  const seq = log.add({ type: 'message.added', message: toMessage({ ...row, seq: 0 }) });
  return { ...row, seq };
}
