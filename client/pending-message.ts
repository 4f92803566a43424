import type { ChatView } from '../shared/events.ts';
import type { Part } from '../shared/message.ts';
import type { Attachment } from './attachment.ts';
import type { ErrorInfo } from './call-error.ts';

/** A message that was written here and that the server's events have not brought yet. */
export interface PendingMessage {
  readonly messageId: string;
  readonly text: string;
  /** Absent: none. */
  readonly attachments?: readonly Attachment[];
  readonly status: 'sending' | 'failed';
  /** Why it failed. With `code` null the outcome is unknown; send it again under the same id. */
  readonly error?: ErrorInfo;
}

/** What is still pending once the view has become this one; the same list when nothing changed. */
export function stillPending(pending: readonly PendingMessage[], view: ChatView | null): readonly PendingMessage[] {
  const left = pending.filter(({ messageId }) => !holds(view, messageId));
  return left.length === pending.length ? pending : left;
}

function holds(view: ChatView | null, messageId: string): boolean {
  if (view === null) return false;
  return (
    view.messages.some(({ id, parts }) => id === messageId || parts.some((part) => isTaken(part, messageId))) ||
    view.queue.some((run) => run.userMessageId === messageId) ||
    view.activeRun?.userMessageId === messageId
  );
}

/** A message for an answer that was being written is in that answer. */
function isTaken(part: Part, messageId: string): boolean {
  return part.type === 'steering' && part.messageId === messageId;
}
