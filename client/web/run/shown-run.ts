import type { UseChat } from '../../react.tsx';
import type { App } from '../../../shared/chat.ts';
import type { NodeProgress } from '../../../shared/node-progress.ts';
import type { RunStatus } from '../../../shared/run.ts';

/** The run of a workflow that is shown over its chat. */
export interface ShownRun {
  readonly runId: string;
  readonly app: App;
  /** Null where it is not known which. */
  readonly version: number | null;
  readonly status: RunStatus;
  readonly nodes: readonly NodeProgress[];
}

/** The one that is active, else the one whose end was seen here last; null where none has nodes to show. */
export function shownRunOf({ activeRun, nodes, lastEnded, chat }: UseChat): ShownRun | null {
  if (chat?.app.kind !== 'workflow') return null;
  if (activeRun) {
    const { id: runId, app, appVersion: version = null, status } = activeRun;
    return { runId, app, version, status, nodes };
  }
  if (!lastEnded?.nodes) return null;
  const { runId, status, nodes: reached } = lastEnded;
  return { runId, app: chat.app, version: null, status, nodes: reached };
}
