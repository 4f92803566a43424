import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { BaseChatModelCallOptions } from '@langchain/core/language_models/chat_models';
import { AIMessageChunk } from '@langchain/core/messages';
import type { BaseMessage } from '@langchain/core/messages';
import { ChatGenerationChunk } from '@langchain/core/outputs';
import type { ChatResult } from '@langchain/core/outputs';

/** Answers `«PROMPT»`, in three pieces, without a network. */
export class EchoModel extends BaseChatModel {
  /** Awaited before each piece; for whoever wants to be there. */
  readonly #onPiece: (prompt: string) => Promise<void>;

  constructor(onPiece: (prompt: string) => Promise<void> = async () => {}) {
    super({});
    this.#onPiece = onPiece;
  }

  override _llmType(): string {
    return 'echo';
  }

  override async *_streamResponseChunks(
    messages: BaseMessage[],
    options: BaseChatModelCallOptions,
  ): AsyncGenerator<ChatGenerationChunk> {
    const prompt = messages.at(-1)?.text ?? '';
    for (const text of ['«', prompt, '»']) {
      await this.#onPiece(prompt);
      options.signal?.throwIfAborted();
      yield piece(text, {});
    }
    yield piece('', { finish_reason: 'stop' });
  }

  override async _generate(): Promise<ChatResult> {
    throw new Error('expected this model to be streamed');
  }
}

function piece(text: string, response_metadata: Record<string, unknown>): ChatGenerationChunk {
  return new ChatGenerationChunk({ text, message: new AIMessageChunk({ content: text, response_metadata }) });
}
