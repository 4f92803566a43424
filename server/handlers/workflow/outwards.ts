import type { Usage } from '../../../shared/message.ts';
import type { HandlerEvent } from '../handler.ts';

/** Between the texts of two nodes, so that they do not run into each other. */
const blankLine = '\n\n';

/**
 * What the nodes of one run produce, as one answer: usage summed over the nodes, a blank line between the texts of two,
 * and the model named once, by the first that asks one.
 */
export async function* outwards(events: AsyncIterable<HandlerEvent>): AsyncGenerator<HandlerEvent> {
  let ended: Usage | undefined;
  let current: Usage | undefined;
  let named = false;
  let said = false;
  let separate = false;
  for await (const event of events) {
    if (event.type === 'node.started') separate = said;
    if (event.type === 'node.finished') {
      ended = sum(ended, current);
      current = undefined;
    }
    if (event.type === 'usage') {
      current = event.usage;
      yield { type: 'usage', usage: sum(ended, current) as Usage };
    } else if (event.type === 'model') {
      if (!named) yield event;
      named = true;
    } else {
      if (event.type === 'text' && separate) yield { type: 'text', text: blankLine };
      if (event.type === 'text') separate = !(said = true);
      yield event;
    }
  }
}

function sum(one: Usage | undefined, other: Usage | undefined): Usage | undefined {
  if (!one || !other) return one ?? other;
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    source: one.source === other.source ? one.source : 'estimated',
  };
}
