import { ChatAnthropic } from '@langchain/anthropic';
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { ModelParameters } from '../../shared/assistant.ts';
import { SwitchboardError } from '../../shared/errors.ts';
import { answerEvents } from './answer-events.ts';
import { refused } from './model-error.ts';
import { clientTimeoutMs, retrying } from './model-limits.ts';
import type { ModelSettings } from './models.ts';
import { samplingOf } from './model-parameters.ts';
import { streamingFetch, wantsEvents } from './streaming-fetch.ts';

/** A model of Anthropic. `ANTHROPIC_BASE_URL` is read by its client. */
export function anthropicModel(name: string, settings: ModelSettings, parameters: ModelParameters): BaseChatModel {
  const { anthropicApiKey } = settings;
  if (!anthropicApiKey) {
    throw new SwitchboardError(
      'MODEL_AUTH',
      `the model anthropic:${name} needs ANTHROPIC_API_KEY, which is not set; set it and restart, or choose another ` +
        'model with DEFAULT_MODEL',
    );
  }
  return new CheckedAnthropic({
    model: name,
    apiKey: anthropicApiKey,
    streamUsage: true,
    ...retrying,
    ...samplingOf(parameters),
    // The client would print pieces of broken answers.
    clientOptions: { timeout: clientTimeoutMs, logLevel: 'off', fetch: streamingFetch },
  });
}

/** Why a model of that name does not take them, in the words of its library, which knows which ones do; else null. */
export function whyNotTaken(name: string, parameters: ModelParameters): string | null {
  const model = new ChatAnthropic({ model: name, apiKey: 'none', ...samplingOf(parameters) });
  try {
    model.invocationParams({});
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

type CreateStream = ChatAnthropic['createStreamWithRetry'];
type ProviderStream = Awaited<ReturnType<CreateStream>>;
type ProviderEvent = ProviderStream extends AsyncIterable<infer Event> ? Event : never;

/**
 * LangChain's model with the provider's stream read here: its client copies what it has at every chunk, so that one
 * long event holds up everything else, and has no limit for it. And what `ChatAnthropic` makes of the events no longer
 * tells a refusal or a missing stop reason from a natural end.
 */
class CheckedAnthropic extends ChatAnthropic {
  protected override async createStreamWithRetry(
    request: Parameters<CreateStream>[0],
    { signal, headers }: NonNullable<Parameters<CreateStream>[1]> = {},
  ): Promise<ProviderStream> {
    const { betas, ...rest } = request;
    const body = { ...rest, ...this.invocationKwargs, stream: true } as const;
    const options = { signal: signal ?? null, headers: { ...(headers as Record<string, string>), ...wantsEvents } };
    const { messages, beta } = this.#client();
    const ask = () =>
      (betas?.length ? beta.messages.create({ ...body, betas }, options) : messages.create(body, options)).asResponse();
    const response = await this.caller.callWithOptions({ ...(signal && { signal }) }, ask);
    const events = answerEvents<ProviderEvent>(response, { signal: signal ?? undefined, isFinish });
    // Nothing else of the stream is used.
    return checkedEvents(events, this.model) as unknown as ProviderStream;
  }

  #client(): ChatAnthropic['streamingClient'] {
    this.streamingClient ??= this.createClient({
      ...this.clientOptions,
      ...(this.apiUrl && { baseURL: this.apiUrl }),
      apiKey: this.apiKey ?? null,
      maxRetries: 0,
    });
    return this.streamingClient;
  }
}

function isFinish(event: ProviderEvent | null): boolean {
  const said = event?.type === 'message_delta' ? (event.delta as { readonly stop_reason?: unknown } | null) : null;
  return typeof said?.stop_reason === 'string' && said.stop_reason !== '';
}

/** The events that the protocol has; what is known by none of these names, such as `ping`, is no sign of life. */
const known: ReadonlySet<unknown> = new Set<ProviderEvent['type']>([
  'message_start',
  'message_delta',
  'message_stop',
  'content_block_start',
  'content_block_delta',
  'content_block_stop',
]);

/** With its `message_stop` exactly when there was a stop reason. Nothing is read after it. */
async function* checkedEvents(events: AsyncIterable<ProviderEvent>, name: string): AsyncGenerator<ProviderEvent> {
  let finished = false;
  for await (const event of events) {
    if (event.type === 'message_stop') break;
    finished ||= isFinish(event);
    if (event.type === 'message_delta' && event.delta.stop_reason === 'refusal') throw refused(`anthropic:${name}`);
    if (event.type === 'message_start') withoutFirstOutput(event.message.usage);
    if (known.has(event.type)) yield event;
  }
  if (finished) yield { type: 'message_stop' };
}

/** Later counts of output tokens include those of the start, and the library adds the two. */
function withoutFirstOutput(usage: { output_tokens: number } | undefined): void {
  if (usage) usage.output_tokens = 0;
}
