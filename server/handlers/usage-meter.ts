import type { ChatModelStreamEvent } from '@langchain/core/language_models/event';
import type { BaseMessage } from '@langchain/core/messages';
import type { Usage } from '../../shared/message.ts';
import { addUsage } from '../../shared/add-usage.ts';
import { estimateTokens, unitsPerToken } from '../../shared/estimate-tokens.ts';
import type { HandlerEvent } from './handler.ts';
import { imageTokensOf } from './image-block.ts';

/**
 * UTF-16 units of an answer from one estimate to the next. A run that is stopped keeps the last one it was told, so it
 * is at most this much behind; told for each token it would only cost.
 */
const estimateEvery = 256;

/** Counts the tokens of one step of an answer, mostly all of it: as the provider reports them, estimated where it does not, or not yet. */
export class UsageMeter {
  readonly #before: Usage | null;
  /** Of what the model is told in this step. */
  readonly estimatedInput: number;
  #input: number | undefined;
  #output: number | undefined;
  #units = 0;
  #told = -estimateEvery;

  /** @param before of the answer's earlier steps, which is counted in */
  constructor(messages: readonly BaseMessage[], before: Usage | null = null) {
    this.#before = before;
    this.estimatedInput = messages.reduce(
      (sum, message) => sum + estimateTokens(message.text) + imageTokensOf(message),
      0,
    );
  }

  /** Takes note of one event, and of what of it is shown; the usage so far when it is time to tell it. */
  note(event: ChatModelStreamEvent, shown: HandlerEvent | null): Usage | null {
    if (event.event === 'message-start') this.#input = counted(event.usage?.input_tokens);
    if (event.event === 'usage' || event.event === 'message-finish') this.#report(event.usage);
    if (shown && 'text' in shown) this.#units += shown.text.length;
    if (this.#units - this.#told < estimateEvery) return null;
    this.#told = this.#units;
    return this.#estimate();
  }

  /** Of the whole answer. */
  usage(): Usage {
    if (this.#input === undefined || this.#output === undefined) return this.#estimate();
    return this.#withBefore({ inputTokens: this.#input, outputTokens: this.#output, source: 'reported' });
  }

  #report(usage: { readonly input_tokens?: number; readonly output_tokens?: number } | undefined): void {
    this.#input = counted(usage?.input_tokens) ?? this.#input;
    this.#output = counted(usage?.output_tokens) ?? this.#output;
  }

  #estimate(): Usage {
    const inputTokens = this.#input ?? this.estimatedInput;
    const outputTokens = Math.ceil(this.#units / unitsPerToken);
    return this.#withBefore({ inputTokens, outputTokens, source: 'estimated' });
  }

  #withBefore(usage: Usage): Usage {
    return this.#before ? addUsage(this.#before, usage) : usage;
  }
}

/** What a provider calls a count may be anything; what is none has not been reported. */
function counted(tokens: unknown): number | undefined {
  return Number.isSafeInteger(tokens) && (tokens as number) >= 0 ? (tokens as number) : undefined;
}
