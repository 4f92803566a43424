import type { Assistant } from '../shared/assistant.ts';
import type { App, Chat } from '../shared/chat.ts';
import type { ChatLogEvent, ChatView } from '../shared/events.ts';
import type { AppId, ChatId, InputId, MessageId, RunId, UserId } from '../shared/ids.ts';
import type { OnBusy } from '../shared/inputs.ts';
import type { Message, Part, RunError, TextKind, Usage } from '../shared/message.ts';
import type { Ending, InputRequest, Question, Run, RunStatus } from '../shared/run.ts';
import type { Workflow, WorkflowSummary } from '../shared/workflow.ts';

/** One durable change of a chat, as its chat log numbers it: 1, 2, 3 … without holes. */
export interface ChatLogEntry {
  readonly seq: number;
  readonly event: ChatLogEvent;
}

/** How far a chat's log has come. */
export interface ChatPlace {
  /** The number of the newest entry of the chat log. */
  readonly seq: number;
  /** The active run's newest question, pending or not; null where no run is active or it never asked. */
  readonly suspended: Suspension | null;
}

interface Suspension {
  readonly runId: RunId;
  /** The number of the `input.requested`. What the run did before is only told in full while its process remembers. */
  readonly seq: number;
}

/** A chat's durable state at one moment; everything in it was read in one transaction. */
export interface StoredChat extends ChatPlace {
  readonly chat: Chat;
  readonly activeRun: Run | null;
  readonly pendingInput: InputRequest | null;
  readonly queue: Run[];
}

/** A view and the place in the chat log that it stands at. */
export interface StoredView extends ChatPlace {
  readonly view: ChatView;
}

/** A run that was just put to work; whoever gets it has to execute it. */
export interface StartedRun {
  readonly run: Run;
  readonly userId: UserId;
  readonly userMessage: Message;
  /** The answer: `streaming`, with the parts that there were before. */
  readonly message: Message;
  /** Counts the times the run was put to work; a write with an older number is refused. */
  readonly attempt: number;
  /** The number of the entry after which what it does now comes: its `run.started`, or an `input.answered`. */
  readonly startSeq: number;
  /** Null when it was put to work for the first time. */
  readonly resumed: ResumedRun | null;
}

/** What a run that has waited for a person knows from before. */
interface ResumedRun {
  /** The number of its newest `input.requested`. */
  readonly suspendedSeq: number;
  /** Of all its questions, oldest first. */
  readonly answers: readonly InputAnswer[];
  readonly usage: Usage | null;
  readonly model: string | null;
}

/** How a question was settled. */
export interface InputAnswer {
  readonly inputId: InputId;
  readonly kind: InputRequest['kind'];
  /** As the handler gave it with the question. */
  readonly subject: unknown;
  /** As the person gave it; it keeps to the question's schema. Null when the question has expired. */
  readonly value: unknown;
  readonly answeredBy: string;
  /** Nobody answered in time. */
  readonly expired: boolean;
}

/** What a change did to the chat log. Entries are in order and follow each other. */
export interface Change {
  readonly entries: readonly ChatLogEntry[];
}

export interface SendRequest {
  readonly chatId: ChatId;
  readonly messageId: MessageId;
  readonly text: string;
  readonly onBusy: OnBusy;
  /** False while this process takes no new runs: the message is queued even in an idle chat. */
  readonly mayStart: boolean;
}

export type SendResult = Change & {
  readonly messageId: MessageId;
  readonly runId: RunId;
  /** The place in the chat log just after the message was recorded; what its run does follows. */
  readonly seq: number;
} & (
    | { readonly disposition: 'started'; readonly started: StartedRun }
    /** `interrupts`: the active run, of which the stop was recorded with this message. */
    | { readonly disposition: 'queued'; readonly interrupts: RunId | null }
    | { readonly disposition: 'duplicate' }
  );

export interface StopResult extends Change {
  readonly runId: RunId;
  /** The run's status now: one that waits is `stopped` at once, one at work goes on until its process has ended it. */
  readonly status: RunStatus;
}

/** A stretch of an answer as the recorder writes it: text from `offset` on, or a whole part. */
export interface Slice {
  readonly runId: RunId;
  readonly attempt: number;
  /** Where it begins in the run's log. The same number again replaces what was written under it. */
  readonly seq: number;
  readonly part: number;
  readonly content:
    | { readonly kind: TextKind; readonly offset: number; readonly text: string }
    | { readonly value: Part };
}

