import type { ChatHandler } from '../../handler.ts';
import { isRegisteredId } from './registered-workflow.ts';

/** The registered workflows by their handler, also those that are not registered any more, all others by that of stored ones. */
export function eitherWorkflows(registered: ChatHandler, stored: Required<ChatHandler>): Required<ChatHandler> {
  return {
    run: (run, options) => (isRegisteredId(run.app.id) ? registered : stored).run(run, options),
    // What a graph of others has said is in no journal: it would say it again.
    recall: async (runId, app) => (isRegisteredId(app.id) ? null : stored.recall(runId, app)),
  };
}
