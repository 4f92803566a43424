import type { Backoff } from './backoff.ts';
import { wait } from './backoff.ts';
import { codeOf, infoOf, wasAnswered } from './call-error.ts';
import type { Calls, StreamedEvent, StreamInput } from './calls.ts';
import { subscription } from './subscription.ts';

/** Answers that may be better next time, but are told to the caller when they come so often in a row. */
const patience = { INTERNAL: 5, RATE_LIMITED: 5 } as const;

export interface StreamOptions {
  readonly backoff: Backoff;
  /** The caller's: when it aborts the stream just ends. */
  readonly signal: AbortSignal;
  /** The connection's, with the reason: the stream ends, or throws when the server refused the token. */
  readonly ended: AbortSignal;
  /** Whether the connection gets another token when the server has refused one: then that is not the stream's end. */
  readonly areTokensRenewable?: boolean;
}

/**
 * A chat's events from a cursor on (or from a snapshot), without gap or repetition, over any number of sockets.
 *
 * Ends after `chat.deleted` and when the signal aborts. Throws what no repetition will change: `NOT_FOUND`,
 * `UNAUTHENTICATED`, and an `INTERNAL` or `RATE_LIMITED` that keeps coming. While the server is away or `UNAVAILABLE`
 * it waits.
 *
 * Nothing is opened before the first `next()`. Leaving the loop, or `return()` even while a `next()` waits, unsubscribes.
 */
export function streamChat(
  calls: Pick<Calls, 'stream'>,
  input: StreamInput,
  options: StreamOptions,
): AsyncIterableIterator<StreamedEvent> {
  const left = new AbortController();
  const signal = AbortSignal.any([options.signal, left.signal]);
  const events = follow(calls, input, { ...options, signal });
  return {
    [Symbol.asyncIterator]() {
      return this;
    },
    next: () => events.next(),
    async return() {
      // A generator cannot be left while it waits for its next event; the signal ends that wait first.
      left.abort();
      await events.return();
      return { done: true, value: undefined };
    },
  };
}

async function* follow(
  calls: Pick<Calls, 'stream'>,
  { chatId, lastEventId }: StreamInput,
  { backoff, signal, ended, areTokensRenewable = false }: StreamOptions,
): AsyncGenerator<StreamedEvent, void> {
  const over = AbortSignal.any([signal, ended]);
  let cursor = lastEventId;
  for (let failures = 1; !over.aborted; failures += 1) {
    let pauseMs = 0;
    try {
      const from = cursor === undefined ? { chatId } : { chatId, lastEventId: cursor };
      for await (const event of subscription(calls, from, over)) {
        yield event;
        cursor = event.cursor;
        failures = 1;
        if (event.type === 'chat.deleted') return;
      }
    } catch (error) {
      const isLeftToConnection = areTokensRenewable && codeOf(error) === 'UNAUTHENTICATED';
      if (!isLeftToConnection && isFinal(error, failures)) throw error;
      pauseMs = infoOf(error).retryAfterMs ?? 0;
    }
    // Not at once either when the server merely ended it: it may do so again.
    await wait(Math.max(pauseMs, backoff(failures)), over).catch(() => {});
  }
  if (!signal.aborted && codeOf(ended.reason) === 'UNAUTHENTICATED') throw ended.reason;
}

/** Without an answer there is always hope; the codes not named here mean that the call itself is wrong. */
function isFinal(error: unknown, failures: number): boolean {
  if (!wasAnswered(error)) return false;
  const code = codeOf(error);
  if (code === 'UNAVAILABLE') return false;
  return code === 'INTERNAL' || code === 'RATE_LIMITED' ? failures > patience[code] : true;
}
