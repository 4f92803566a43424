import { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { AIMessage, AIMessageChunk } from '@langchain/core/messages';
import { ChatGenerationChunk } from '@langchain/core/outputs';
import type { ChatResult } from '@langchain/core/outputs';
import { describe, expect, test } from 'vitest';
import { createModels } from '../../../../server/handlers/models.ts';
import { assistantHandler, codeOf, handlerRun, produce } from './handler-run.ts';

/** A model as packages of providers write it: it streams messages and knows no content events. */
class ChunkModel extends BaseChatModel {
  readonly #chunks: readonly ConstructorParameters<typeof AIMessageChunk>[0][];

  constructor(...chunks: readonly ConstructorParameters<typeof AIMessageChunk>[0][]) {
    super({});
    this.#chunks = chunks;
  }

  override _llmType(): string {
    return 'chunks';
  }

  override async *_streamResponseChunks(): AsyncGenerator<ChatGenerationChunk> {
    for (const fields of this.#chunks) {
      const message = new AIMessageChunk(fields);
      yield new ChatGenerationChunk({ message, text: message.text });
    }
  }

  override _generate(): Promise<ChatResult> {
    throw new Error('it should stream');
  }
}

/** A model that cannot stream. */
class WholeModel extends BaseChatModel {
  override _llmType(): string {
    return 'whole';
  }

  override async _generate(): Promise<ChatResult> {
    return { generations: [{ text: 'all at once', message: new AIMessage('all at once') }] };
  }
}

function ask(model: BaseChatModel) {
  return produce(assistantHandler(createModels({ defaultModel: 'house:m' }, { 'house:m': model })), handlerRun('hi'));
}

describe('a model that streams messages', () => {
  test('[AST-15] is streamed piece by piece', async () => {
    const { events, error } = await ask(new ChunkModel('one ', '', 'two'));
    expect(error).toBeNull();
    expect(events.filter((event) => event.type === 'text').map((event) => event.text)).toEqual(['one ', 'two']);
  });

  test('[AST-15] has its reasoning apart, as a field or as blocks', async () => {
    const { reasoning, text } = await ask(
      new ChunkModel(
        { content: '', additional_kwargs: { reasoning_content: 'a' } },
        { content: [{ type: 'thinking', thinking: 'b' }] },
        { content: [{ type: 'reasoning', reasoning: 'c' }] },
        { content: [{ type: 'text', text: 'answer' }] },
      ),
    );
    expect({ reasoning, text }).toEqual({ reasoning: 'abc', text: 'answer' });
  });

  test.each([
    ['stop', 'none'],
    ['MAX_TOKENS', 'none'],
    ['SAFETY', 'MODEL_REFUSED'],
    ['content_filter', 'MODEL_REFUSED'],
    ['error', 'MODEL_BROKEN_STREAM'],
    ['tool_calls', 'MODEL_BROKEN_STREAM'],
  ])('[AST-15] with finish reason %s: error %s', async (reason, code) => {
    const { error } = await ask(new ChunkModel('text', { content: '', response_metadata: { finish_reason: reason } }));
    expect(error === null ? 'none' : codeOf(error)).toBe(code);
  });

  test('[AST-3] has the usage of its chunks, summed', async () => {
    const counted = (input: number, output: number) =>
      ({ content: 'x', usage_metadata: { input_tokens: input, output_tokens: output, total_tokens: 0 } }) as never;
    const { usage } = await ask(new ChunkModel(counted(5, 1), counted(0, 2)));
    expect(usage).toEqual({ inputTokens: 5, outputTokens: 3, source: 'reported' });
  });
});

test('[AST-15] a model that cannot stream answers all at once', async () => {
  expect(await ask(new WholeModel({}))).toMatchObject({ text: 'all at once', error: null });
});
