import { finalizeContentBlock } from '@langchain/core/language_models/compat';
import type { ChatModelStreamEvent } from '@langchain/core/language_models/event';
import { AIMessage, AIMessageChunk } from '@langchain/core/messages';
import type { BaseMessage } from '@langchain/core/messages';

type CallBlock = { type: 'tool_call_chunk'; id?: string; name?: string; args?: string; index: number };

/** Collects the tool calls of a model that streams messages, as a model with events of its own would tell them. */
export class CallBlocks {
  readonly #blocks = new Map<string | number, CallBlock>();

  /** The calls in a message that is whole, or what a piece of one adds to them. */
  *note(message: BaseMessage): Generator<ChatModelStreamEvent> {
    if (AIMessageChunk.isInstance(message)) {
      for (const { index, id, name, args } of message.tool_call_chunks ?? []) {
        yield* this.#add(index ?? id ?? this.#blocks.size, id, name, args);
      }
    } else if (AIMessage.isInstance(message)) {
      const { tool_calls: calls = [], invalid_tool_calls: invalid = [] } = message;
      for (const { id, name, args } of calls) yield* this.#add(this.#blocks.size, id, name, JSON.stringify(args));
      for (const { id, name, args } of invalid) yield* this.#add(this.#blocks.size, id, name, args);
    }
  }

  /** At the end: each call whole. */
  *finished(): Generator<ChatModelStreamEvent> {
    for (const block of this.#blocks.values()) {
      yield { event: 'content-block-finish', index: block.index, content: finalizeContentBlock(block) };
    }
  }

  *#add(key: string | number, id?: string, name?: string, args?: string): Generator<ChatModelStreamEvent> {
    let block = this.#blocks.get(key);
    if (!block) {
      block = { type: 'tool_call_chunk', args: '', index: this.#blocks.size };
      this.#blocks.set(key, block);
      yield { event: 'content-block-start', index: block.index, content: { ...block } };
    }
    if (id) block.id ??= id;
    if (name) block.name = (block.name ?? '') + name;
    if (!args) return;
    block.args += args;
    yield { event: 'content-block-delta', index: block.index, delta: { type: 'tool-call-delta', args } };
  }
}
