import type { ChatId, MessageId, RunId, UserId } from '../../shared/ids.ts';
import type { EditQueued, MoveQueued } from '../../shared/inputs.ts';
import type { Run } from '../../shared/run.ts';
import type { Change } from './chat-log.ts';

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

/** What waits in a chat, and what an answer takes of it while it is written. */
export interface QueueStore {
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
}
