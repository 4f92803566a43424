import type { AssistantVersion } from '../shared/assistant-settings.ts';
import type { App, Chat } from '../shared/chat.ts';
import type { ChatLogEvent, ChatView } from '../shared/events.ts';
import type { Feedback } from '../shared/feedback.ts';
import type { AppId, ChatId, FileId, InputId, MessageId, ModelCallId, RunId, ShareId, UserId } from '../shared/ids.ts';
import type { EditQueued, MoveQueued, OnBusy, UsageRange } from '../shared/inputs.ts';
import type { ListedChat } from '../shared/listed-chat.ts';
import type { FilePart, Message, Part, RunError, TextKind, Usage } from '../shared/message.ts';
import type { NodeProgress } from '../shared/node-progress.ts';
import type { Ending, InputRequest, Question, Run, RunStatus } from '../shared/run.ts';
import type { AccountUsage, ChatUsage } from '../shared/usage.ts';
import type { WatchedChat } from '../shared/watch.ts';
import type { Workflow } from '../shared/workflow.ts';
import type { RunInstructions } from '../shared/workflow-trial.ts';

/**
 * From here on another branch is shown, which ends with this message (null: before the first one). It stays inside: who
 * follows the chat gets a snapshot in its place.
 */
interface BranchSelected {
  readonly type: 'branch.selected';
  readonly leafMessageId: MessageId | null;
}

/**
 * From here on the answer of a run has what is certain of it: its process has died, and it goes on. It stays inside as
 * well: what was said of the answer and is not certain has no event that takes it back.
 */
interface AnswerReset {
  readonly type: 'answer.reset';
  readonly runId: RunId;
}

/** What is logged for ourselves; in its place whoever follows the chat gets a snapshot. */
export type InnerEvent = BranchSelected | AnswerReset;

/** One durable change of a chat, as its chat log numbers it: 1, 2, 3 … without holes. */
export interface ChatLogEntry {
  readonly seq: number;
  readonly event: ChatLogEvent | InnerEvent;
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
  /**
   * The number of the `input.requested`, or of the `answer.reset`. What the run did before is only told in full while its
   * process remembers.
   */
  readonly seq: number;
}

/** A chat's durable state at one moment; everything in it was read in one transaction. */
export interface StoredChat extends ChatPlace {
  readonly chat: Chat;
  readonly activeRun: Run | null;
  readonly pendingInput: InputRequest | null;
  readonly queue: Run[];
  /** How far the active run's nodes have come, as recorded, where it has any. */
  readonly nodes?: NodeProgress[];
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
  /** The number of the entry after which what it does now comes: its `run.started`, an `input.answered`, an `answer.reset`. */
  readonly startSeq: number;
  /** Null when it was put to work for the first time. */
  readonly resumed: ResumedRun | null;
  /** What the owner of the workflow says about this run; null where nothing. */
  readonly instructions: RunInstructions | null;
}

/** What a run that has waited for a person, or whose process has died, knows from before. */
interface ResumedRun {
  /** The number of its newest `input.requested`, or of its `answer.reset` after that. */
  readonly suspendedSeq: number;
  /** Of all its questions, oldest first. */
  readonly answers: readonly InputAnswer[];
  readonly usage: Usage | null;
  readonly model: string | null;
  /** How far its nodes had come when it asked. */
  readonly nodes: readonly NodeProgress[];
}

/** What is certain of the answer of a run whose process has died. */
export interface RecalledAnswer {
  readonly parts: readonly Part[];
  readonly usage: Usage | null;
  readonly model: string | null;
  /** How far the run has come; compared with where it was when its process died before. */
  readonly progress: number;
}

/** Asked for each run at work whose process has died; null where it cannot go on. */
export type RecallAnswer = (run: Pick<Run, 'id' | 'app'>) => Promise<RecalledAnswer | null>;

/** What an answer's fields for files name, in the order of the answer. */
export type FilesByField = Readonly<Record<string, readonly FilePart[]>>;

