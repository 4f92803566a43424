import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import type { ModelParameters } from '../../shared/assistant.ts';
import { SwitchboardError } from '../../shared/errors.ts';
import { retrying } from './model-limits.ts';
import { samplingOf } from './model-parameters.ts';

/** What the libraries of some providers call the tokens of an answer; all others say `maxTokens`. */
const lengthNames: Readonly<Record<string, string>> = {
  'google-genai': 'maxOutputTokens',
  'google-vertexai': 'maxOutputTokens',
  'google-vertexai-web': 'maxOutputTokens',
  google: 'maxOutputTokens',
  ollama: 'numPredict',
};

/**
 * A model of any other provider that LangChain knows, when its package is installed. It reads its key from the
 * environment variable that the provider documents.
 */
export async function otherModel(provider: string, name: string, parameters: ModelParameters): Promise<BaseChatModel> {
  const { initChatModel } = await import('langchain/chat_models/universal');
  const lengthName = lengthNames[provider];
  try {
    const model = await initChatModel(name, {
      modelProvider: provider,
      ...retrying,
      ...samplingOf(parameters),
      ...(lengthName && { [lengthName]: parameters.maxOutputTokens ?? undefined }),
    });
    // What comes from `initChatModel` can be configured at each call, and streams by a longer way. This is the model.
    return await model._getModelInstance();
  } catch (error) {
    throw explained(provider, name, error);
  }
}

function explained(provider: string, name: string, cause: unknown): SwitchboardError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const model = `the model ${provider}:${name}`;
  const missing = /npm install (@?[\w/-]+)/.exec(message)?.[1] ?? /Unable to import (@?[\w/-]+)/.exec(message)?.[1];
  if (missing) {
    const fix = `run: npm install ${missing}, and restart`;
    return new SwitchboardError('MODEL_BAD_REQUEST', `${model} needs the package ${missing}; ${fix}`, { cause });
  }
  if (/api.?key|credential|token/i.test(message)) {
    const fix = `set the environment variable that ${provider} documents and restart`;
    return new SwitchboardError('MODEL_AUTH', `${model} has no key; ${fix}`, { cause });
  }
  const known =
    'expected openai:…, anthropic:…, demo:guide, or a provider of LangChain such as google-genai, groq, mistralai';
  return new SwitchboardError('MODEL_BAD_REQUEST', `${model} cannot be used; ${known}`, { cause });
}

/** Whether LangChain knows the provider; its package may not be installed. */
export async function isProvider(provider: string): Promise<boolean> {
  const { MODEL_PROVIDER_CONFIG } = await import('langchain/chat_models/universal');
  return Object.hasOwn(MODEL_PROVIDER_CONFIG, provider);
}
