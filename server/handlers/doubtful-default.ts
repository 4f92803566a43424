import type { ModelSettings } from './models.ts';

/**
 * What is doubtful about a default model that nobody named, while its provider has not been asked; null when nothing is.
 * A compatible server may pass everything on to OpenAI, so it is no error.
 */
export function doubtfulDefault(
  { openaiBaseUrl, defaultModel }: ModelSettings,
  chosen: string,
): { readonly found: string; readonly fix: string } | null {
  if (!openaiBaseUrl || defaultModel || !chosen.startsWith('openai:')) return null;
  const found = `OPENAI_BASE_URL is set and DEFAULT_MODEL is not, and a compatible server seldom has ${chosen}`;
  return { found, fix: 'set DEFAULT_MODEL=openai:NAME to a model that it has' };
}