/** How a question was settled. */
export interface InputAnswer {
  readonly inputId: InputId;
  readonly kind: InputRequest['kind'];
  /** As the handler gave it with the question. */
  readonly subject: unknown;
  /** As the person gave it; it keeps to the question's schema. Null when the question has expired. */
  readonly value: unknown;
  /** The files that it names; absent: none. */
  readonly files?: FilesByField;
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

export interface StopResult extends Change {
  readonly runId: RunId;
  /** The run's status now: one that waits is `stopped` at once, one at work goes on until its process has ended it. */
  readonly status: RunStatus;
}

/** What a change made of the queue: all of it, in the order in which the runs will start. */
export interface QueueChange extends Change {
  readonly queue: Run[];
}

/** A message that was sent for an answer while that is written. */
export interface Steering {
  readonly messageId: MessageId;
  readonly text: string;
}

export interface SteeringTaken extends Change {
  /** All that the answer has taken so far, in that order. */
  readonly taken: readonly Steering[];
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

/** How far the nodes of a run have come. */
export interface RunProgress extends RunAttempt {
  readonly nodes: readonly NodeProgress[];
}

export interface FinishedRun {
  readonly runId: RunId;
  readonly attempt: number;
  readonly status: Ending;
  readonly error?: RunError | undefined;
  readonly parts: readonly Part[];
  readonly usage?: Usage | undefined;
  readonly model?: string | undefined;
  /** Of the last model call of this stretch; absent: there was one, and `usage` and `model` are its. */
  readonly lastCall?: CallUse | undefined;
}

/** What one call of a model used, as far as it is known. */
export interface CallUse {
  readonly usage?: Usage | undefined;
  readonly model?: string | undefined;
}

/** `crashed`: its process has ended, and nobody knows how it would have. */
export type ModelCallStatus = 'open' | 'finished' | 'stopped' | 'failed' | 'crashed';

/** What a model is asked for: an answer, or what is made beside one. */
export type ModelCallPurpose = 'answer' | SideCallPurpose;
export type SideCallPurpose = 'title' | 'summary';

/** Tokens that a call needs, of the day on which it began. */
export interface TokensWanted {
  readonly runId: RunId;
  readonly purpose: ModelCallPurpose;
  /** Fewer are of no use. */
  readonly least: number;
  readonly most: number;
  /** What the user has for each day. */
  readonly budget: number;
}

/** A call that makes a title for a chat, of the answer of this run, or a summary for it. */
export interface SideCall {
  readonly id: ModelCallId;
  readonly purpose: SideCallPurpose;
  readonly chatId: ChatId;
  readonly runId: RunId;
  readonly model: string;
}

/** What is absent stays as it was. */
export interface FeedbackChange {
  readonly messageId: MessageId;
  readonly rating?: Feedback['rating'] | undefined;
  /** Null or empty: none any more. */
  readonly comment?: string | null | undefined;
  /** Whether it was copied once more. */
  readonly copied?: boolean | undefined;
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
export interface SuspendedRun extends Pick<
  FinishedRun,
  'runId' | 'attempt' | 'parts' | 'usage' | 'model' | 'lastCall'
> {
  readonly status: 'waiting';
  readonly question: Question;
  /** How far its nodes have come, where it has any. */
  readonly nodes?: readonly NodeProgress[] | undefined;
}

export interface RespondRequest {
  readonly chatId: ChatId;
  readonly inputId: InputId;
  /** Checked, clean JSON. */
  readonly value: unknown;
  /** The files that it names; absent: none. */
  readonly files?: readonly AnsweredFiles[];
}

/** What an answer names in a field for files. */
export interface AnsweredFiles {
  readonly field: string;
  readonly fileIds: readonly FileId[];
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

/** What was said on a branch up to a message, that one included. */
export interface Summary {
  readonly messageId: MessageId;
  readonly text: string;
}

/** What came before a message on its branch. */
export interface Conversation {
  /** Of what came before `messages`; null where nothing was summed up. */
  readonly summary: Summary | null;
  /** Oldest first. */
  readonly messages: readonly Message[];
}

export interface RecoveredRuns {
  readonly interrupted: number;
  /** Those that wait for a person who says what became of a call of a tool. */
  readonly asking: number;
  /** Those that go on where their process has died. */
  readonly resumed: number;
  readonly waiting: readonly { readonly chatId: ChatId; readonly userId: UserId }[];
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
    chat: {
      readonly chatId: ChatId;
      readonly app: App | null;
      readonly title: string | null;
      readonly titleIsDraft?: boolean;
      readonly debug: boolean;
    },
  ): Promise<Chat>;
  chat(userId: UserId, chatId: ChatId): Promise<StoredChat>;
  /** Asked whenever a stream goes on. */
  place(userId: UserId, chatId: ChatId): Promise<ChatPlace>;
  /** Last active first, each with what goes on in it; of a search with the message that it has found. */
  chats(userId: UserId, query: ListChats): Promise<{ chats: ListedChat[]; nextCursor: string | null }>;
  /** The branch that is shown: newest page first, oldest message first inside it. A streaming message has what was recorded of it. */
  history(userId: UserId, chatId: ChatId, page: Page): Promise<{ messages: Message[]; nextCursor: string | null }>;
  /** The chat and the newest page of the branch that is shown, within the limits of a snapshot. */
  view(userId: UserId, chatId: ChatId): Promise<StoredView>;
  /**
   * Entries after `seq`, oldest first, at most `limit`. The log keeps type and ids; content is read from its own table
   * and shown as it was then: an answer that has been completed since was added `streaming`, without parts.
   */
  entries(chatId: ChatId, seq: number, limit: number): Promise<ChatLogEntry[]>;
  rename(userId: UserId, chatId: ChatId, title: string): Promise<Change & { chat: Chat }>;
  /** The title of a chat that has none, or a draft; one that somebody gave it stays. */
  titleIfNone(userId: UserId, chatId: ChatId, title: string): Promise<Change & { chat: Chat }>;
  archive(userId: UserId, chatId: ChatId, archived: boolean): Promise<Change & { chat: Chat }>;
  /** Shares the chat under this id, or keeps the one under which it is shared already. */
  share(userId: UserId, chatId: ChatId, shareId: ShareId): Promise<Change & { chat: Chat }>;
  unshare(userId: UserId, chatId: ChatId): Promise<Change & { chat: Chat }>;
  /** Which chat is shared under this id, and whose it is; null when none is. */
  sharedChat(shareId: ShareId): Promise<{ chatId: ChatId; userId: UserId } | null>;
  /** What the owner thinks of an answer. Errors: `NOT_FOUND`, `CONFLICT_BUSY` while it is being written. */
  giveFeedback(userId: UserId, chatId: ChatId, change: FeedbackChange): Promise<Change & { feedback: Feedback }>;
  /** Takes everything of the chat with it; `activeRunId` is what has to be stopped. */
  deleteChat(userId: UserId, chatId: ChatId): Promise<Change & { activeRunId: RunId | null }>;
  /**
   * Deletes debug chats of everybody that nothing was said in, and in which no run ended, for so many milliseconds; at
   * most `limit`, those first that were used least lately. None in which a run is active or waits.
   */
  deleteDebugChats(unusedMs: number, limit: number): Promise<(Change & { chatId: ChatId })[]>;

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
  /**
   * Puts the chat to work: its active run when that is due because its question was settled, else its first queued one
   * if no run is active and the queue is not paused; null when there is nothing to start. When what answers in the chat
   * is not there for its owner any more, everything that waits in the queue ends `failed` with `APP_UNPUBLISHED`.
   */
  startNext(chatId: ChatId): Promise<(Change & { started?: StartedRun }) | null>;
  /**
   * Records that a run is to stop; one that nobody works on ends at once. Without `runId` the active one; null when
   * nothing is active. A run that has ended is left as it is. The first stop of the active one pauses the queue when
   * others wait.
   */
  requestStop(userId: UserId, chatId: ChatId, runId: RunId | undefined): Promise<StopResult | null>;
  /**
   * Changes the text of a waiting message; what was sent first is kept to recognise a repeat.
   *
   * Errors of this and the next two: `NOT_FOUND`, also for a run that does not wait (any more); `QUEUE_FULL`.
   */
  editQueued(userId: UserId, edit: EditQueued): Promise<QueueChange>;
  /** Puts a waiting run before another one, or behind all. */
  moveQueued(userId: UserId, move: MoveQueued): Promise<QueueChange>;
  /** Ends a waiting run; a pause ends with the last of them. */
  withdraw(userId: UserId, chatId: ChatId, runId: RunId): Promise<QueueChange>;
  /** Ends a pause. Whoever asked for it has to `startNext`, also when there was none: an earlier answer may be lost. */
  resumeQueue(userId: UserId, chatId: ChatId): Promise<QueueChange>;
  /**
   * Ends the queued runs whose messages are for this answer, and tells all that it has taken so far: called again after a
   * lost answer nothing is lost. Of a run that was told to stop, that is not running or of an earlier attempt nothing is
   * taken any more; what does not fit into `limits.steeringText` goes on waiting.
   */
  takeSteering(runId: RunId, attempt: number): Promise<SteeringTaken>;
  /**
   * Appends to what is known of answers in the making, and replaces what is known of how far nodes have come; what is of
   * runs that have ended is ignored.
   */
  record(slices: readonly Slice[], progress?: readonly RunProgress[]): Promise<void>;
  /** Takes note of tool calls before anything happens. Rejects when the run is not at work in this attempt. */
  intendToolCalls(run: RunAttempt, calls: readonly ToolCallIntent[]): Promise<void>;
  /** Takes note of how they go on; one that has ended stays as it is. Rejects like the other. */
  moveToolCalls(run: RunAttempt, moves: readonly ToolCallMove[]): Promise<void>;
  /**
   * Takes note of a further model call of a run before it is made, and of what the one before it used. The first call of
   * each stretch is noted with its start, the last one's use with its end. Repeating it with the same `id` changes
   * nothing. Rejects when the run is not at work in this attempt.
   */
  nextModelCall(run: RunAttempt, call: { readonly id: ModelCallId; readonly ended: CallUse }): Promise<void>;
  openSideCall(userId: UserId, call: SideCall): Promise<void>;
  closeSideCall(id: ModelCallId, end: CallUse & { readonly status: ModelCallStatus }): Promise<void>;
  /** What the user's calls of today (UTC) have used, and what is set aside for those that are open. */
  spentTokens(userId: UserId): Promise<number>;
  /**
   * Sets tokens aside for the call of this run that is open, as many of them as are left; `granted` is 0 when that are
   * too few, or when it is open no more. Whatever comes at the same time, what a user's calls have used and set aside
   * never passes the budget by this.
   */
  reserveTokens(userId: UserId, wanted: TokensWanted): Promise<{ granted: number; spent: number }>;
  /** What the user's model calls used, by day and model. Errors: `INVALID_INPUT` for a range that is none, or too long. */
  accountUsage(userId: UserId, range: UsageRange): Promise<Omit<AccountUsage, 'budget'>>;
  /** Errors: `NOT_FOUND`. */
  chatUsage(userId: UserId, chatId: ChatId): Promise<ChatUsage>;
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
   * accepted. The run is due then; `startNext` puts it to work. The files that it names are those of the answer's message
   * from then on. Errors: `NOT_FOUND`; `INVALID_INPUT`, naming the field, for a file that is not the user's.
   */
  respond(userId: UserId, request: RespondRequest): Promise<RespondResult>;
  /** Settles questions whose time is over, some at once; their runs are due then. */
  expireInputs(): Promise<ExpiredInputs>;
  /**
   * Settles the chat's run at work like `recover`, unless it is one of the living; null when it is, or none is at work.
   * For a chat of which an answer of the database was lost, so that nobody knows what became of the change.
   */
  abandon(chatId: ChatId, living: readonly RunId[], recall?: RecallAnswer): Promise<Change | null>;
  /**
   * For the start of the only process on this database: settles every run that was at work. One that was asked to stop ends
   * `stopped`, with the answer as recorded. One of which something is recalled is due, with that as its answer, unless it
   * has died `limits.runCrashes` times without coming further. An assistant's run in which a call of a tool was under way
   * that is not read-only waits for a person who says what becomes of that call; in others such a call is `uncertain`. Any
   * other run ends `interrupted`. No tool call is made again. Those that wait for a person go on waiting. Returns the
   * chats in which runs are due or queued, without those whose queue is paused.
   *
   * @param settling `recall`: absent, of no run; `askMs`: milliseconds that the person has, absent: `limits.approvalMs`
   */
  recover(settling?: { readonly recall?: RecallAnswer; readonly askMs?: number }): Promise<RecoveredRuns>;

