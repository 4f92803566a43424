import type { BaseChatModel } from '@langchain/core/language_models/chat_models';
import { ModelId } from '../../shared/assistant.ts';
import type { Model, ModelParameters } from '../../shared/assistant.ts';
import { SwitchboardError } from '../../shared/errors.ts';
import { Cache } from './cache.ts';
import { inputTokensOf } from './context-window.ts';
import type { ContextTokens } from './context-window.ts';
import { demoModelId, DemoModel } from './demo-model.ts';
import { endpointOf } from './model-endpoint.ts';
import type { ModelEndpoint } from './model-endpoint.ts';
import { splitModelId } from './model-id.ts';
import { checkParameters, providerDefaults } from './model-parameters.ts';

export interface ModelSettings {
  readonly openaiApiKey?: string | undefined;
  /** The root of an OpenAI-compatible API, usually ending in `/v1`. Needs no key. */
  readonly openaiBaseUrl?: string | undefined;
  readonly anthropicApiKey?: string | undefined;
  /** `provider:model`; absent: the best that is configured. */
  readonly defaultModel?: string | undefined;
  /** Tokens that models take, where the operator knows better than their libraries, or alone. */
  readonly contextTokens?: ContextTokens | undefined;
  /** Names of models at a compatible server that take images. */
  readonly imageModels?: readonly string[] | undefined;
  /** Milliseconds from word to word of the built-in demo; 25 where nothing is said. */
  readonly demoWordMs?: number | undefined;
}

export interface ResolvedModel {
  /** `provider:model`, the default's where null was asked for. */
  readonly id: string;
  readonly model: BaseChatModel;
  /** Tokens that a request to it may have, with room left for the answer. */
  readonly inputTokens: number;
  /** Whether it is known to take images; absent: it is not. */
  readonly images?: boolean;
  /** Where it is asked; absent or null where nobody here knows. */
  readonly endpoint?: ModelEndpoint | null;
}

/** The language models that this server can call, by their `provider:model` names. */
export interface Models {
  readonly defaultModel: string;
  /** What is configured, the default first, with its problem, and the demo last. Asks no provider. */
  list(): Model[];
  /** Why the default model cannot answer, as far as that is known without asking its provider; else null. */
  problem(): Promise<string | null>;
  /**
   * The model of that name, null meaning the default; built once for each name and parameters. Calls no provider.
   * A model that was handed in is used as it is, whatever the parameters.
   *
   * Errors: `MODEL_AUTH` when its key is missing, `MODEL_BAD_REQUEST` when there is no such provider or model.
   */
  resolve(id: string | null, parameters: ModelParameters): Promise<ResolvedModel>;
  /**
   * Whether a model of that name, null meaning the default as it is now, takes these parameters, as far as that is known
   * without asking its provider. A key that is missing is no matter here.
   *
   * Errors: `INVALID_INPUT` naming the field, what was expected and what came.
   */
  check(id: string | null, parameters: ModelParameters): Promise<void>;
}

/** Taken when OpenAI is configured and no model is named. Small, quick, and every key can use it. */
const openaiDefault = 'openai:gpt-5-mini';
/** Taken when Anthropic is configured and no model is named. */
const anthropicDefault = 'anthropic:claude-sonnet-5';

/** Models kept ready. Each is a small object with an HTTP client; operators use a handful, so the bound is for safety. */
const modelsKept = 64;

/**
 * @param own models made by whoever starts the server, by the names that assistants use; they go before the built-in ones
 */
