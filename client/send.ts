import type { Backoff } from './backoff.ts';
import { wait } from './backoff.ts';
import { codeOf, typedError, wasAnswered, wasTooLargeAFrame } from './call-error.ts';
import type { Calls, SendInput, SendOutput, StopInput, StopOutput } from './calls.ts';
import type { MessageId } from '../shared/ids.ts';
import { newId } from '../shared/new-id.ts';
import { limits } from '../shared/limits.ts';

/** A server that drains, or that has lost its database, is asked so often more: about three seconds. */
const unavailableTries = 5;

/**
 * Makes a call again, with growing waits, for as long as its outcome is unknown; the call must be one that may be
 * repeated. `UNAVAILABLE` is tried a few times more, since a restart takes seconds; every other answer of the server
 * is final and thrown as it is.
 *
 * Errors: what the server answered; the signal's reason when it aborts, and then the outcome may be unknown.
 */
async function untilAnswered<Output>(call: () => Promise<Output>, options: CallOptions): Promise<Output> {
  const { backoff } = options;
  const signal = AbortSignal.any([options.signal, options.ended]);
  for (let failures = 1, unavailable = 0; ; failures += 1) {
    signal.throwIfAborted();
    try {
      return await call();
    } catch (error) {
      signal.throwIfAborted();
      if (wasTooLargeAFrame(error)) throw typedError('TOO_LARGE', 'the server takes no frame as large as this call');
      if (codeOf(error) === 'UNAVAILABLE') unavailable += 1;
      else if (wasAnswered(error)) throw error;
      if (unavailable > unavailableTries) throw error;
    }
    await wait(backoff(failures), signal);
  }
}

export interface CallOptions {
  readonly backoff: Backoff;
  /** The caller's: aborts the call that is under way. */
  readonly signal: AbortSignal;
  /** The connection's: no further try after it, but an answer that is on its way is still taken. */
  readonly ended: AbortSignal;
}

/**
 * Sends a message once, however often it has to be transmitted: a repeat under the same id is answered `duplicate`
 * with the first ids.
 */
export async function sendMessage(calls: Calls, input: SendInput, options: CallOptions): Promise<SendOutput> {
  // Far above it the frame would not fit, the socket would close, and nobody would ever answer.
  if (input.text.length > limits.messageText) throw tooLong(input.text.length);
  const message = { ...input, messageId: input.messageId ?? newId<MessageId>() };
  return untilAnswered(() => calls.send(message, options.signal), options);
}

export async function stopRun(calls: Calls, input: StopInput, options: CallOptions): Promise<StopOutput> {
  const stop = (): Promise<StopOutput> => calls.stop(input, options.signal);
  return input.runId === undefined ? stop() : untilAnswered(stop, options);
}

function tooLong(length: number): Error {
  const limit = limits.messageText;
  return typedError('TOO_LARGE', `text: expected at most ${limit} UTF-16 units, got ${length}`, { limit });
}