  /** Everything of the chat is read. Errors: `NOT_FOUND`. */
  markRead(userId: UserId, chatId: ChatId): Promise<void>;
  /** The beginning of the user's list, last active first, as lists show it. */
  watchedList(userId: UserId, limit: number): Promise<{ chats: WatchedChat[]; nextCursor: string | null }>;
  /** These chats as lists show them, and whose they are; without debug chats and those that are gone. */
  watchedChats(chatIds: readonly ChatId[]): Promise<(WatchedChat & { userId: UserId })[]>;
  /** Makes what was said in these chats known to the search; those in which something is being written are left out. */
  indexMessages(chatIds: readonly ChatId[]): Promise<void>;
  /** Chats that `indexMessages` has not seen since something was said in them. */
  unindexed(): Promise<ChatId[]>;

  /**
   * One version of an assistant, for a run of it; null for the newest. Whether it may be used was asked before. One that was
   * read is known: a version never changes.
   */
  assistant(id: AppId, version: number | null): Promise<AssistantVersion | null>;
  /** One version of a workflow, for a run of it; null for the newest. Whether it may be used was asked before. */
  workflow(id: AppId, version: number | null): Promise<Workflow | null>;
  /** Whether the user may change it, and so see what goes through its nodes. */
  ownsWorkflow(userId: UserId, id: AppId): Promise<boolean>;
  /** The messages before this one on its branch, oldest first, at most `limit`: what a model is told of the conversation so far. */
  messagesBefore(chatId: ChatId, messageId: MessageId, limit: number): Promise<Message[]>;
  /** The same, down to the newest message up to which there is a summary; that one and all before it are left out. */
  conversationBefore(chatId: ChatId, messageId: MessageId, limit: number): Promise<Conversation>;
  /** Keeps what was said up to a message of the chat; the first summary counts. Nothing when the chat is gone. */
  keepSummary(chatId: ChatId, summary: Summary): Promise<void>;
}
