import { describe, expect, test } from 'vitest';
import { newId } from '../../../../../shared/new-id.ts';
import { createAssistantHandler } from '../../../../../server/handlers/assistant/assistant-handler.ts';
import { createModels } from '../../../../../server/handlers/models.ts';
import { echoTokens } from '../../../../helpers/model-provider-echo.ts';
import { startModelProvider } from '../../../../helpers/model-provider.ts';
import type { ModelProvider, ProviderChunk } from '../../../../helpers/model-provider.ts';
import { assistantHandler, codeOf, handlerRun, produce } from '../handler-run.ts';
import type { Produced } from '../handler-run.ts';

function ask(provider: ModelProvider, text = 'hello', signal?: AbortSignal): Promise<Produced> {
  const models = createModels({ openaiBaseUrl: provider.url, defaultModel: 'openai:local' });
  return produce(assistantHandler(models), handlerRun(text), signal);
}

function provide(...chunks: readonly ProviderChunk[]): Promise<ModelProvider> {
  return startModelProvider({ answer: () => chunks });
}

describe('an answer', () => {
  test('[AST-1] names its model first, has the text as it was sent, and ends with the reported usage', async () => {
    await using provider = await startModelProvider();
    const { events, text, error } = await ask(provider, 'tell me');
    expect(error).toBeNull();
    expect(events[0]).toEqual({ type: 'model', model: 'openai:local' });
    expect(text).toBe(echoTokens('tell me').join(''));
    expect(events.filter((event) => event.type === 'text').map((event) => event.text)).toEqual(echoTokens('tell me'));
    expect(events.at(-1)).toEqual({
      type: 'usage',
      usage: { inputTokens: 7, outputTokens: 20, source: 'reported' },
    });
  });

  test.each(['reasoning_content', 'reasoning'] as const)(
    '[AST-2] has what came as %s apart from the text',
    async (field) => {
      await using provider = await provide({ reasoning: 'hm, ', field }, { reasoning: 'yes', field }, 'Yes', '.');
      const produced = await ask(provider);
      expect(produced).toMatchObject({ reasoning: 'hm, yes', text: 'Yes.', error: null });
      const kinds = produced.events
        .map((event) => event.type)
        .filter((type) => type === 'text' || type === 'reasoning');
      expect(kinds).toEqual(['reasoning', 'reasoning', 'text', 'text']);
    },
  );

  test('[AST-3] has an estimated usage when the provider reports none', async () => {
    await using provider = await provide('x'.repeat(401), { usage: null });
    const { usage } = await ask(provider, 'y'.repeat(40));
    // The prompt of the assistant (16 units) is 4 tokens, the text 10.
    expect(usage).toEqual({ inputTokens: 14, outputTokens: 101, source: 'estimated' });
  });

  test('[AST-3] tells its usage along the way, for the case that it is stopped', async () => {
    const pieces = Array.from({ length: 100 }, () => 'twenty characters...');
    await using provider = await provide(...pieces);
    const { events } = await ask(provider);
    const told = events.flatMap((event) => (event.type === 'usage' ? [event.usage] : []));
    expect(told.length).toBeGreaterThan(5);
    expect(told.length).toBeLessThan(12);
    expect(told.at(-2)?.outputTokens).toBeGreaterThan(400);
  });

  test('[AST-12] tells that the model is alive when there is nothing to show, and never an empty text', async () => {
    await using provider = await provide('', { reasoning: '' }, 'text', '');
    const { events } = await ask(provider);
    expect(events.some((event) => event.type === 'alive')).toBe(true);
    expect(events.filter((event) => 'text' in event && event.text === '')).toEqual([]);
  });

  test('[AST-11] is whole when the network cuts inside a character', async () => {
    const line = `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: 'né 漢 🙂' } }] })}\n\n`;
    const bytes = new TextEncoder().encode(line);
    async function* byteByByte(): AsyncIterable<ProviderChunk> {
      for (const byte of bytes) {
        await new Promise((resolve) => setImmediate(resolve));
        yield { bytes: Uint8Array.of(byte) };
      }
    }
    await using provider = await startModelProvider({ answer: byteByByte });
    expect(await ask(provider)).toMatchObject({ text: 'né 漢 🙂', error: null });
  });

  test('[AST-11] is whole when the provider cuts between the escapes of a surrogate pair', async () => {
    const half = (escape: string): ProviderChunk => ({
      bytes: `data: {"choices":[{"index":0,"delta":{"content":"${escape}"}}]}\n\n`,
    });
    await using provider = await provide('a', half('\\ud83d'), half('\\ude42'), 'b');
    expect(await ask(provider)).toMatchObject({ text: 'a🙂b', error: null });
  });
});