export interface FinishedRun {
  readonly runId: RunId;
  readonly attempt: number;
  readonly status: Ending;
  readonly error?: RunError | undefined;
  readonly parts: readonly Part[];
  readonly usage?: Usage | undefined;
  readonly model?: string | undefined;
}

/** Which time of being at work a write belongs to. */
export interface RunAttempt {
  readonly runId: RunId;
  readonly attempt: number;
}

/** `intent`: nothing has happened yet. `uncertain`: it has begun, and nobody knows whether it took effect. */
export type ToolCallState = 'intent' | 'started' | 'done' | 'failed' | 'uncertain' | 'denied';

export interface ToolCallIntent {
  readonly id: string;
  readonly name: string;
  readonly input: unknown;
  readonly readOnly: boolean;
  readonly step: number;
}

export interface ToolCallMove {
  readonly id: string;
  readonly state: Exclude<ToolCallState, 'intent'>;
  /** Absent: as it was intended. */
  readonly input?: unknown;
  readonly readOnly?: boolean;
  readonly output?: unknown;
  readonly error?: string | undefined;
}

/** A run that leaves its process until a person has answered. */
export interface SuspendedRun extends Pick<FinishedRun, 'runId' | 'attempt' | 'parts' | 'usage' | 'model'> {
  readonly status: 'waiting';
  readonly question: Question;
}

export interface RespondRequest {
  readonly chatId: ChatId;
  readonly inputId: InputId;
  /** Checked, clean JSON. */
  readonly value: unknown;
}

/** `accepted`: this answer counts. Otherwise `answeredBy` says who was first; null when the question was withdrawn. */
export interface RespondResult extends Change {
  readonly accepted: boolean;
  readonly answeredBy: string | null;
}

export interface InputState {
  readonly request: InputRequest;
  readonly isPending: boolean;
}

export interface ExpiredInputs {
  readonly expired: readonly (Change & { readonly chatId: ChatId })[];
  /** All chats of which a run is due now, so that one whose expiry was told to nobody is found as well. */
  readonly due: readonly { readonly chatId: ChatId; readonly userId: UserId }[];
  /** When the next question expires, perhaps at once; null when none will. */
  readonly nextAt: string | null;
}

export interface Page {
  readonly cursor?: string | undefined;
  readonly limit: number;
}

export interface ListChats extends Page {
  readonly search?: string | undefined;
  readonly archived?: boolean | undefined;
}

/**
 * Everything that has to survive.
 *
 * A chat that is missing and one of another user are the same: `NOT_FOUND`. Every change of a chat and the entries of
 * its log that report it are one transaction. Errors that a caller can act on are `SwitchboardError`s; a database that
 * cannot be reached is `UNAVAILABLE`.
 */
export interface Store {
  /** Resolves when a query is answered, rejects with `UNAVAILABLE` when not. */
  ping(): Promise<void>;

  /** A repeated `chatId` returns the chat that exists. Errors: `NOT_FOUND` for an unknown app or a foreign chat, `APP_UNPUBLISHED`. */
  createChat(
    userId: UserId,
    chat: { readonly chatId: ChatId; readonly app: App | null; readonly title: string | null; readonly debug: boolean },
  ): Promise<Chat>;
  chat(userId: UserId, chatId: ChatId): Promise<StoredChat>;
  /** Asked whenever a stream goes on. */
  place(userId: UserId, chatId: ChatId): Promise<ChatPlace>;
  /** Last active first. */
  chats(userId: UserId, query: ListChats): Promise<{ chats: Chat[]; nextCursor: string | null }>;
  /** Newest page first, oldest message first inside it. A streaming message has what was recorded of it. */
  history(userId: UserId, chatId: ChatId, page: Page): Promise<{ messages: Message[]; nextCursor: string | null }>;
  /** The chat and its newest page within the limits of a snapshot. */
  view(userId: UserId, chatId: ChatId): Promise<StoredView>;
  /**
   * Entries after `seq`, oldest first, at most `limit`. The log keeps type and ids; content is read from its own table
   * and shown as it was then: an answer that has been completed since was added `streaming`, without parts.
   */
  entries(chatId: ChatId, seq: number, limit: number): Promise<ChatLogEntry[]>;
  rename(userId: UserId, chatId: ChatId, title: string): Promise<Change & { chat: Chat }>;
  archive(userId: UserId, chatId: ChatId, archived: boolean): Promise<Change & { chat: Chat }>;
  /** Takes everything of the chat with it; `activeRunId` is what has to be stopped. */
  deleteChat(userId: UserId, chatId: ChatId): Promise<Change & { activeRunId: RunId | null }>;

