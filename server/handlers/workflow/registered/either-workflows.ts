import type { AppId } from '../../../../shared/ids.ts';
import type { ChatHandler } from '../../handler.ts';

/** The registered workflows by their handler, all others by that of stored ones. */
export function eitherWorkflows(
  isRegistered: (id: AppId) => boolean,
  registered: ChatHandler,
  stored: Required<ChatHandler>,
): Required<ChatHandler> {
  return {
    run: (run, options) => (isRegistered(run.app.id) ? registered : stored).run(run, options),
    // What a graph of others has said is in no journal: it would say it again.
    recall: async (runId, app) => (isRegistered(app.id) ? null : stored.recall(runId, app)),
  };
}
