import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createModels } from '../../../../server/handlers/models.ts';
import { echoTokens } from '../../../helpers/model-provider-echo.ts';
import { startModelProvider } from '../../../helpers/model-provider.ts';
import type { ModelProvider, ProviderAnswer } from '../../../helpers/model-provider.ts';
import { assistantHandler, codeOf, handlerRun, produce } from './handler-run.ts';
import { providerDefaults } from '../../../../server/handlers/model-parameters.ts';

let provider: ModelProvider;
let answer: (() => ProviderAnswer) | undefined;

beforeEach(async () => {
  provider = await startModelProvider({ answer: () => answer?.() ?? echoTokens('hello') });
  vi.stubEnv('ANTHROPIC_BASE_URL', provider.anthropicUrl);
});

afterEach(async () => {
  vi.unstubAllEnvs();
  answer = undefined;
  await provider.close();
});

function ask() {
  return produce(assistantHandler(createModels({ anthropicApiKey: 'sk-ant-mine' })), handlerRun('hello'));
}

test('[AST-1] an answer of Anthropic has the text as it was sent and the reported usage', async () => {
  const { text, usage, error, events } = await ask();
  expect(error).toBeNull();
  expect(text).toBe(echoTokens('hello').join(''));
  expect(usage).toEqual({ inputTokens: 7, outputTokens: 20, source: 'reported' });
  expect(events[0]).toEqual({ type: 'model', model: 'anthropic:claude-sonnet-5' });
  expect(provider.requests[0]?.body).toMatchObject({
    model: 'claude-sonnet-5',
    system: 'You are helpful.',
    messages: [{ role: 'user', content: 'hello' }],
  });
});

test('[AST-2] thinking of Anthropic comes apart from the text', async () => {
  answer = () => [{ reasoning: 'hm, ' }, { reasoning: 'yes' }, 'Yes', '.'];
  expect(await ask()).toMatchObject({ reasoning: 'hm, yes', text: 'Yes.', error: null });
});

describe('an end', () => {
  test.each([
    ['end_turn', 'none'],
    ['stop_sequence', 'none'],
    ['max_tokens', 'none'],
    ['refusal', 'MODEL_REFUSED'],
  ])('[AST-5] with stop reason %s: error %s', async (finish, code) => {
    answer = () => ['text', { finish }];
    const { text, error } = await ask();
    expect(text).toBe('text');
    expect(error === null ? 'none' : codeOf(error)).toBe(code);
  });

  test.each(['close', 'reset'] as const)('[AST-4] by a %s in the middle is MODEL_BROKEN_STREAM', async (end) => {
    answer = () => ['half a sen', { end }];
    expect(codeOf((await ask()).error)).toBe('MODEL_BROKEN_STREAM');
    expect(provider.requests).toHaveLength(1);
  });

  test('[AST-4] without a stop reason is MODEL_BROKEN_STREAM', async () => {
    const event = { type: 'message_stop' };
    answer = () => ['half', { bytes: `event: message_stop\ndata: ${JSON.stringify(event)}\n\n` }, { end: 'close' }];
    expect(codeOf((await ask()).error)).toBe('MODEL_BROKEN_STREAM');
  });
});

const failed = (type: string, message: string) => ({ type: 'error', error: { type, message } });

describe('a failure', () => {
  test.each([
    [401, failed('authentication_error', 'invalid x-api-key'), 'MODEL_AUTH', /ANTHROPIC_API_KEY/],
    [403, failed('permission_error', 'no'), 'MODEL_AUTH', /ANTHROPIC_API_KEY/],
    [429, failed('rate_limit_error', 'slow'), 'MODEL_RATE_LIMITED', /moment/],
    [400, failed('invalid_request_error', 'prompt is too long: 9 > 8'), 'CONTEXT_TOO_LONG', /shorten/],
    [400, failed('invalid_request_error', 'Your credit balance is too low'), 'MODEL_AUTH', /account/],
    [400, failed('invalid_request_error', 'max_tokens: too many'), 'MODEL_BAD_REQUEST', /max_tokens: too many/],
    [404, failed('not_found_error', 'model: claude-nothing'), 'MODEL_BAD_REQUEST', /claude-nothing/],
  ])('[AST-6] %i %j is %s', async (status, body, code, message) => {
    answer = () => ({ status, body });
    const { error } = await ask();
    expect(codeOf(error)).toBe(code);
    expect((error as Error).message).toMatch(message);
    expect(provider.requests).toHaveLength(1);
  });

  test('[AST-6] an overload inside a stream is MODEL_UNAVAILABLE', async () => {
    const event = failed('overloaded_error', 'Overloaded');
    answer = () => ['half', { bytes: `event: error\ndata: ${JSON.stringify(event)}\n\n` }];
    const { text, error } = await ask();
    expect(text).toBe('half');
    expect(codeOf(error)).toBe('MODEL_UNAVAILABLE');
  });

  test('[AST-6] a setting that the model does not take is MODEL_BAD_REQUEST and says which', async () => {
    const handler = assistantHandler(createModels({ anthropicApiKey: 'k' }), {
      parameters: { ...providerDefaults, temperature: 0.3 },
    });
    const { error } = await produce(handler, handlerRun('hello'));
    expect(codeOf(error)).toBe('MODEL_BAD_REQUEST');
    expect((error as Error).message).toMatch(/temperature/);
  });
});

test('[AST-8] an abort in the middle leaves at once, and the provider sees it', async () => {
  answer = () => ['half a sen', { end: 'hang' }];
  const stop = new AbortController();
  const handler = assistantHandler(createModels({ anthropicApiKey: 'k' }));
  // Once the handler waits for what comes next.
  const onText = (): void => void setImmediate(() => stop.abort(new Error('stopped')));
  const { text, error } = await produce(handler, handlerRun('hello'), stop.signal, onText);
  expect({ text, message: (error as Error).message }).toEqual({ text: 'half a sen', message: 'stopped' });
  await expect.poll(() => [provider.open(), provider.aborted()], { timeout: 2_000 }).toEqual([0, 1]);
});