describe('an end', () => {
  test('[AST-4] without a finish reason is MODEL_BROKEN_STREAM, and the text until then was told', async () => {
    await using provider = await provide('half a sen', { end: 'close' });
    const { text, error } = await ask(provider);
    expect(text).toBe('half a sen');
    expect(codeOf(error)).toBe('MODEL_BROKEN_STREAM');
  });

  test('[AST-4] by a cut connection is MODEL_BROKEN_STREAM, and nothing is sent again', async () => {
    await using provider = await provide('half a sen', { end: 'reset' });
    const { text, error } = await ask(provider);
    expect(text).toBe('half a sen');
    expect(codeOf(error)).toBe('MODEL_BROKEN_STREAM');
    expect(provider.requests).toHaveLength(1);
  });

  test.each([
    ['malformed JSON', 'data: {"choices":[{"index":0,"del\n\n'],
    ['an event that is no object', 'data: 17\n\n'],
  ])('[AST-4] by %s is MODEL_BROKEN_STREAM', async (_, bytes) => {
    await using provider = await provide('text', { bytes }, { end: 'close' });
    expect(codeOf((await ask(provider)).error)).toBe('MODEL_BROKEN_STREAM');
  });

  test('[AST-4] of a page that is no API says to check the base URL', async () => {
    await using provider = await startModelProvider({ answer: () => ({ status: 200, body: '<html>hello</html>' }) });
    const { error } = await ask(provider);
    expect(codeOf(error)).toBe('MODEL_BROKEN_STREAM');
    expect((error as Error).message).toMatch(/openai:local.*base URL.*\/v1/);
  });

  test.each(['error', 'abort'])('[AST-4] by the finish reason %s is MODEL_BROKEN_STREAM', async (finish) => {
    await using provider = await provide('half', { finish });
    expect(codeOf((await ask(provider)).error)).toBe('MODEL_BROKEN_STREAM');
  });

  test('[AST-5] by the model’s own limit of length completes', async () => {
    await using provider = await provide('as far as it goes', { finish: 'length' });
    expect(await ask(provider)).toMatchObject({ text: 'as far as it goes', error: null });
  });

  test('[AST-5] by a content filter is MODEL_REFUSED', async () => {
    await using provider = await provide('well', { finish: 'content_filter' });
    expect(codeOf((await ask(provider)).error)).toBe('MODEL_REFUSED');
  });
});

const body = (message: string, code: string | null = null, type = 'error') => ({ error: { message, code, type } });

