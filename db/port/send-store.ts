import type { Chat } from '../../shared/chat.ts';
import type { ChatId, FileId, MessageId, RunId, UserId } from '../../shared/ids.ts';
import type { OnBusy } from '../../shared/inputs.ts';
import type { RunInstructions } from '../../shared/workflow-trial.ts';
import type { Change } from './chat-log.ts';
import type { StartedRun } from './run-store.ts';

export interface SendRequest {
  readonly chatId: ChatId;
  readonly messageId: MessageId;
  readonly text: string;
  /** The sender's files, in their order; absent: none. A message that has some is never taken by an answer. */
  readonly attachments?: readonly FileId[] | undefined;
  /** Of a workflow, by its owner. */
  readonly instructions?: RunInstructions;
  readonly onBusy: OnBusy;
  /** False while this process takes no new runs: the message is queued even in an idle chat. */
  readonly mayStart: boolean;
}

export interface RegenerateRequest extends Omit<SendRequest, 'messageId' | 'text' | 'attachments' | 'instructions'> {
  /** The answer that gets a sibling, or the message that it answers. */
  readonly messageId: MessageId;
  /** That of the new answer. */
  readonly newMessageId: MessageId;
}

export interface EditRequest extends RegenerateRequest {
  readonly text: string;
  /** Absent: those of the message. */
  readonly attachments?: readonly FileId[] | undefined;
}

export interface ForkRequest {
  readonly chatId: ChatId;
  /** The last message that is copied. */
  readonly messageId: MessageId;
  readonly newChatId: ChatId;
  /** Null: that of the chat. */
  readonly title: string | null;
}

export type SendResult = Change & {
  /** The message that was asked for under an id: the person's, or of `regenerate` the answer. */
  readonly messageId: MessageId;
  readonly runId: RunId;
  /** The place in the chat log just after the message was recorded; what its run does follows. */
  readonly seq: number;
} & (
    | { readonly disposition: 'started'; readonly started: StartedRun }
    /** `interrupts`: the active run, of which the stop was recorded with this message. */
    | {
        readonly disposition: 'queued';
        readonly interrupts: RunId | null;
        /** Whether the queue was paused until now: if nothing is active, its first run has to be started. */
        readonly resumes: boolean;
      }
    | { readonly disposition: 'duplicate' }
  );

/** Messages as they come, and the branches that they make. */
export interface SendStore {
  /**
   * Records a message and its run, and starts the run when the chat is idle and `mayStart`.
   *
   * Errors: `NOT_FOUND` for the chat or a file, `CONFLICT_BUSY`, `CONFLICT_DUPLICATE`, `QUEUE_FULL`, `APP_UNPUBLISHED`.
   */
  send(userId: UserId, request: SendRequest): Promise<SendResult>;
  /**
   * Records a run that gives another answer to a message, and starts it like `send`. At its start its branch is shown.
   * Errors: those of `send`; `NOT_FOUND` for the message, `TOO_LARGE` past `siblings`.
   */
  regenerate(userId: UserId, request: RegenerateRequest): Promise<SendResult>;
  /** The same for a message in place of another one of the person. Errors: also `INVALID_INPUT` when it is an answer. */
  edit(userId: UserId, request: EditRequest): Promise<SendResult>;
  /**
   * Shows the branch that this message is on: as it is if that is the case already, else down to the newest message that
   * follows. Errors: `NOT_FOUND`.
   */
  selectBranch(userId: UserId, chatId: ChatId, messageId: MessageId): Promise<Change & { chat: Chat }>;
  /**
   * A new chat with copies of everything up to a message. A repeated `newChatId` returns the chat that exists.
   *
   * Errors: `NOT_FOUND`, `CONFLICT_BUSY` while that message is being written, `TOO_LARGE` past `forkMessages`.
   */
  fork(userId: UserId, request: ForkRequest): Promise<Chat>;
}
