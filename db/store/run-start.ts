import type { MessageId } from '../../shared/ids.ts';
import { toMessage, toRun, type ChatRow, type MessageRow, type RunRow } from '../rows.ts';
import type { StartedRun } from '../store.ts';
import type { LogEntries } from './chat-change.ts';

/** A run that goes to work now, and what has to be written for it. */
export interface RunStart {
  readonly run: RunRow;
  readonly messages: readonly [user: MessageRow, answer: MessageRow];
  readonly chat: Pick<ChatRow, 'activeRunId' | 'leafMessageId' | 'updatedAt'>;
  readonly started: StartedRun;
}

interface RunToStart {
  readonly chat: Pick<ChatRow, 'leafMessageId'>;
  readonly queued: RunRow;
  readonly answerId: MessageId;
  readonly log: LogEntries;
  readonly now: string;
}

/** Logs the start of a queued run in its idle chat: the person's message, the run, the answer that begins. */
export function startRun({ chat, queued, answerId, log, now }: RunToStart): RunStart {
  const run: RunRow = {
    ...queued,
    status: 'running',
    messageId: answerId,
    attempt: queued.attempt + 1,
    startedAt: now,
  };
  const user = userMessage(chat, run, log);
  const startSeq = log.add({ type: 'run.started', run: toRun(run) });
  const answer = emptyAnswer(run, answerId, now, log);
  return {
    run,
    messages: [user, answer],
    chat: { activeRunId: run.id, leafMessageId: answer.id, updatedAt: now },
    started: {
      run: toRun(run),
      userId: run.ownerId,
      userMessage: toMessage(user),
      message: toMessage(answer),
      attempt: run.attempt,
      startSeq,
      resumed: null,
    },
  };
}

type NewMessage = Pick<MessageRow, 'chatId' | 'id' | 'runId' | 'parentId' | 'role' | 'status' | 'parts' | 'createdAt'>;

function userMessage(chat: Pick<ChatRow, 'leafMessageId'>, run: RunRow, log: LogEntries): MessageRow {
  return addMessage(log, {
    chatId: run.chatId,
    id: run.userMessageId,
    runId: run.id,
    parentId: chat.leafMessageId,
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
  const row = { ...message, usage: null, error: null, model: null };
  const seq = log.add({ type: 'message.added', message: toMessage({ ...row, seq: 0 }) });
  return { ...row, seq };
}
