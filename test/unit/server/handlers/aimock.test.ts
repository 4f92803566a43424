import { LLMock } from '@copilotkit/aimock';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { createModels } from '../../../../server/handlers/models.ts';
import type { ModelSettings } from '../../../../server/handlers/models.ts';
import { assistantHandler, codeOf, handlerRun, produce } from './handler-run.ts';

/** The same answers from a provider double that others wrote, so that our own does not only confirm what we believe. */
const mock = new LLMock({ port: 0, host: '127.0.0.1', chunkSize: 4, logLevel: 'silent' });
const story = 'Once upon a time — 很久以前 — there was a 🙂. The end.';

beforeAll(async () => {
  mock.onMessage('story', {
    content: story,
    usage: { prompt_tokens: 11, completion_tokens: 13, input_tokens: 11, output_tokens: 13 },
  });
  mock.onMessage('think', { content: 'Yes.', reasoning: 'Let me see: it is.' });
  mock.onMessage('short', { content: 'as far as', finishReason: 'length' });
  mock.onMessage('cut', { content: 'x'.repeat(400) }, { truncateAfterChunks: 5, latency: 10 });
  mock.onMessage('slow', { content: story }, { latency: 100 });
  await mock.start();
});

afterAll(() => mock.stop());

beforeEach(() => {
  vi.stubEnv('ANTHROPIC_BASE_URL', mock.url);
});

afterEach(() => {
  vi.unstubAllEnvs();
});

const providers: readonly [string, () => ModelSettings][] = [
  ['OpenAI', () => ({ openaiBaseUrl: `${mock.url}/v1` })],
  ['Anthropic', () => ({ anthropicApiKey: 'sk-ant-test', defaultModel: 'anthropic:claude-sonnet-4-5' })],
];

describe.each(providers)('%s as aimock speaks it', (_, settings) => {
  function ask(text: string, signal?: AbortSignal) {
    return produce(assistantHandler(createModels(settings())), handlerRun(text), signal);
  }

  test('[AST-1] streams the whole text and reports its usage', async () => {
    const { text, usage, error, events } = await ask('a story');
    expect(error).toBeNull();
    expect(text).toBe(story);
    expect(events.filter((event) => event.type === 'text').length).toBeGreaterThan(5);
    expect(usage).toEqual({ inputTokens: 11, outputTokens: 13, source: 'reported' });
  });

  test('[AST-2] streams its reasoning apart', async () => {
    expect(await ask('think')).toMatchObject({ reasoning: 'Let me see: it is.', text: 'Yes.', error: null });
  });

  test('[AST-5] completes at its limit of length', async () => {
    expect(await ask('short')).toMatchObject({ text: 'as far as', error: null });
  });

  test('[AST-4] breaks off as MODEL_BROKEN_STREAM when it is cut', async () => {
    const { text, error } = await ask('cut');
    expect(text).toMatch(/^x+$/);
    expect(text.length).toBeLessThan(400);
    expect(codeOf(error)).toBe('MODEL_BROKEN_STREAM');
  });

  test('[AST-6] is asked again after a 503', async () => {
    mock.nextRequestError(503, { message: 'starting', type: 'server_error' });
    expect(await ask('a story')).toMatchObject({ text: story, error: null });
  });

  test('[AST-6] is MODEL_AUTH after a 401', async () => {
    mock.nextRequestError(401, { message: 'who are you?', type: 'authentication_error' });
    expect(codeOf((await ask('a story')).error)).toBe('MODEL_AUTH');
  });

  test('[AST-8] is left in the middle when the run is aborted', async () => {
    const stop = new AbortController();
    const begin = performance.now();
    setTimeout(() => stop.abort(new Error('stopped')), 250);
    const { error, text } = await ask('slow', stop.signal);
    expect((error as Error).message).toBe('stopped');
    expect(text.length).toBeLessThan(story.length);
    expect(performance.now() - begin).toBeLessThan(1_000);
  });
});
