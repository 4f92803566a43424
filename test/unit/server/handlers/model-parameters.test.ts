import { FakeListChatModel } from '@langchain/core/utils/testing';
import { describe, expect, test } from 'vitest';
import { providerDefaults } from '../../../../server/handlers/model-parameters.ts';
import { createModels } from '../../../../server/handlers/models.ts';
import type { ModelSettings } from '../../../../server/handlers/models.ts';
import type { ModelParameters } from '../../../../shared/assistant.ts';
import { SwitchboardError } from '../../../../shared/errors.ts';

const own = { 'house:model': new FakeListChatModel({ responses: ['x'] }) };

/** What a check is refused with; null when it is not. */
async function refusal(id: string | null, parameters: Partial<ModelParameters>, settings: ModelSettings = {}) {
  try {
    await createModels(settings, own).check(id, { ...providerDefaults, ...parameters });
    return null;
  } catch (error) {
    if (!(error instanceof SwitchboardError)) throw error;
    return `${error.code} ${error.message}`;
  }
}

describe('what a model takes', () => {
  test.for<[string | null, Partial<ModelParameters>, ModelSettings?]>([
    ['openai:gpt-4.1', { temperature: 2, topP: 1, maxOutputTokens: 1 }],
    ['openai:gpt-5-mini', { maxOutputTokens: 500 }],
    ['openai:gpt-5.1', { temperature: 0.2 }],
    ['openai:gpt-5-chat-latest', { temperature: 0.2 }],
    ['openai:gpt-5', { temperature: 0.2 }, { openaiBaseUrl: 'http://127.0.0.1:1/v1' }],
    ['anthropic:claude-3-5-haiku-latest', { temperature: 1 }],
    ['anthropic:claude-3-5-haiku-latest', { topP: 0.5, maxOutputTokens: 10 }],
    ['groq:anything', { temperature: 2 }],
    ['demo:guide', {}],
    ['house:model', {}],
    [null, {}],
    [null, { temperature: 2 }],
    [null, { temperature: 1 }, { defaultModel: 'openai:gpt-4.1' }],
  ])('[APP-8] %s with %j', async ([id, parameters, settings]) => {
    expect(await refusal(id, parameters, settings)).toBeNull();
  });

  test.for<[string | null, Partial<ModelParameters>, ModelSettings | undefined, RegExp]>([
    [
      'nobody:model',
      {},
      undefined,
      /^INVALID_INPUT model: expected openai:….* provider of LangChain, got "nobody:model"$/,
    ],
    ['demo:other', {}, undefined, /^INVALID_INPUT model: expected demo:guide, the only demo, got "demo:other"$/],
    ['demo:guide', { topP: 1 }, undefined, /^INVALID_INPUT parameters\.topP: expected null, .*demo:guide.*, got 1$/],
    [
      'openai:o3',
      { temperature: 1 },
      undefined,
      /^INVALID_INPUT parameters\.temperature: .*openai:o3 reasons.*, got 1$/,
    ],
    ['openai:gpt-5-mini', { topP: 0.1 }, undefined, /^INVALID_INPUT parameters\.topP: .*, got 0.1$/],
    [
      'anthropic:claude-3-5-haiku-latest',
      { temperature: 1.5 },
      undefined,
      /temperature: expected .* 0 to 1, .* got 1.5$/,
    ],
    [
      'anthropic:claude-opus-4-7',
      { temperature: 0.3 },
      undefined,
      /parameters\.temperature: expected null, .*, got 0.3$/,
    ],
    ['anthropic:claude-opus-4-7', { topP: 0.3 }, undefined, /parameters\.topP: expected null, .*, got 0.3$/],
    ['house:model', { maxOutputTokens: 5 }, undefined, /maxOutputTokens: expected null, because house:model is set up/],
    [null, { temperature: 1 }, { openaiApiKey: 'k' }, /parameters\.temperature: .*openai:gpt-5-mini reasons.*, got 1$/],
  ])('[APP-8] not %s with %j', async ([id, parameters, settings, words]) => {
    expect(await refusal(id, parameters, settings)).toMatch(words);
  });
});
