import type { Backoff } from './backoff.ts';
import { wait } from './backoff.ts';
import { codeOf, infoOf, typedError, wasAnswered, wasTooLargeAFrame } from './call-error.ts';
import type {
  Calls,
  CreateInput,
  RespondInput,
  RespondOutput,
  SendInput,
  SendOutput,
  StopInput,
  StopOutput,
} from './calls.ts';
import type { Chat } from '../shared/chat.ts';
import type { ChatId, MessageId } from '../shared/ids.ts';
import { newId } from '../shared/new-id.ts';
import { limits } from '../shared/limits.ts';

/** A server that drains, or that has lost its database, is asked so often more: about three seconds. */
const unavailableTries = 5;

/** What one user may send is counted by the minute: once more after it, and again for whoever else waits for the same. */
const rateLimitedTries = 3;

/** Milliseconds of waiting that a server may ask for before the caller is told instead. */
const longestPauseMs = 61_000;

/**
 * Makes a call again, with growing waits, for as long as its outcome is unknown; the call must be one that may be
 * repeated. `UNAVAILABLE` is tried a few times more, since a restart takes seconds, and `RATE_LIMITED` when the server
 * says; every other answer of the server is final and thrown as it is.
 *
 * Errors: what the server answered; the signal's reason when it aborts, and then the outcome may be unknown.
 */
async function untilAnswered<Output>(call: () => Promise<Output>, options: CallOptions): Promise<Output> {
  const { backoff } = options;
  const signal = AbortSignal.any([options.signal, options.ended]);
  for (let failures = 1, unavailable = 0, limited = 0; ; failures += 1) {
    let pauseMs = 0;
    signal.throwIfAborted();
    try {
      return await call();
    } catch (error) {
      signal.throwIfAborted();
      if (wasTooLargeAFrame(error)) throw typedError('TOO_LARGE', 'the server takes no frame as large as this call');
      const pause = pauseOf(error);
      if (codeOf(error) === 'UNAVAILABLE') unavailable += 1;
      else if (pause !== null) limited += 1;
      else if (wasAnswered(error) && !isLeftToConnection(error, options)) throw error;
      if (unavailable > unavailableTries || limited > rateLimitedTries) throw error;
      pauseMs = pause ?? 0;
    }
    // Those who are told the same time come back spread over a moment.
    await wait(pauseMs + backoff(failures), signal);
  }
}

/** A connection that gets another token when the server has refused one also knows when there is none. */
function isLeftToConnection(error: unknown, { areTokensRenewable = false }: CallOptions): boolean {
  return areTokensRenewable && codeOf(error) === 'UNAUTHENTICATED';
}

/** Milliseconds after which the server will take what it has refused; null when it did not say, or much later. */
function pauseOf(error: unknown): number | null {
  const { code, retryAfterMs = Infinity } = infoOf(error);
  return code === 'RATE_LIMITED' && retryAfterMs <= longestPauseMs ? retryAfterMs : null;
}

export interface CallOptions {
  readonly backoff: Backoff;
  /** The caller's: aborts the call that is under way. */
  readonly signal: AbortSignal;
  /** The connection's: no further try after it, but an answer that is on its way is still taken. */
  readonly ended: AbortSignal;
  /** Whether the connection gets another token when the server has refused one. */
  readonly areTokensRenewable?: boolean;
}

/** Creates a chat once, however often it has to be asked for: a repeat under the same id is answered with the first one. */
export async function createChat(
  calls: Pick<Calls, 'create'>,
  input: CreateInput,
  options: CallOptions,
): Promise<Chat> {
  const chat = { ...input, chatId: input.chatId ?? newId<ChatId>() };
  return untilAnswered(() => calls.create(chat, options.signal), options);
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

/** Answers a question once: the same answer again is told what the first one was. */
export function respondTo(
  calls: Pick<Calls, 'respond'>,
  input: RespondInput,
  options: CallOptions,
): Promise<RespondOutput> {
  return untilAnswered(() => calls.respond(input, options.signal), options);
}

function tooLong(length: number): Error {
  const limit = limits.messageText;
  return typedError('TOO_LARGE', `text: expected at most ${limit} UTF-16 units, got ${length}`, { limit });
}
