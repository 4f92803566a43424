import type { MessageId, RunId, UserId } from '../../shared/ids.ts';
import type { ChatRow, RunRow } from '../rows.ts';

interface NewRun {
  readonly id: RunId;
  readonly userId: UserId;
  readonly messageId: MessageId;
  readonly text: string;
  readonly now: string;
  /** The run that it is to start before; absent where it goes behind all others. */
  readonly before?: RunRow | undefined;
}

/** The run of a message that comes, not started yet. Its `run.queued` is the chat's next entry. */
export function newRun(
  chat: Pick<ChatRow, 'id' | 'seq' | 'appKind' | 'appId'>,
  { id, userId, messageId, text, now, before }: NewRun,
): RunRow {
  const sendSeq = chat.seq + 1;
  return {
    id,
    chatId: chat.id,
    ownerId: userId,
    appKind: chat.appKind,
    appId: chat.appId,
    status: 'queued',
    userMessageId: messageId,
    messageId: null,
    text,
    error: null,
    attempt: 0,
    // Numbers of the log grow, so the newest is always behind the others.
    position: before ? before.position - 1 : sendSeq,
    sendSeq,
    stopRequestedAt: null,
    suspendedSeq: null,
    dueSeq: null,
    createdAt: now,
    startedAt: null,
    endedAt: null,
  };
}