describe('a failure', () => {
  test.each([
    [401, body('Incorrect API key provided: sk-abc****wxyz', 'invalid_api_key'), 'MODEL_AUTH', /OPENAI_API_KEY/],
    [403, body('not for you'), 'MODEL_AUTH', /openai:local/],
    [429, body('Rate limit reached', 'rate_limit_exceeded'), 'MODEL_RATE_LIMITED', /429/],
    [429, body('You exceeded your current quota', 'insufficient_quota'), 'MODEL_RATE_LIMITED', /billing/],
    [400, body('This model’s maximum context length is 8', 'context_length_exceeded'), 'CONTEXT_TOO_LONG', /shorten/],
    [
      400,
      body('the request exceeds the available context size', null, 'exceed_context_size_error'),
      'CONTEXT_TOO_LONG',
      /new chat/,
    ],
    [413, 'too large', 'CONTEXT_TOO_LONG', /shorten/],
    [400, body('filtered', 'content_filter'), 'MODEL_REFUSED', /refused/],
    [400, body("Unsupported value: 'temperature'"), 'MODEL_BAD_REQUEST', /temperature.*assistant.*DEFAULT_MODEL/],
    [404, body('model "local" not found'), 'MODEL_BAD_REQUEST', /openai:local.*404.*not found/],
    [422, { detail: 'no' }, 'MODEL_BAD_REQUEST', /422/],
  ])('[AST-6] %i %j is %s', async (status, answer, code, message) => {
    await using provider = await startModelProvider({ answer: () => ({ status, body: answer }) });
    const { error, events } = await ask(provider);
    expect(codeOf(error)).toBe(code);
    expect((error as Error).message).toMatch(message);
    expect(events.filter((event) => event.type === 'text')).toEqual([]);
    expect(provider.requests).toHaveLength(1);
  });

  test('[AST-6] a server that is down at first is asked again, before anything of the answer came', async () => {
    await using provider = await startModelProvider({
      answer: ({ index }) => (index === 0 ? { status: 503, body: body('starting') } : ['up']),
    });
    expect(await ask(provider)).toMatchObject({ text: 'up', error: null });
    expect(provider.requests).toHaveLength(2);
  });

  test('[AST-6] a server that stays down is MODEL_UNAVAILABLE after three attempts', async () => {
    await using provider = await startModelProvider({ answer: () => ({ status: 500, body: body('down') }) });
    expect(codeOf((await ask(provider)).error)).toBe('MODEL_UNAVAILABLE');
    expect(provider.requests).toHaveLength(3);
  });

  test('[AST-6] a server that is not there is MODEL_UNAVAILABLE', async () => {
    const provider = await startModelProvider();
    await provider.close();
    const { error } = await ask(provider);
    expect(codeOf(error)).toBe('MODEL_UNAVAILABLE');
    expect((error as Error).message).toMatch(/openai:local.*ECONNREFUSED/);
  });

  test.each([
    [body('slow down', 'rate_limit_exceeded'), 'MODEL_RATE_LIMITED'],
    [body('overloaded', null, 'server_error'), 'MODEL_UNAVAILABLE'],
    [{ error: { message: 'upstream', code: 502 } }, 'MODEL_UNAVAILABLE'],
    [body('context', 'context_length_exceeded'), 'CONTEXT_TOO_LONG'],
    [body('what?', null, 'nonsense'), 'MODEL_BROKEN_STREAM'],
  ])('[AST-6] the error event %j inside a stream is %s', async (event, code) => {
    await using provider = await provide('half', { bytes: `data: ${JSON.stringify(event)}\n\n` });
    const { text, error } = await ask(provider);
    expect(text).toBe('half');
    expect(codeOf(error)).toBe(code);
  });

  test('[AST-7] never repeats the key', async () => {
    const key = 'sk-live-0123456789abcdef';
    const answer = (): { status: number; body: unknown } => ({ status: 400, body: body(`bad key: ${key}, ${key}`) });
    await using provider = await startModelProvider({ answer });
    const models = createModels({ openaiBaseUrl: provider.url, openaiApiKey: key });
    const { error } = await produce(assistantHandler(models), handlerRun('hello'));
    expect(codeOf(error)).toBe('MODEL_BAD_REQUEST');
    expect((error as Error).message).not.toContain('0123456789');
  });
});

/** Far less than the library's first pause between two attempts, which is one to two seconds. */
const atOnceMs = 700;

