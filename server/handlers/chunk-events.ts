import type { ChatModelStreamEvent, FinishReason } from '@langchain/core/language_models/event';
import type { BaseMessage } from '@langchain/core/messages';
import type { ChatGenerationChunk } from '@langchain/core/outputs';
import { CallBlocks } from './call-blocks.ts';

/**
 * The content events of a model that streams messages, as a model with events of its own would send them.
 *
 * Such models do not agree on how an end is told, and some tell none: their stream is over when it is over.
 */
export async function* eventsOfChunks(
  chunks: AsyncIterable<ChatGenerationChunk>,
): AsyncGenerator<ChatModelStreamEvent> {
  const ending = new Ending();
  const calls = new CallBlocks();
  for await (const { message, generationInfo } of chunks) {
    ending.note(generationInfo);
    yield* eventsOf(message, ending);
    yield* calls.note(message);
  }
  yield* calls.finished();
  yield ending.event();
}

/** The same for a model that does not stream. */
export async function* eventsOfMessage(invoke: () => Promise<BaseMessage>): AsyncGenerator<ChatModelStreamEvent> {
  const ending = new Ending();
  const calls = new CallBlocks();
  const message = await invoke();
  yield* eventsOf(message, ending);
  yield* calls.note(message);
  yield* calls.finished();
  yield ending.event();
}

function* eventsOf(message: BaseMessage, ending: Ending): Generator<ChatModelStreamEvent> {
  ending.note(message.response_metadata);
  ending.note(message.additional_kwargs);
  ending.count('usage_metadata' in message ? message.usage_metadata : undefined);
  const hidden = message.additional_kwargs['reasoning_content'];
  if (typeof hidden === 'string') yield* reasoning(hidden);
  const blocks = typeof message.content === 'string' ? [{ text: message.content }] : message.content;
  for (const block of blocks as readonly Readonly<Record<string, unknown>>[]) {
    const thought = block['type'] === 'thinking' ? block['thinking'] : block['reasoning'];
    if (typeof thought === 'string') yield* reasoning(thought);
    if (typeof block['text'] === 'string') yield* text(block['text']);
  }
}

function* text(piece: string): Generator<ChatModelStreamEvent> {
  if (piece === '') yield { event: 'message-start' };
  else yield { event: 'content-block-delta', index: 0, delta: { type: 'text-delta', text: piece } };
}

function* reasoning(piece: string): Generator<ChatModelStreamEvent> {
  if (piece === '') return;
  yield { event: 'content-block-delta', index: 0, delta: { type: 'reasoning-delta', reasoning: piece } };
}

interface Counts {
  readonly input_tokens: number;
  readonly output_tokens: number;
}

class Ending {
  #reason = '';
  #input = 0;
  #output = 0;
  #counted = false;

  note(fields: Readonly<Record<string, unknown>> | undefined): void {
    const said =
      fields?.['finish_reason'] ?? fields?.['stop_reason'] ?? fields?.['finishReason'] ?? fields?.['done_reason'];
    if (typeof said === 'string') this.#reason = said;
  }

  /** Each chunk counts what is new since the one before it. */
  count(usage: unknown): void {
    if (typeof usage !== 'object' || usage === null) return;
    this.#counted = true;
    this.#input += (usage as Counts).input_tokens;
    this.#output += (usage as Counts).output_tokens;
  }

  event(): ChatModelStreamEvent {
    const total = this.#input + this.#output;
    const usage = { input_tokens: this.#input, output_tokens: this.#output, total_tokens: total };
    const responseMetadata = { finish_reason: this.#reason };
    return { event: 'message-finish', reason: this.#finish(), responseMetadata, ...(this.#counted && { usage }) };
  }

  #finish(): FinishReason {
    if (/length|max_?tokens/i.test(this.#reason)) return 'length';
    if (/^(tool|function)_?(call|use)/i.test(this.#reason)) return 'tool_use';
    return /filter|safety|refusal|prohibited|blocklist/i.test(this.#reason) ? 'content_filter' : 'stop';
  }
}