  /**
   * Records a message and its run, and starts the run when the chat is idle and `mayStart`.
   *
   * Errors: `NOT_FOUND`, `CONFLICT_BUSY`, `CONFLICT_DUPLICATE`, `QUEUE_FULL`, `APP_UNPUBLISHED`.
   */
  send(userId: UserId, request: SendRequest): Promise<SendResult>;
  /**
   * Puts the chat to work: its active run when that is due because its question was settled, else its first queued one
   * if no run is active; null when there is nothing to start.
   */
  startNext(chatId: ChatId): Promise<(Change & { started: StartedRun }) | null>;
  /**
   * Records that a run is to stop; one that nobody works on ends at once. Without `runId` the active one; null when
   * nothing is active. A run that has ended is left as it is.
   */
  requestStop(userId: UserId, chatId: ChatId, runId: RunId | undefined): Promise<StopResult | null>;
  /** Appends to what is known of answers in the making; slices of runs that have ended are ignored. */
  record(slices: readonly Slice[]): Promise<void>;
  /** Takes note of tool calls before anything happens. Rejects when the run is not at work in this attempt. */
  intendToolCalls(run: RunAttempt, calls: readonly ToolCallIntent[]): Promise<void>;
  /** Takes note of how they go on; one that has ended stays as it is. Rejects like the other. */
  moveToolCalls(run: RunAttempt, moves: readonly ToolCallMove[]): Promise<void>;
  /** The run's end: the whole answer, its log entries. Null when the run had ended before or was put to work again. */
  finish(run: FinishedRun): Promise<Change | null>;
  /**
   * The end of a stretch: the question, and all that the run has until then. The run waits, unless a stop was asked for
   * meanwhile, with which it ends. Null when it had ended before or was put to work again.
   */
  suspend(run: SuspendedRun): Promise<(Change & { status: 'waiting' | 'stopped' }) | null>;
  /** What is asked. Errors: `NOT_FOUND`. */
  input(userId: UserId, chatId: ChatId, inputId: InputId): Promise<InputState>;
  /**
   * Answers a question, once: whoever comes later is told who was first. A repeat of the same answer by the same user is
   * accepted. The run is due then; `startNext` puts it to work. Errors: `NOT_FOUND`.
   */
  respond(userId: UserId, request: RespondRequest): Promise<RespondResult>;
  /** Settles questions whose time is over, some at once; their runs are due then. */
  expireInputs(): Promise<ExpiredInputs>;
  /**
   * Ends the chat's run at work as recorded, like `recover`, unless it is one of the living; null when it is, or none is
   * at work. For a chat of which an answer of the database was lost, so that nobody knows what became of the change.
   */
  abandon(chatId: ChatId, living: readonly RunId[]): Promise<Change | null>;
  /**
   * For the start of the only process on this database: ends every run that was at work with the answer as recorded,
   * `stopped` where a stop was asked for, else `interrupted`; those that wait for a person go on waiting. A tool call
   * that was under way is `uncertain` unless it is read-only; none is made again. Returns the chats in which runs are
   * due or queued.
   */
  recover(): Promise<{ interrupted: number; waiting: { chatId: ChatId; userId: UserId }[] }>;

  assistants(page: Page): Promise<{ assistants: Assistant[]; nextCursor: string | null }>;
  assistant(id: AppId): Promise<Assistant | null>;
  workflows(page: Page): Promise<{ workflows: WorkflowSummary[]; nextCursor: string | null }>;
  workflow(id: AppId): Promise<Workflow | null>;
  /** The chat's messages before this one, oldest first, at most `limit`: what a model is told of the conversation so far. */
  messagesBefore(chatId: ChatId, messageId: MessageId, limit: number): Promise<Message[]>;
}