describe('an abort', () => {
  async function abortWhen(provider: ModelProvider, ready: () => boolean): Promise<Produced & { tookMs: number }> {
    const stop = new AbortController();
    const asked = ask(provider, 'hello', stop.signal);
    await expect.poll(ready, { interval: 5, timeout: 5_000 }).toBe(true);
    const begin = performance.now();
    stop.abort(new Error('stopped'));
    const produced = await asked;
    return { ...produced, tookMs: performance.now() - begin };
  }

  test('[AST-8] in the middle of an answer leaves at once, and the provider sees it', async () => {
    await using provider = await provide('half a sen', { end: 'hang' });
    const stop = new AbortController();
    const handler = assistantHandler(createModels({ openaiBaseUrl: provider.url }));
    // Once the handler waits for what comes next.
    const onText = (): void => void setImmediate(() => stop.abort(new Error('stopped')));
    const { text, error } = await produce(handler, handlerRun('hello'), stop.signal, onText);
    expect({ text, message: (error as Error).message }).toEqual({ text: 'half a sen', message: 'stopped' });
    await expect.poll(() => [provider.open(), provider.aborted()], { timeout: 2_000 }).toEqual([0, 1]);
  });

  test('[AST-8] before the provider answered leaves at once, and the provider sees it', async () => {
    await using provider = await startModelProvider({ answer: () => new Promise(() => undefined) });
    const { error, tookMs } = await abortWhen(provider, () => provider.open() === 1);
    expect((error as Error).message).toBe('stopped');
    expect(tookMs).toBeLessThan(atOnceMs);
    await expect.poll(() => [provider.open(), provider.aborted()], { timeout: 2_000 }).toEqual([0, 1]);
  });

  test('[AST-8] between two attempts leaves at once, and there is no further one', async () => {
    await using provider = await startModelProvider({ answer: () => ({ status: 503, body: body('down') }) });
    const { tookMs } = await abortWhen(provider, () => provider.requests.length === 1 && provider.open() === 0);
    expect(tookMs).toBeLessThan(atOnceMs);
    // Nothing happens, so there is nothing to wait for but the time in which it would: the longest first pause.
    await new Promise((resolve) => setTimeout(resolve, 2_200));
    expect(provider.requests).toHaveLength(1);
  });

  test('[AST-8] before the start asks nobody', async () => {
    await using provider = await startModelProvider();
    const { error } = await ask(provider, 'hello', AbortSignal.abort(new Error('stopped')));
    expect((error as Error).message).toBe('stopped');
    expect(provider.requests).toHaveLength(0);
  });
});

describe('the assistant', () => {
  test('[AST-14] is asked with its own model, parameters and prompt', async () => {
    await using provider = await startModelProvider();
    const models = createModels({ openaiBaseUrl: provider.url, defaultModel: 'openai:local' });
    const parameters = { temperature: 0.25, topP: 0.5, maxOutputTokens: 99 };
    const handler = assistantHandler(models, { prompt: 'Be brief.', model: 'openai:other', parameters });
    const { events } = await produce(handler, handlerRun('hello'));
    expect(events[0]).toEqual({ type: 'model', model: 'openai:other' });
    expect(provider.requests[0]?.body).toMatchObject({
      model: 'other',
      temperature: 0.25,
      top_p: 0.5,
      max_tokens: 99,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'hello' },
      ],
    });
  });

  test('[AST-14] leaves what it has no parameter for to the provider', async () => {
    await using provider = await startModelProvider();
    await ask(provider);
    const body = Object.keys(provider.requests[0]?.body ?? {});
    expect(body.filter((name) => /temperature|top_p|max/.test(name))).toEqual([]);
    expect(body).toContain('model');
  });

  test('[AST-13] that is gone is NOT_FOUND', async () => {
    const handler = createAssistantHandler({ models: createModels({}), assistant: async () => null });
    const { error } = await produce(handler, handlerRun('hello'));
    expect(codeOf(error)).toBe('NOT_FOUND');
  });

  test('[AST-9] tells the model of the conversation so far', async () => {
    await using provider = await startModelProvider();
    const models = createModels({ openaiBaseUrl: provider.url, defaultModel: 'openai:local' });
    const said = (role: 'user' | 'assistant', text: string) => ({
      id: newId() as never,
      chatId: newId() as never,
      runId: null,
      parentId: null,
      role,
      status: 'completed' as const,
      parts: [{ type: 'text' as const, text }],
      createdAt: '2026-01-01T00:00:00.000Z',
    });
    const run = handlerRun('and now?', [said('user', 'what is it?'), said('assistant', 'it is this')]);
    await produce(assistantHandler(models), run);
    expect(provider.requests[0]?.body.messages.slice(1)).toEqual([
      { role: 'user', content: 'what is it?' },
      { role: 'assistant', content: 'it is this' },
      { role: 'user', content: 'and now?' },
    ]);
  });
});
