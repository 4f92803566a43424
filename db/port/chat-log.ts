import type { ChatLogEvent } from '../../shared/events.ts';
import type { MessageId, RunId } from '../../shared/ids.ts';

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

/** What a change did to the chat log. Entries are in order and follow each other. */
export interface Change {
  readonly entries: readonly ChatLogEntry[];
}
