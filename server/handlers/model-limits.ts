import { limits } from '../../shared/limits.ts';
import { readFailure } from './model-failure.ts';

/** Milliseconds until a client gives up by itself: never before the run does, which says why. */
export const clientTimeoutMs = limits.runMs;

/**
 * When a request is sent again: at most twice more, after one to four seconds, when there was no connection or the
 * provider has trouble of its own. Once an answer has begun nothing is sent again; what the provider understood and
 * refused would be refused again. (LangChain by itself sends 422 and the like again.)
 */
export const retrying = {
  maxRetries: 2,
  onFailedAttempt(failed: unknown): void {
    const { status, connection } = readFailure(failed);
    const mayHelp = status === null ? connection !== null : status === 408 || status >= 500;
    if (!mayHelp) throw failed;
  },
};
