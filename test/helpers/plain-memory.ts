import type { Conversation, Summary } from '../../db/store.ts';
import type { ConversationMemory } from '../../server/handlers/conversation-memory.ts';
import type { Message } from '../../shared/message.ts';

export interface PlainMemory extends ConversationMemory {
  readonly kept: Summary[];
  readonly failures: unknown[];
  /** How calls of a model for summaries have ended. */
  readonly calls: string[];
}

/** A conversation in memory, which keeps what is summed up of it for the test to look at. */
export function plainMemory(messages: readonly Message[] = [], summary: Conversation['summary'] = null): PlainMemory {
  const kept: Summary[] = [];
  const failures: unknown[] = [];
  const calls: string[] = [];
  return {
    kept,
    failures,
    calls,
    recall: async (limit) => ({ summary, messages: messages.slice(-limit) }),
    summaryCall: () => ({ begin: async () => {}, note: () => {}, close: async (status) => void calls.push(status) }),
    keep: async (made) => void kept.push(made),
    noteFailure: (error) => void failures.push(error),
  };
}
