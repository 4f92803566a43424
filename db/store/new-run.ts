import type { MessageId, RunId, UserId } from '../../shared/ids.ts';
import type { RunInstructions } from '../../shared/workflow-trial.ts';
import type { ChatRow, RunRow } from '../rows.ts';

/** What is asked for. `messageId` is the person's message: one that comes, or of `regenerate` one that is there. */
export type RunTask = {
  readonly messageId: MessageId;
  readonly text: string;
  readonly instructions?: RunInstructions | null;
} & (
  | { readonly kind?: 'send' }
  | { readonly kind: 'edit'; readonly parentId: MessageId | null }
  | { readonly kind: 'regenerate'; readonly answerId: MessageId }
);

interface NewRun {
  readonly id: RunId;
  readonly userId: UserId;
  readonly task: RunTask;
  readonly now: string;
  /** The run whose answer the message is for. */
  readonly steers?: RunId | null;
}

/** A run that is not started yet. Its `run.queued` is the chat's next entry. */
export function newRun(
  chat: Pick<ChatRow, 'id' | 'seq' | 'appKind' | 'appId'>,
  { id, userId, task, now, steers = null }: NewRun,
): RunRow {
  const sendSeq = chat.seq + 1;
  return {
    id,
    chatId: chat.id,
    ownerId: userId,
    appKind: chat.appKind,
    appId: chat.appId,
    status: 'queued',
    kind: task.kind ?? 'send',
    userMessageId: task.messageId,
    parentMessageId: task.kind === 'edit' ? task.parentId : null,
    messageId: task.kind === 'regenerate' ? task.answerId : null,
    text: task.text,
    instructions: task.instructions ?? null,
    sentText: null,
    steers,
    error: null,
    appVersion: null,
    attempt: 0,
    // Numbers of the log grow, so the newest is always behind the others.
    position: sendSeq,
    sendSeq,
    stopRequestedAt: null,
    suspendedSeq: null,
    crashes: 0,
    crashProgress: null,
    dueSeq: null,
    createdAt: now,
    startedAt: null,
    endedAt: null,
  };
}
