import type { ChatId, RunId, UserId } from '../../shared/ids.ts';
import type { Part, Usage } from '../../shared/message.ts';
import type { Run } from '../../shared/run.ts';
import type { Change } from './chat-log.ts';

/** What is certain of the answer of a run whose process has died. */
export interface RecalledAnswer {
  readonly parts: readonly Part[];
  readonly usage: Usage | null;
  readonly model: string | null;
  /** How far the run has come; compared with where it was when its process died before. */
  readonly progress: number;
  /** Nodes that are executed again, or still wait for others; what else is recorded as running has finished. Absent: all may be. */
  readonly unfinished?: readonly string[];
}

/** Asked for each run at work whose process has died; null where it cannot go on. */
export type RecallAnswer = (run: Pick<Run, 'id' | 'app'>) => Promise<RecalledAnswer | null>;

export interface RecoveredRuns {
  readonly interrupted: number;
  /** Those that wait for a person who says what became of a call of a tool. */
  readonly asking: number;
  /** Those that go on where their process has died. */
  readonly resumed: number;
  readonly waiting: readonly { readonly chatId: ChatId; readonly userId: UserId }[];
}

/** What becomes of runs whose process has died. */
export interface RecoveryStore {
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
}
