import type { StartedRun, Store } from '../db/store.ts';
import { SwitchboardError } from '../shared/errors.ts';
import { unitsPerToken } from '../shared/estimate-tokens.ts';
import { limits } from '../shared/limits.ts';
import type { ConversationMemory } from './handlers/conversation-memory.ts';
import type { RunBudget } from './run-budget.ts';
import { reasonOf } from './run-reason.ts';
import { RunSideCall } from './run-side-call.ts';
import { untilStored } from './until-stored.ts';
import type { UntilStoredOptions } from './until-stored.ts';

export interface RunMemoryOptions extends UntilStoredOptions {
  readonly store: Pick<Store, 'conversationBefore' | 'keepSummary' | 'openSideCall' | 'closeSideCall'>;
  readonly budget?: RunBudget | undefined;
}

/** Tokens that are set aside for a summary. */
const answerTokens = limits.summaryText / unitsPerToken;

/** The conversation before the message that this run answers, on its branch. */
export function runMemory({ run, userId, userMessage }: StartedRun, options: RunMemoryOptions): ConversationMemory {
  const { store, budget, logger } = options;
  const { id: runId, chatId } = run;
  const isFirst = userMessage.parentId === null;
  const ledger: Pick<Store, 'openSideCall' | 'closeSideCall'> = {
    openSideCall: (user, call) => store.openSideCall(user, call),
    closeSideCall: (id, end) => untilStored(() => store.closeSideCall(id, end), options),
  };
  return {
    recall: async (limit) =>
      isFirst ? { summary: null, messages: [] } : store.conversationBefore(chatId, userMessage.id, limit),
    summaryCall: () =>
      new RunSideCall({ store: ledger, run: { runId, chatId, userId }, purpose: 'summary', answerTokens, budget }),
    keep: (summary) =>
      store.keepSummary(chatId, summary).catch((err: unknown) => {
        logger.warn({ err, runId, chatId }, 'a summary could not be kept; it will be made again');
      }),
    noteFailure(error) {
      const why = error instanceof SwitchboardError ? { code: error.code, reason: reasonOf(error) } : { err: error };
      logger.warn({ ...why, runId, chatId }, 'no summary of a long chat; the answer goes on with less of it');
    },
  };
}
