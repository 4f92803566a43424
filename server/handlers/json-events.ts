import { createParser } from 'eventsource-parser';
import type { EventSourceMessage } from 'eventsource-parser';
import { SwitchboardError } from '../../shared/errors.ts';
import { eventText } from './model-limits.ts';

/**
 * The JSON of each event of a provider's stream, until its `[DONE]` or its end. Leaving early lets go of the source.
 * Events without data are left out, as browsers do.
 *
 * Errors: a SyntaxError for what is no JSON, the provider's own error where an event says one, `ANSWER_TOO_LARGE` for
 * an event of more than `maxText` UTF-16 units, and what the source throws.
 */
export async function* jsonEvents(source: AsyncIterable<Uint8Array>, maxText: number = eventText): AsyncGenerator {
  const came: EventSourceMessage[] = [];
  const parser = createParser({
    onEvent: (event) => void (event.data !== '' && came.push(event)),
    maxBufferSize: maxText,
    onError(error) {
      if (error.type === 'max-buffer-size-exceeded') throw tooLarge(maxText);
    },
  });
  const decoder = new TextDecoder();
  for await (const bytes of source) {
    parser.feed(decoder.decode(bytes, { stream: true }));
    for (const event of came.splice(0)) {
      if (event.data === '[DONE]') return;
      yield parse(event);
    }
  }
  // Some servers leave out the line that ends the last event.
  parser.feed('\n\n');
  for (const event of came) if (event.data !== '[DONE]') yield parse(event);
}

function tooLarge(maxText: number): SwitchboardError {
  return new SwitchboardError(
    'ANSWER_TOO_LARGE',
    `the model sent more than ${maxText} characters in one event; what came until then is kept`,
  );
}

function parse({ event, data }: EventSourceMessage): unknown {
  const value = JSON.parse(data) as { readonly error?: unknown } | null;
  if (event === 'error' || value?.error) throw new ProviderError(value?.error ?? value);
  return value;
}

/** What a provider says in the middle of its stream, where errors of its client have it too. */
class ProviderError extends Error {
  readonly error: unknown;

  constructor(error: unknown) {
    super('the provider reported an error in its stream');
    this.error = error;
  }
}
