import type { ChatModelStreamEvent } from '@langchain/core/language_models/event';
import { convertOpenAICompletionsStream } from '@langchain/core/language_models/openai_completions_stream';
import type { BaseMessage } from '@langchain/core/messages';
import { ChatOpenAICompletions, convertMessagesToCompletionsMessageParams } from '@langchain/openai';
import { answerEvents } from './answer-events.ts';
import { wantsEvents } from './streaming-fetch.ts';

type Chunk = Parameters<typeof convertOpenAICompletionsStream>[0] extends AsyncIterable<infer Item> ? Item : never;

/**
 * LangChain's model with a shorter way from the response to its events; give it `streamingFetch`.
 *
 * The provider's client takes a stream through eight layers of generators, at 54 µs of CPU a token more than a third of
 * all that a token costs. So it only makes the request, and the body is read here.
 */
export class OpenAiCompletions extends ChatOpenAICompletions {
  override async *_streamChatModelEvents(
    messages: BaseMessage[],
    options: this['ParsedCallOptions'],
  ): AsyncGenerator<ChatModelStreamEvent> {
    const response = await this.#request(messages, options);
    yield* convertOpenAICompletionsStream(answerEvents<Chunk>(response, { signal: options.signal, isFinish }), {
      streamUsage: this.streamUsage,
      provider: this.streamEventProvider,
      mapChunk: withoutEmptyFinish,
    });
  }

  #request(messages: BaseMessage[], options: this['ParsedCallOptions']): Promise<Response> {
    const request = {
      ...this.invocationParams(options, { streaming: true }),
      messages: convertMessagesToCompletionsMessageParams({ messages, model: this.model }),
      stream: true,
    } as const;
    const clientOptions = { ...this._getClientOptions(options), headers: wantsEvents };
    const ask = () => this.client.chat.completions.create(request, clientOptions).asResponse();
    return this.caller.callWithOptions(options, ask);
  }
}

function isFinish(chunk: Chunk | null): boolean {
  const reason: unknown = chunk?.choices?.[0]?.finish_reason;
  return typeof reason === 'string' && reason !== '';
}

/** Some servers send an empty reason, or another nothing, with each chunk; the library would take it for an end. */
function withoutEmptyFinish(chunk: Chunk): Chunk {
  const choice = chunk.choices?.[0];
  if (choice?.finish_reason != null && !isFinish(chunk)) choice.finish_reason = null;
  return chunk;
}
