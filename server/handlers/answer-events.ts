import { addAbortSignal } from 'node:stream';
import { jsonEvents } from './json-events.ts';
import { afterFinishMs } from './model-limits.ts';
import { eventsBody, release } from './streaming-fetch.ts';

export interface AnswerOptions<Event> {
  /** Aborts the reading, and with it the request. */
  readonly signal: AbortSignal | undefined;
  /** Whether the event says that the answer is whole. It may be anything that is JSON. */
  readonly isFinish: (event: Event) => boolean;
}

/**
 * The events of a response of `streamingFetch`, until the stream ends.
 *
 * Once the model has said that its answer is whole, what goes wrong no longer counts: a server that then cuts, sends
 * nonsense or does not end has lost no word of it. Before that an error of the body is told as `terminated`, as `fetch`
 * does, so that it is not taken for a provider that cannot be reached. Leaving before that aborts the request.
 */
export async function* answerEvents<Event>(
  response: Response,
  { signal, isFinish }: AnswerOptions<Event>,
): AsyncGenerator<Event> {
  const body = eventsBody(response);
  // Anthropic's client lets go of the signal when its response is collected, whether or not the body has been read.
  if (signal) addAbortSignal(signal, body);
  let patience: NodeJS.Timeout | undefined;
  try {
    const bytes = body.iterator({ destroyOnReturn: false });
    for await (const event of jsonEvents(bytes) as AsyncGenerator<Event>) {
      if (isFinish(event)) patience = patience?.refresh() ?? setTimeout(() => body.destroy(), afterFinishMs);
      yield event;
    }
  } catch (error) {
    signal?.throwIfAborted();
    if (!patience) throw error === body.errored ? new Error('terminated', { cause: error }) : error;
  } finally {
    clearTimeout(patience);
    if (patience) release(body);
    else body.destroy();
  }
}
