import type { ChatId, InputId, RunId, UserId } from '../../shared/ids.ts';
import type { FilePart, Message, Part, RunError, TextKind, Usage } from '../../shared/message.ts';
import type { NodeProgress } from '../../shared/node-progress.ts';
import type { Ending, InputRequest, Run, RunStatus } from '../../shared/run.ts';
import type { RunInstructions } from '../../shared/workflow-trial.ts';
import type { Change } from './chat-log.ts';
import type { CallUse } from './model-call-store.ts';
import type { RunAttempt } from './run-attempt.ts';

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

/** Runs, from their start to their end. */
export interface RunStore {
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
   * Appends to what is known of answers in the making, and replaces what is known of how far nodes have come; what is of
   * runs that have ended is ignored.
   */
  record(slices: readonly Slice[], progress?: readonly RunProgress[]): Promise<void>;
  /** The run's end: the whole answer, its log entries. Null when the run had ended before or was put to work again. */
  finish(run: FinishedRun): Promise<Change | null>;
}
