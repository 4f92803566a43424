import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { FakeListChatModel } from '@langchain/core/utils/testing';
import { AzureChatOpenAI } from '@langchain/openai';
import { afterEach, describe, expect, test, vi, onTestFinished } from 'vitest';
import { Model } from '../../../../shared/assistant.ts';
import { splitModelId } from '../../../../server/handlers/model-id.ts';
import { createModels } from '../../../../server/handlers/models.ts';
import { startModelProvider } from '../../../helpers/model-provider.ts';
import { assistantHandler, codeOf, handlerRun, produce } from './handler-run.ts';
import { providerDefaults } from '../../../../server/handlers/model-parameters.ts';

const atDefault = providerDefaults;

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

describe('the default', () => {
  test.each([
    [{}, 'demo:guide'],
    [{ anthropicApiKey: 'k' }, 'anthropic:claude-sonnet-5'],
    [{ anthropicApiKey: 'k', openaiApiKey: 'k' }, 'openai:gpt-5-mini'],
    [{ openaiBaseUrl: 'http://127.0.0.1:9/v1', anthropicApiKey: 'k' }, 'openai:gpt-5-mini'],
    [{ openaiApiKey: 'k', defaultModel: 'demo:guide' }, 'demo:guide'],
  ])('[MDL-2] %j makes %s the default', (settings, expected) => {
    expect(createModels(settings).defaultModel).toBe(expected);
  });

  test('[MDL-2] null resolves to the default', async () => {
    expect((await createModels({}).resolve(null, atDefault)).id).toBe('demo:guide');
  });

  test('[MDL-9] a default without a provider is refused, naming the variable, the form and what came', () => {
    expect(() => createModels({ defaultModel: 'gpt-5-mini' })).toThrow(/DEFAULT_MODEL.*provider:model.*"gpt-5-mini"/);
  });

  test('[MDL-9] a model handed in under a name without a provider is refused', () => {
    expect(() => createModels({}, { mine: new FakeListChatModel({ responses: [] }) })).toThrow(/models:.*"mine"/);
  });
});

describe('names', () => {
  test('[MDL-1] a name is split at its first colon only', () => {
    expect(splitModelId('openai:llama3.2:3b')).toEqual({ provider: 'openai', name: 'llama3.2:3b' });
  });

  test('[MDL-1] a name with a colon of its own reaches the provider whole', async () => {
    await using provider = await startModelProvider();
    const models = createModels({ openaiBaseUrl: provider.url, defaultModel: 'openai:llama3.2:3b' });
    await produce(assistantHandler(models), handlerRun('hello'));
    expect(provider.requests[0]?.body.model).toBe('llama3.2:3b');
  });
});

describe('a base URL', () => {
  test.each(['gpt-5-codex', 'gpt-5.6', 'gpt-5.2-pro', 'qwen3'])(
    '[MDL-3] is asked for %s at /chat/completions, without a key',
    async (name) => {
      vi.stubEnv('OPENAI_API_KEY', undefined);
      await using provider = await startModelProvider();
      const models = createModels({ openaiBaseUrl: provider.url, defaultModel: `openai:${name}` });
      const { error, text } = await produce(assistantHandler(models), handlerRun('hello'));
      expect(error).toBeNull();
      expect(text).not.toBe('');
      expect(provider.requests.map((request) => request.path)).toEqual(['/v1/chat/completions']);
    },
  );

  test('[MDL-3] gets the key where there is one', async () => {
    await using provider = await startModelProvider();
    const models = createModels({ openaiBaseUrl: provider.url, openaiApiKey: 'sk-mine' });
    await produce(assistantHandler(models), handlerRun('hello'));
    expect(provider.requests[0]?.headers.authorization).toBe('Bearer sk-mine');
  });
});

describe('what cannot be resolved', () => {
  test.each([
    ['openai:gpt-5-mini', /openai:gpt-5-mini.*OPENAI_API_KEY.*OPENAI_BASE_URL.*DEFAULT_MODEL/],
    ['anthropic:claude-sonnet-5', /anthropic:claude-sonnet-5.*ANTHROPIC_API_KEY.*DEFAULT_MODEL/],
  ])('[MDL-4] %s without its key is MODEL_AUTH and names the variable', async (id, message) => {
    vi.stubEnv('OPENAI_API_KEY', undefined);
    vi.stubEnv('ANTHROPIC_API_KEY', undefined);
    const error = await createModels({})
      .resolve(id, atDefault)
      .catch((error: unknown) => error);
    expect(codeOf(error)).toBe('MODEL_AUTH');
    expect((error as Error).message).toMatch(message);
  });

  test.each([
    ['demo:other', /demo:other.*demo:guide/],
    ['nowhere:model', /nowhere:model.*openai.*anthropic/],
    ['constructor:model', /constructor:model/],
    ['groq:llama', /groq:llama.*npm install @langchain\/groq/],
  ])('[MDL-5] %s is MODEL_BAD_REQUEST and says what there is', async (id, message) => {
    const error = await createModels({})
      .resolve(id, atDefault)
      .catch((error: unknown) => error);
    expect(codeOf(error)).toBe('MODEL_BAD_REQUEST');
    expect((error as Error).message).toMatch(message);
  });
});

describe('another provider of LangChain', () => {
  test('[MDL-12] is used when its package is there, by the environment variables that it documents', async () => {
    vi.stubEnv('AZURE_OPENAI_API_KEY', 'k');
    vi.stubEnv('AZURE_OPENAI_API_INSTANCE_NAME', 'house');
    vi.stubEnv('AZURE_OPENAI_API_VERSION', '2026-01-01');
    const { id, model } = await createModels({}).resolve('azure_openai:gpt-5-mini', atDefault);
    expect(id).toBe('azure_openai:gpt-5-mini');
    expect(model).toBeInstanceOf(AzureChatOpenAI);
  });
});

