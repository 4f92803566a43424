import type { Config } from '../../config.ts';
import { endpointOf } from '../../handlers/model-endpoint.ts';

/** A provider that is configured, and how to ask it for the list of its models. */
export interface Provider {
  readonly name: 'openai' | 'anthropic';
  /** Where it is asked, without credentials. */
  readonly address: string;
  /** The variable with its address; null for the provider's own. */
  readonly variable: string | null;
  readonly keyVariable: string;
  readonly hasKey: boolean;
  readonly listUrl: string;
  readonly headers: Readonly<Record<string, string>>;
}

export function providersOf(config: Config): Provider[] {
  const { anthropicApiKey, openaiApiKey, openaiBaseUrl } = config;
  const providers: Provider[] = [];
  if (openaiApiKey || openaiBaseUrl) {
    providers.push({
      name: 'openai',
      ...endpoint('openai:', config),
      keyVariable: 'OPENAI_API_KEY',
      hasKey: Boolean(openaiApiKey),
      listUrl: `${openaiBaseUrl?.replace(/\/+$/, '') ?? 'https://api.openai.com/v1'}/models`,
      headers: openaiApiKey ? { authorization: `Bearer ${openaiApiKey}` } : {},
    });
  }
  if (anthropicApiKey) {
    providers.push({
      name: 'anthropic',
      ...endpoint('anthropic:', config),
      keyVariable: 'ANTHROPIC_API_KEY',
      hasKey: true,
      listUrl: `${(process.env['ANTHROPIC_BASE_URL'] || 'https://api.anthropic.com').replace(/\/+$/, '')}/v1/models?limit=1000`,
      headers: { 'x-api-key': anthropicApiKey, 'anthropic-version': '2023-06-01' },
    });
  }
  return providers;
}

function endpoint(model: string, config: Config): { address: string; variable: string | null } {
  return endpointOf(model, config) ?? { address: 'its own address', variable: null };
}
