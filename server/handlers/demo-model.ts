import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { BaseChatModelCallOptions } from '@langchain/core/language_models/chat_models';
import { AIMessageChunk } from '@langchain/core/messages';
import type { BaseMessage, UsageMetadata } from '@langchain/core/messages';
import { ChatGenerationChunk } from '@langchain/core/outputs';
import type { ChatResult } from '@langchain/core/outputs';
import { demoScript } from './demo-script.ts';
import { estimateTokens } from '../../shared/estimate-tokens.ts';

export const demoModelId = 'demo:guide';

/** Milliseconds from word to word: a lively reading pace, and slow enough to see that it streams. */
const defaultWordMs = 25;

/**
 * Answers from a script while no language model is connected, and says that it does: word by word, with usage and a
 * finish reason, so that everything around it works as with a real model. It needs no network.
 */
export class DemoModel extends BaseChatModel {
  readonly #wordMs: number;

  constructor(options: { readonly wordMs?: number | undefined } = {}) {
    super({});
    this.#wordMs = options.wordMs ?? defaultWordMs;
  }

  override _llmType(): string {
    return 'demo';
  }

  /** Throws what `signal` was aborted with as soon as it is. */
  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: BaseChatModelCallOptions,
  ): AsyncGenerator<ChatGenerationChunk> {
    const answer = demoScript(textOfLastHuman(messages));
    for (const word of answer.match(/\S+\s*/g) ?? []) {
      await pause(this.#wordMs, options.signal);
      yield chunk(word);
    }
    yield lastChunk(messages, answer);
  }

  override async _generate(messages: BaseMessage[], options: BaseChatModelCallOptions): Promise<ChatResult> {
    let whole: ChatGenerationChunk | undefined;
    for await (const piece of this._streamResponseChunks(messages, options)) whole = whole?.concat(piece) ?? piece;
    return { generations: whole ? [whole] : [] };
  }
}

function chunk(text: string): ChatGenerationChunk {
  return new ChatGenerationChunk({ text, message: new AIMessageChunk({ content: text }) });
}

function lastChunk(messages: readonly BaseMessage[], answer: string): ChatGenerationChunk {
  const input = messages.reduce((sum, message) => sum + estimateTokens(message.text), 0);
  const output = estimateTokens(answer);
  const usage: UsageMetadata = { input_tokens: input, output_tokens: output, total_tokens: input + output };
  // The library's type of the field comes out as `undefined` under exactOptionalPropertyTypes.
  const message = new AIMessageChunk({ content: '', usage_metadata: usage as never });
  return new ChatGenerationChunk({ text: '', message, generationInfo: { finish_reason: 'stop' } });
}

function textOfLastHuman(messages: readonly BaseMessage[]): string {
  return messages.findLast((message) => message.type === 'human')?.text ?? '';
}

function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal?.reason as Error);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', stop);
      resolve();
    }, ms);
    signal?.addEventListener('abort', stop, { once: true });
  });
}
