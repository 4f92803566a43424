import { limits } from '../../shared/limits.ts';
import { readFailure } from './model-failure.ts';
import type { Failure } from './model-failure.ts';

/** Milliseconds until a client gives up by itself: never before the run does, which says why. */
export const clientTimeoutMs = limits.runMs;

/**
 * UTF-16 units of one event of a provider's stream: the longest answer in one piece, each of its characters escaped with
 * six, and room for what stands around it. Past it: `ANSWER_TOO_LARGE`.
 */
export const eventText = 8 * limits.answerText;

/**
 * UTF-16 units of what a model sends without it being shown, such as signatures and citations: the libraries collect
 * these. Nothing honest comes near. Past it: `ANSWER_TOO_LARGE`.
 */
export const hiddenText = limits.answerText;

/**
 * Milliseconds that may pass after a model has said that its answer is whole: usage comes then. What does not end by
 * itself is ended.
 */
export const afterFinishMs = 2_000;

/**
 * Milliseconds that are waited when a provider asks for it. Two of these and three requests are within the idle time, so
 * that the run does not end before the last of them; a longer wait is for the person, who is told of it at once.
 */
const longestRetryAfterMs = limits.modelIdleMs / 3;

/**
 * When a request is sent again: at most twice more, after one to four seconds or when the provider says, when there was
 * no connection, the provider has trouble of its own, or it has too much to do and says for how long. Once an answer has
 * begun nothing is sent again; what the provider understood and refused would be refused again. (LangChain by itself
 * sends 422 and the like again.)
 */
export const retrying = {
  maxRetries: 2,
  onFailedAttempt(failed: unknown): void {
    const failure = readFailure(failed);
    if (!mayHelp(failure)) throw failed;
    // LangChain waits at least as long as the error says under this name.
    if (failure.retryAfterMs !== null) Object.assign(failed as Error, { retryAfterMs: failure.retryAfterMs });
  },
};

function mayHelp({ status, kinds, connection, retryAfterMs }: Failure): boolean {
  if (retryAfterMs !== null && retryAfterMs > longestRetryAfterMs) return false;
  if (status === null) return connection !== null;
  if (status === 429) return retryAfterMs !== null && !isQuota(kinds);
  return isPassing(status);
}

/** Whether it is the account that is used up, which no wait mends. */
export function isQuota(kinds: string): boolean {
  return kinds.includes('insufficient_quota');
}

/** Whether a status tells of trouble of the provider's own that may be over soon: also 408 and 409, its own conflicts. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 409 || status >= 500;
}
