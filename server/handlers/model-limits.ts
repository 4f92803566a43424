import { limits } from '../../shared/limits.ts';
import { readFailure } from './model-failure.ts';

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
 * When a request is sent again: at most twice more, after one to four seconds, when there was no connection or the
 * provider has trouble of its own. Once an answer has begun nothing is sent again; what the provider understood and
 * refused would be refused again. (LangChain by itself sends 422 and the like again.)
 */
export const retrying = {
  maxRetries: 2,
  onFailedAttempt(failed: unknown): void {
    const { status, connection } = readFailure(failed);
    const mayHelp = status === null ? connection !== null : isPassing(status);
    if (!mayHelp) throw failed;
  },
};

/** Whether a status tells of trouble of the provider's own that may be over soon: also 408 and 409, its own conflicts. */
export function isPassing(status: number): boolean {
  return status === 408 || status === 409 || status >= 500;
}
