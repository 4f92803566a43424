import { describe, expect, test } from 'vitest';
import { inputTokensOf } from '../../../../server/handlers/context-window.ts';
import { createModels } from '../../../../server/handlers/models.ts';
import { providerDefaults } from '../../../../server/handlers/model-parameters.ts';
import { limits } from '../../../../shared/limits.ts';

const asked = { id: 'openai:x', profile: null, contextTokens: {}, maxOutputTokens: null } as const;

describe('the tokens of a request', () => {
  test('[CTX-1] are what the library knows of the model, less its longest answer, at most a third', () => {
    const profile = { maxInputTokens: 400_000, maxOutputTokens: 128_000 };
    expect(inputTokensOf({ ...asked, profile })).toBe(272_000);
    expect(inputTokensOf({ ...asked, profile: { maxInputTokens: 9_000, maxOutputTokens: 9_000 } })).toBe(6_000);
    expect(inputTokensOf({ ...asked, profile: { maxInputTokens: 128_000, maxOutputTokens: 16_000 } })).toBe(112_000);
  });

  test('[CTX-1] leave as much for the answer as the assistant lets it have, at most a half', () => {
    const profile = { maxInputTokens: 100_000, maxOutputTokens: 64_000 };
    expect(inputTokensOf({ ...asked, profile, maxOutputTokens: 1_000 })).toBe(99_000);
    expect(inputTokensOf({ ...asked, profile, maxOutputTokens: 99_000 })).toBe(50_000);
  });

  test('[CTX-1] are what the operator says of the model, or of those that nobody knows', () => {
    const contextTokens = { 'openai:x': 30_000, other: 60_000 };
    expect(inputTokensOf({ ...asked, contextTokens, profile: { maxInputTokens: 400_000 } })).toBe(30_000 - 4_096);
    expect(inputTokensOf({ ...asked, id: 'openai:y', contextTokens })).toBe(60_000 - 4_096);
    const embedding = { maxInputTokens: 0, maxOutputTokens: 0 };
    expect(inputTokensOf({ ...asked, id: 'openai:y', contextTokens, profile: embedding })).toBe(60_000 - 4_096);
    expect(inputTokensOf(asked)).toBe(limits.contextTokens - 4_096);
    expect(inputTokensOf({ ...asked, id: 'constructor' })).toBe(limits.contextTokens - 4_096);
  });

  test('[CTX-1] are known of the models of OpenAI and Anthropic, but not by a name at a compatible server', async () => {
    const keys = { openaiApiKey: 'key', anthropicApiKey: 'key' };
    const tokens = async (settings: object, id: string) =>
      (await createModels(settings).resolve(id, providerDefaults)).inputTokens;
    expect(await tokens(keys, 'openai:gpt-4o')).toBeGreaterThan(100_000);
    expect(await tokens(keys, 'anthropic:claude-sonnet-5')).toBeGreaterThan(100_000);
    const compatible = { openaiBaseUrl: 'http://127.0.0.1:9/v1' };
    expect(await tokens(compatible, 'openai:gpt-4o')).toBe(limits.contextTokens - 4_096);
    expect(await tokens({ ...compatible, contextTokens: { 'openai:gpt-4o': 40_960 } }, 'openai:gpt-4o')).toBe(36_864);
  });
});
