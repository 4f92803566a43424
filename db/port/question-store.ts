import type { ChatId, FileId, InputId, UserId } from '../../shared/ids.ts';
import type { NodeProgress } from '../../shared/node-progress.ts';
import type { InputRequest, Question } from '../../shared/run.ts';
import type { Change } from './chat-log.ts';
import type { FinishedRun } from './run-store.ts';

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

/** What runs ask people, and how that is settled. */
export interface QuestionStore {
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
}
