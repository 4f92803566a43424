import { ChatAnthropic } from '@langchain/anthropic';
import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { SwitchboardError } from '../../shared/errors.ts';
import { brokenOff, refused } from './model-error.ts';
import { clientTimeoutMs, retrying } from './model-limits.ts';
import type { ModelOptions, ModelSettings } from './models.ts';

/** A model of Anthropic. `ANTHROPIC_BASE_URL` is read by its client. */
export function anthropicModel(name: string, settings: ModelSettings, options: ModelOptions): BaseChatModel {
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
    ...(options.temperature !== null && { temperature: options.temperature }),
    // The client would print pieces of broken answers.
    clientOptions: { timeout: clientTimeoutMs, logLevel: 'off' },
  });
}

type ProviderStream = Awaited<ReturnType<ChatAnthropic['createStreamWithRetry']>>;
type ProviderEvent = ProviderStream extends AsyncIterable<infer Event> ? Event : never;

/**
 * Looks at the provider's own events, because what `ChatAnthropic` makes of them no longer tells a refusal or a missing
 * stop reason from a natural end.
 */
class CheckedAnthropic extends ChatAnthropic {
  protected override async createStreamWithRetry(
    ...request: Parameters<ChatAnthropic['createStreamWithRetry']>
  ): Promise<ProviderStream> {
    const stream = await super.createStreamWithRetry(...request);
    const checked = { controller: stream.controller, [Symbol.asyncIterator]: () => checkedEvents(stream, this.model) };
    // Only these two of the stream are used.
    return checked as unknown as ProviderStream;
  }
}

async function* checkedEvents(events: AsyncIterable<ProviderEvent>, name: string): AsyncGenerator<ProviderEvent> {
  let stopReason: string | null = null;
  for await (const event of events) {
    if (event.type === 'message_delta') stopReason = event.delta.stop_reason;
    if (stopReason === 'refusal') throw refused(`anthropic:${name}`);
    if (event.type === 'message_stop' && stopReason === null) throw brokenOff(`anthropic:${name}`);
    if (event.type === 'message_start') withoutFirstOutput(event.message.usage);
    yield event;
  }
}

/** Later counts of output tokens include those of the start, and the library adds the two. */
function withoutFirstOutput(usage: { output_tokens: number } | undefined): void {
  if (usage) usage.output_tokens = 0;
}