export function createModels(settings: ModelSettings, own: Readonly<Record<string, BaseChatModel>> = {}): Models {
  const defaultModel = checkedName('DEFAULT_MODEL', settings.defaultModel ?? bestConfigured(settings));
  for (const id of Object.keys(own)) checkedName('models', id);
  const built = new Cache<Promise<BaseChatModel>>(modelsKept);

  function model(id: string, parameters: ModelParameters): Promise<BaseChatModel> {
    if (Object.hasOwn(own, id)) return Promise.resolve(own[id] as BaseChatModel);
    const { temperature, topP, maxOutputTokens } = parameters;
    const key = JSON.stringify([id, temperature, topP, maxOutputTokens]);
    return built.get(key, () => build(id, settings, parameters));
  }

  let trouble: string | null = null;
  // The provider's package takes a tenth of a second to load: better now than in the first answer.
  const usable = model(defaultModel, providerDefaults).then(
    () => null,
    (error: unknown) => (trouble = error instanceof Error ? error.message : String(error)),
  );

  return {
    defaultModel,
    list: () => listed(settings, own, defaultModel).map((one) => withProblem(one, defaultModel, trouble)),
    problem: () => usable,
    async resolve(id, parameters) {
      const name = id ?? defaultModel;
      const isOwn = Object.hasOwn(own, name);
      const endpoint = isOwn ? null : endpointOf(name, settings);
      const resolved = await model(name, parameters);
      const inputTokens = inputTokensOf({
        id: name,
        // The name of a model at a compatible server may be that of another one elsewhere.
        profile: !isOwn && isCompatible(name, settings) ? null : resolved.profile,
        contextTokens: settings.contextTokens ?? {},
        maxOutputTokens: parameters.maxOutputTokens,
      });
      return { id: name, model: resolved, inputTokens, images: takesImages(name, settings, own[name]), endpoint };
    },
    check: (id, parameters) =>
      checkParameters({
        id: id ?? defaultModel,
        isDefault: id === null,
        isOwn: Object.hasOwn(own, id ?? defaultModel),
        isCompatible: Boolean(settings.openaiBaseUrl),
        parameters,
      }),
  };
}

function bestConfigured(settings: ModelSettings): string {
  if (settings.openaiApiKey || settings.openaiBaseUrl) return openaiDefault;
  return settings.anthropicApiKey ? anthropicDefault : demoModelId;
}

function checkedName(where: string, id: string): string {
  if (ModelId.safeParse(id).success) return id;
  throw new Error(`${where}: expected provider:model, for example ${openaiDefault}, got ${JSON.stringify(id)}`);
}

type Build = (name: string, settings: ModelSettings, parameters: ModelParameters) => Promise<BaseChatModel>;

/** The packages of the providers are loaded when the first of their models is used: a server uses one, seldom two. */
const providers: Readonly<Record<string, Build>> = {
  async demo(name, settings) {
    if (`demo:${name}` === demoModelId) return new DemoModel({ wordMs: settings.demoWordMs });
    throw new SwitchboardError('MODEL_BAD_REQUEST', `there is no model demo:${name}; the only demo is ${demoModelId}`);
  },
  async openai(name, settings, parameters) {
    return (await import('./openai-model.ts')).openaiModel(name, settings, parameters);
  },
  async anthropic(name, settings, parameters) {
    return (await import('./anthropic-model.ts')).anthropicModel(name, settings, parameters);
  },
};

async function build(id: string, settings: ModelSettings, parameters: ModelParameters): Promise<BaseChatModel> {
  const { provider, name } = splitModelId(id);
  const known = Object.hasOwn(providers, provider) ? providers[provider] : undefined;
  if (known) return known(name, settings, parameters);
  return (await import('./other-model.ts')).otherModel(provider, name, parameters);
}

function listed(settings: ModelSettings, own: Readonly<Record<string, BaseChatModel>>, first: string): Model[] {
  const ids = new Set([first, ...Object.keys(own)]);
  if (settings.openaiApiKey && !settings.openaiBaseUrl) ids.add(openaiDefault);
  if (settings.anthropicApiKey) ids.add(anthropicDefault);
  ids.delete(demoModelId);
  if (first === demoModelId) return [demoModelId, ...ids].map((id) => described(id, settings, own[id]));
  return [...ids, demoModelId].map((id) => described(id, settings, own[id]));
}

function isCompatible(id: string, { openaiBaseUrl }: ModelSettings): boolean {
  return splitModelId(id).provider === 'openai' && Boolean(openaiBaseUrl);
}

function withProblem(model: Model, defaultModel: string, problem: string | null): Model {
  return problem !== null && model.id === defaultModel ? { ...model, problem } : model;
}

/** Of compatible servers nobody can tell, so whoever set one up has to. */
function takesImages(id: string, settings: ModelSettings, own: BaseChatModel | undefined): boolean {
  if (own) return own.profile.imageInputs === true;
  if (id === demoModelId) return false;
  return !isCompatible(id, settings) || (settings.imageModels ?? []).includes(id);
}

/** What is known without asking: compatible servers may send reasoning. */
function described(id: string, settings: ModelSettings, own: BaseChatModel | undefined): Model {
  const { provider } = splitModelId(id);
  const demo = id === demoModelId && !own;
  const images = takesImages(id, settings, own);
  return { id, provider, demo, reasoning: Boolean(own) || isCompatible(id, settings), images };
}
