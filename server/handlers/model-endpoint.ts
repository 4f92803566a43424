import { splitModelId } from './model-id.ts';
import type { ModelSettings } from './models.ts';

/** Where a model is asked, as people are told: without credentials and query. */
export interface ModelEndpoint {
  readonly address: string;
  /** The variable that set it; null for the provider's own address. */
  readonly variable: 'OPENAI_BASE_URL' | 'ANTHROPIC_BASE_URL' | null;
}

/** Null for models of which nobody here knows the address. */
export function endpointOf(id: string, settings: ModelSettings): ModelEndpoint | null {
  const { provider } = splitModelId(id);
  if (provider === 'openai') return endpoint('OPENAI_BASE_URL', settings.openaiBaseUrl, 'https://api.openai.com/v1');
  if (provider !== 'anthropic') return null;
  return endpoint('ANTHROPIC_BASE_URL', process.env['ANTHROPIC_BASE_URL'], 'https://api.anthropic.com');
}

function endpoint(
  variable: NonNullable<ModelEndpoint['variable']>,
  set: string | undefined,
  own: string,
): ModelEndpoint {
  return set ? { address: withoutSecrets(set), variable } : { address: own, variable: null };
}

/** The address without user, password and query; it may be nonsense, and is told then without its words. */
export function withoutSecrets(address: string): string {
  const url = URL.parse(address);
  return url ? `${url.protocol}//${url.host}${url.pathname.replace(/\/$/, '')}` : 'an address that is none';
}
