import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { ChatOpenAI } from '@langchain/openai';
import type { ModelParameters } from '../../shared/assistant.ts';
import { SwitchboardError } from '../../shared/errors.ts';
import { clientTimeoutMs, retrying } from './model-limits.ts';
import { samplingOf } from './model-parameters.ts';
import { OpenAiCompletions } from './openai-completions.ts';
import { streamingFetch } from './streaming-fetch.ts';
import type { ModelSettings } from './models.ts';

/** Named, so that neither an environment variable nor a gateway sends an answer elsewhere. */
const openaiUrl = 'https://api.openai.com/v1';

/** The client wants a key even where the server does not. */
const noKey = 'none';

/**
 * A model of OpenAI, or of whatever speaks its protocol at the base URL.
 *
 * There it is always `/chat/completions`: `ChatOpenAI` goes over to the Responses API by itself for names such as
 * `…codex…`, whatever `useResponsesApi` says, and compatible servers may not have it.
 */
export function openaiModel(name: string, settings: ModelSettings, parameters: ModelParameters): BaseChatModel {
  const { openaiApiKey, openaiBaseUrl } = settings;
  if (!openaiApiKey && !openaiBaseUrl) throw missingKey(name);
  const fields = {
    model: name,
    apiKey: openaiApiKey || noKey,
    streamUsage: true,
    ...retrying,
    timeout: clientTimeoutMs,
    ...samplingOf(parameters),
    // The client would print pieces of broken answers.
    configuration: { baseURL: openaiBaseUrl || openaiUrl, logLevel: 'off', fetch: streamingFetch },
  } as const;
  const completions = new OpenAiCompletions(fields);
  return openaiBaseUrl ? completions : new ChatOpenAI({ ...fields, completions });
}

function missingKey(name: string): SwitchboardError {
  return new SwitchboardError(
    'MODEL_AUTH',
    `the model openai:${name} needs OPENAI_API_KEY, or OPENAI_BASE_URL for a compatible server, and neither is set; ` +
      'set one and restart, or choose another model with DEFAULT_MODEL',
  );
}
