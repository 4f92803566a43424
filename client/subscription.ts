import type { Calls, StreamedEvent, StreamInput } from './calls.ts';

/** Events that wait for a slow reader before its subscription is given up, to be taken up again from its last one. */
const maxWaiting = 512;

type End = { readonly error?: unknown };

/**
 * The events of one subscription, in order, for one reader.
 *
 * The socket pushes and cannot be asked to wait, so a reader that falls behind by `maxWaiting` events is unsubscribed:
 * it gets what has arrived, and its end. Going on from its last cursor brings the rest, with neighbouring deltas merged.
 *
 * Ends when the server ends it, when the reader fell behind, and when `signal` aborts; throws what the server threw.
 * Leaving it unsubscribes.
 */
export async function* subscription(
  calls: Pick<Calls, 'stream'>,
  input: StreamInput,
  signal: AbortSignal,
): AsyncGenerator<StreamedEvent, void> {
  const waiting: StreamedEvent[] = [];
  let end = null as End | null;
  let wake = (): void => {};
  let unsubscribe = (): void => {};
  const finish = (reason: End): void => {
    end ??= reason;
    unsubscribe();
    wake();
  };
  const onAbort = (): void => {
    waiting.length = 0;
    finish({});
  };
  unsubscribe = calls.stream(input, {
    onEvent(event) {
      if (end) return;
      waiting.push(event);
      if (waiting.length >= maxWaiting) finish({});
      else wake();
    },
    onEnd: (error) => finish(error === undefined ? {} : { error }),
  });
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    if (signal.aborted) return;
    for (;;) {
      for (let event = waiting.shift(); event; event = waiting.shift()) yield event;
      if (end && 'error' in end) throw end.error;
      if (end) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
    unsubscribe();
  }
}
