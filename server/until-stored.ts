import { setTimeout as delay } from 'node:timers/promises';
import { SwitchboardError } from '../shared/errors.ts';
import type { Logger } from './logger.ts';

export interface UntilStoredOptions {
  readonly logger: Logger;
  /** Gives up: the server is closing. */
  readonly signal: AbortSignal;
  /** Called before each further try. */
  readonly onAway?: () => void;
}

/** Between two tries while the database is away; the runs wait with their answers in memory. */
const retryEveryMs = 500;

/** Tries until the database is there: one that is away for a while must not lose an answer. Rejects with all other errors. */
export async function untilStored<Result>(
  write: () => Promise<Result>,
  { logger, signal, onAway }: UntilStoredOptions,
): Promise<Result> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (!isAway(error) || signal.aborted) throw error;
      onAway?.();
      logger.warn({ err: error }, 'the database is away; trying again');
      await delay(retryEveryMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

export function isAway(error: unknown): boolean {
  return error instanceof SwitchboardError && error.code === 'UNAVAILABLE';
}
