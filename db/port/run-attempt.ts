import type { RunId } from '../../shared/ids.ts';

/** Which time of being at work a write belongs to. */
export interface RunAttempt {
  readonly runId: RunId;
  readonly attempt: number;
}
