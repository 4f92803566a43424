import type { ChatStore } from './port/chat-store.ts';
import type { ListStore } from './port/list-store.ts';
import type { SendStore } from './port/send-store.ts';
import type { QueueStore } from './port/queue-store.ts';
import type { RunStore } from './port/run-store.ts';
import type { RecoveryStore } from './port/recovery-store.ts';
import type { QuestionStore } from './port/question-store.ts';
import type { ToolCallStore } from './port/tool-call-store.ts';
import type { ModelCallStore } from './port/model-call-store.ts';
import type { ConversationStore } from './port/conversation-store.ts';
import type { AppStore } from './port/app-store.ts';

export type { Change, ChatLogEntry, ChatPlace, InnerEvent } from './port/chat-log.ts';
export type { Page } from './port/page.ts';
export type { RunAttempt } from './port/run-attempt.ts';
export type { FeedbackChange, StoredChat, StoredView } from './port/chat-store.ts';
export type { ListChats } from './port/list-store.ts';
export type { EditRequest, ForkRequest, RegenerateRequest, SendRequest, SendResult } from './port/send-store.ts';
export type { QueueChange, Steering, SteeringTaken } from './port/queue-store.ts';
export type {
  FilesByField,
  FinishedRun,
  InputAnswer,
  RunProgress,
  Slice,
  StartedRun,
  StopResult,
} from './port/run-store.ts';
export type { RecallAnswer, RecalledAnswer, RecoveredRuns } from './port/recovery-store.ts';
export type {
  AnsweredFiles,
  ExpiredInputs,
  InputState,
  RespondRequest,
  RespondResult,
  SuspendedRun,
} from './port/question-store.ts';
export type { ToolCallIntent, ToolCallMove, ToolCallState } from './port/tool-call-store.ts';
export type {
  CallUse,
  ModelCallPurpose,
  ModelCallStatus,
  SideCall,
  SideCallPurpose,
  TokensWanted,
} from './port/model-call-store.ts';
export type { Conversation, Summary } from './port/conversation-store.ts';

/** Whether the database answers. */
interface PingStore {
  /** Resolves when a query is answered, rejects with `UNAVAILABLE` when not. */
  ping(): Promise<void>;
}

/**
 * Everything that has to survive.
 *
 * A chat that is missing and one of another user are the same: `NOT_FOUND`. Every change of a chat and the entries of
 * its log that report it are one transaction. Errors that a caller can act on are `SwitchboardError`s; a database that
 * cannot be reached is `UNAVAILABLE`.
 */
export type Store = PingStore &
  ChatStore &
  ListStore &
  SendStore &
  QueueStore &
  RunStore &
  RecoveryStore &
  QuestionStore &
  ToolCallStore &
  ModelCallStore &
  ConversationStore &
  AppStore;