describe('what is kept', () => {
  test('[MDL-6] a model is built once for each name and parameters', async () => {
    const models = createModels({ openaiApiKey: 'k' });
    const [one, same, ...others] = await Promise.all([
      models.resolve('openai:a', { ...atDefault, temperature: 0.5 }),
      models.resolve('openai:a', { ...atDefault, temperature: 0.5 }),
      models.resolve('openai:a', { ...atDefault, temperature: 0.6 }),
      models.resolve('openai:a', { ...atDefault, topP: 0.5 }),
      models.resolve('openai:a', { ...atDefault, maxOutputTokens: 5 }),
      models.resolve('openai:b', { ...atDefault, temperature: 0.5 }),
    ]);
    expect(one.model).toBe(same.model);
    expect(new Set([one, ...others].map(({ model }) => model)).size).toBe(5);
  });

  test('[MDL-6] a model that was not asked for in the last 64 is built anew', async () => {
    const models = createModels({ openaiApiKey: 'k' });
    const first = await models.resolve('openai:first', atDefault);
    const second = await models.resolve('openai:second', atDefault);
    for (let index = 0; index < 63; index += 1) {
      await models.resolve(`openai:m${index}`, atDefault);
      await models.resolve('openai:first', atDefault);
    }
    expect((await models.resolve('openai:first', atDefault)).model).toBe(first.model);
    expect((await models.resolve('openai:second', atDefault)).model).not.toBe(second.model);
  });

  test('[MDL-7] a model that was handed in goes before the built-in one of its name', async () => {
    const own = new FakeListChatModel({ responses: ['mine'] });
    const models = createModels({ openaiApiKey: 'k' }, { 'openai:gpt-5-mini': own });
    expect((await models.resolve(null, { ...atDefault, temperature: 1 })).model).toBe(own);
  });

  test('[MDL-7] a model that was handed in answers as it is', async () => {
    const own = { 'house:model': new FakeListChatModel({ responses: ['built by the house'] }) };
    const models = createModels({ defaultModel: 'house:model' }, own);
    const { text, error } = await produce(assistantHandler(models), handlerRun('hello'));
    expect({ text, error }).toEqual({ text: 'built by the house', error: null });
  });
});

describe('the list', () => {
  test('[MDL-8] has the default first, the demo last and labelled', () => {
    const own = { 'house:model': new FakeListChatModel({ responses: [] }) };
    const list = createModels({ anthropicApiKey: 'k', openaiApiKey: 'k', defaultModel: 'openai:o' }, own).list();
    expect(list.map((model) => model.id)).toEqual([
      'openai:o',
      'house:model',
      'openai:gpt-5-mini',
      'anthropic:claude-sonnet-5',
      'demo:guide',
    ]);
    expect(list.filter((model) => model.demo).map((model) => model.id)).toEqual(['demo:guide']);
    for (const model of list) expect(Model.parse(model)).toEqual(model);
  });

  test('[MDL-8] has the demo alone where nothing is configured', () => {
    expect(createModels({}).list()).toEqual([
      { id: 'demo:guide', provider: 'demo', demo: true, reasoning: false, images: false },
    ]);
  });

  test('[MDL-8] says that a compatible server may send its reasoning', () => {
    const [first] = createModels({ openaiBaseUrl: 'http://127.0.0.1:9/v1', defaultModel: 'openai:q' }).list();
    expect(first).toMatchObject({ id: 'openai:q', reasoning: true, images: false, demo: false });
  });

  test('[MDL-11] asks nobody', async () => {
    const fetched = vi.fn<typeof fetch>();
    vi.stubGlobal('fetch', fetched);
    createModels({ openaiApiKey: 'k', anthropicApiKey: 'k' }).list();
    expect(fetched).not.toHaveBeenCalled();
  });
});

test('[MDL-10] the list tells why the default model cannot answer, and nothing of one that can', async () => {
  const broken = createModels({ defaultModel: 'anthropic:claude-sonnet-5' });
  const problem = await broken.problem();
  expect(problem).toContain('ANTHROPIC_API_KEY');
  expect(broken.list().map((model) => model.problem)).toEqual([problem, undefined]);
  const whole = createModels({ anthropicApiKey: 'sk-ant' });
  await whole.problem();
  expect(whole.list().some((model) => 'problem' in model)).toBe(false);
});

test('[MDL-11] an answer without usage makes one request, to the provider: no tokenizer, no tracing', async () => {
  await using provider = await startModelProvider({ answer: () => ['some ', 'words', { usage: null }] });
  const addresses: string[] = [];
  // Every request of this process, by `fetch` or the library under it, or by Node's http.
  const note = (message: unknown): void => {
    const { request } = message as { request: { origin?: string; host?: string; path: string } };
    addresses.push(`${request.origin ?? `http://${request.host}`}${request.path}`);
  };
  subscribe('undici:request:create', note);
  subscribe('http.client.request.created', note);
  onTestFinished(() => {
    unsubscribe('undici:request:create', note);
    unsubscribe('http.client.request.created', note);
  });
  const { text } = await produce(assistantHandler(createModels({ openaiBaseUrl: provider.url })), handlerRun('hello'));
  expect(text).toBe('some words');
  expect(addresses).toEqual([`${provider.url}/chat/completions`]);
});
