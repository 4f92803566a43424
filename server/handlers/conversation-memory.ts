import type { Conversation, Summary } from '../../db/store.ts';
import type { SideCall } from './model-calls.ts';

/** What a run knows of the conversation before it, and where it keeps what it has summed up of that. */
export interface ConversationMemory {
  /** The newest of it on the run's branch, at most so many messages; nothing of what its summary is of. */
  recall(limit: number): Promise<Conversation>;
  /** The model's call that makes a summary, for the ledger. */
  summaryCall(): SideCall;
  /** For later turns; a summary that cannot be kept helps this one all the same. */
  keep(summary: Summary): Promise<void>;
  /** No summary could be made: the answer goes on with less. */
  noteFailure(error: unknown): void;
}
