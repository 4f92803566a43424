import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createChatClient } from '../../client/index.ts';
import type { ChatClient } from '../../client/index.ts';
import { readConfig } from '../../server/config.ts';
import { Door } from '../../server/door.ts';
import type { RunError } from '../../shared/message.ts';
import { startModelProvider } from '../helpers/model-provider.ts';
import type { ModelProvider, ProviderAnswer } from '../helpers/model-provider.ts';
import { startServer } from '../helpers/server.ts';
import type { TestServer } from '../helpers/server.ts';
import { ServerProcess, temporaryFolder } from '../helpers/server-process.ts';

/** What a server logs, as `console` would get it. */
function memoryLogger() {
  const lines: string[] = [];
  const log = (details: object, message: string) => void lines.push(JSON.stringify({ ...details, msg: message }));
  return { logger: { debug: () => {}, info: log, warn: log, error: log }, lines };
}

const said = 'My secret plan is to say hello';

describe('a model', () => {
  const { lines, logger } = memoryLogger();
  let answer: ProviderAnswer = [];
  let provider: ModelProvider;
  let server: TestServer;
  let client: ChatClient;
  beforeAll(async () => {
    provider = await startModelProvider({ answer: () => answer });
    const model = { openaiBaseUrl: provider.url, openaiApiKey: 'sk-wrong', defaultModel: 'openai:lama' };
    server = await startServer({ logger, ...model });
    client = createChatClient({ url: server.url });
  });
  afterAll(async () => {
    await client.close();
    await server[Symbol.asyncDispose]();
    await provider.close();
  });

  /** How an answer ends that the provider refuses like this: its error, and what the log has of it. */
  async function refused(how: ProviderAnswer): Promise<RunError & { log: string }> {
    answer = how;
    lines.length = 0;
    const chat = await client.api.chat.create.mutate({});
    const { cursor } = await client.send({ chatId: chat.id, text: said });
    for await (const event of client.stream({ chatId: chat.id, lastEventId: cursor })) {
      if (event.type !== 'run.ended' || !event.error) continue;
      return { ...event.error, log: lines.find((line) => line.includes('a run failed')) ?? '' };
    }
    throw new Error('expected the answer to fail');
  }

  test.each([
    ['OpenAI', 404, { message: 'The model `lama` does not exist or you do not have access.', code: 'model_not_found' }],
    ['Ollama', 404, { message: 'model "lama" not found, try pulling it first', type: 'api_error', code: null }],
    ['LM Studio', 400, { message: 'Invalid model identifier "lama".', type: 'invalid_request_error' }],
  ])('[AST-16] that %s does not know is told by name, with what to set', async (_, status, error) => {
    const { code, log, message } = await refused({ status, body: { error } });
    expect(code).toBe('MODEL_BAD_REQUEST');
    expect(message).toMatch(
      /^the provider of openai:lama .*has no model "lama" \(it answered \d+: “.*”\); set DEFAULT_MODEL, or /,
    );
    expect(log).toContain('has no model \\"lama\\"');
    expect(log).toContain('set DEFAULT_MODEL');
  });

  test('[AST-16] whose key is refused names the variable of the key', async () => {
    const { code, log, message } = await refused({
      status: 401,
      body: { error: { message: 'Incorrect API key provided: sk-wrong.' } },
    });
    expect(code).toBe('MODEL_AUTH');
    expect(message).toBe(
      `the provider of openai:lama at ${provider.url} refused the server's key (it answered 401); set OPENAI_API_KEY to one that it accepts and start the server again`,
    );
    expect(log).toContain('set OPENAI_API_KEY');
    expect(log).not.toContain('sk-wrong');
  });

  test('[AST-17] the log has why a run failed, and not what the provider repeated of the message', async () => {
    const { log, message } = await refused({ status: 400, body: { error: { message: `I will not take “${said}”` } } });
    expect(message).toContain(`(it answered 400: “I will not take "${said}"”); check`);
    expect(JSON.parse(log)).toMatchObject({ code: 'MODEL_BAD_REQUEST', model: 'openai:lama' });
    expect(log).toContain('does not accept the request (it answered 400: “…”); check');
    expect(log).not.toContain(said);
  });
});

describe('at the start', () => {
  test('[CFG-6] a default model without its key is told in the log and in the line with the URL', async () => {
    await using folder = await temporaryFolder();
    const env = { DATA_DIR: folder.path, DEFAULT_MODEL: 'anthropic:claude-sonnet-5' };
    await using server = new ServerProcess(env);
    await server.ready();
    expect(server.stdout).toMatch(
      /^Switchboard is ready at \S+ \(it cannot answer yet: the model anthropic:claude-sonnet-5 needs ANTHROPIC_API_KEY/,
    );
    expect(server.stdout).toMatch(/^[^\n]+\n$/);
    expect(server.stderr).toMatch(
      /"reason":"the model anthropic:claude-sonnet-5 needs ANTHROPIC_API_KEY.*"msg":"the default model cannot answer"/,
    );
  });

  test('[CFG-7] a DATA_DIR in which nothing can be made is refused within a second', async () => {
    const from = performance.now();
    await expect(startServer({ dataDir: '/proc/x/y' })).rejects.toThrow(
      /^DATA_DIR: expected a folder to write to, got \/proc\/x\/y/,
    );
    expect(performance.now() - from).toBeLessThan(1_000);
  });

  test('[CFG-3] a port that another Switchboard has is told as such, with one to try', async () => {
    await using first = await startServer();
    const port = Number(new URL(first.url).port);
    await expect(startServer({ port })).rejects.toThrow(
      new RegExp(`^PORT: ${port} is in use by another Switchboard \\(version .*\\); .* for example PORT=\\d+$`),
    );
  });

  test.each([
    [
      { DATABASE_URL: 'mysql://me:hush@here/chats' },
      /^DATABASE_URL: expected .*; got one that begins with mysql:\/\/$/,
    ],
    [{ DATABASE_URL: 'me:hush@here/chats' }, /^DATABASE_URL: expected .*; got 18 characters, not shown here$/],
    [{ OPENAI_API_KEY: '"hush"' }, /^OPENAI_API_KEY: expected a key .*; got 6 characters with quotation marks in it/],
    [
      { ANTHROPIC_API_KEY: 'hush\n' },
      /^ANTHROPIC_API_KEY: expected a key .*; got 5 characters with spaces or line breaks/,
    ],
    [{ OPENAI_BASE_URL: 'http://me:hush@here/v1' }, /^OPENAI_BASE_URL: expected a URL without user and password/],
    [
      { OPENAI_BASE_URL: 'localhost:11434/hush' },
      /^OPENAI_BASE_URL: expected a URL such as http:\/\/127.0.0.1:11434\/v1; got 20 char/,
    ],
  ])('[CFG-8] %j is refused without its secret', (env, message) => {
    expect(() => readConfig(env)).toThrow(message);
    expect(() => readConfig(env)).not.toThrow('hush');
  });

  test.each([
    [{ PORT: 'abc' }, 'PORT: expected a number from 0 to 65535; got "abc"'],
    [{ PORT: '70000' }, 'PORT: expected a number from 0 to 65535; got "70000"'],
    [{ PORT: '3000.5' }, 'PORT: expected a number from 0 to 65535; got "3000.5"'],
    [{ DRAIN_SECONDS: '10s' }, 'DRAIN_SECONDS: expected a number from 0 to 3600; got "10s"'],
    [{ LOG_LEVEL: 'loud' }, 'LOG_LEVEL: expected one of debug, info, warn, error, silent; got "loud"'],
  ])('[CFG-1] %j is refused with what was expected', (env, message) => {
    expect(() => readConfig(env)).toThrow(message);
  });

  test.each(['900', 'llama=8000', 'openai:llama=', '8000,', '1e6'])('[CFG-1] CONTEXT_TOKENS=%s is refused', (text) => {
    expect(() => readConfig({ CONTEXT_TOKENS: text })).toThrow(
      `CONTEXT_TOKENS: expected tokens from 1000, such as 32768, or by model, such as openai:llama3=8192,32768; got "${text}"`,
    );
  });

  test('[CTX-1] CONTEXT_TOKENS names tokens by model, and of the others', () => {
    expect(readConfig({ CONTEXT_TOKENS: 'openai:a=b:1=8192, 32768' }).contextTokens).toEqual({
      'openai:a=b:1': 8_192,
      other: 32_768,
    });
    expect(readConfig({}).contextTokens).toBeUndefined();
  });

  test('[CFG-1] what is empty counts as absent', () => {
    expect(readConfig({ PORT: '', LOG_LEVEL: '', OPENAI_API_KEY: '', DRAIN_SECONDS: '0' })).toMatchObject({
      port: 3000,
      logLevel: 'info',
      openaiApiKey: undefined,
      drainSeconds: 0,
    });
  });
});

describe('a page on another origin', () => {
  const refusal = (headers: Record<string, string>, allowedOrigins: string[] = []) =>
    new Door(allowedOrigins).check({ url: '/trpc', headers: { host: 'localhost', ...headers } } as IncomingMessage)
      ?.message;

  test('[DOOR-9] is told the value to set, besides those that are allowed', () => {
    expect(refusal({ origin: 'http://192.168.1.5:5173' })).toBe(
      'Origin "http://192.168.1.5:5173" is not allowed here; to let it in, start the server again with ALLOWED_ORIGINS=http://192.168.1.5:5173',
    );
    expect(refusal({ origin: 'https://two.example' }, ['https://one.example'])).toMatch(
      / with ALLOWED_ORIGINS=https:\/\/one\.example,https:\/\/two\.example$/,
    );
  });

  test('[DOOR-9] that came as a file, or is no origin, is told what to do instead', () => {
    expect(refusal({ origin: 'null' })).toContain('opened as a file');
    expect(refusal({ origin: 'x; rm -rf' })).toContain('add its origin (scheme://host:port) to ALLOWED_ORIGINS');
  });

  test('[DOOR-9] under a name that the server does not know it has is told the origin to allow', () => {
    expect(refusal({ host: 'chat.example.com:3000' })).toContain(
      'ALLOWED_ORIGINS=http://chat.example.com:3000 (https:// if that is how it is reached)',
    );
  });
});

test('[CFG-9] [DOOR-9] the log, with the refused origin, is on stderr, so that stdout has the line with the URL alone', async () => {
  await using folder = await temporaryFolder();
  await using server = new ServerProcess({ DATA_DIR: folder.path, LOG_LEVEL: 'debug' });
  const url = await server.ready();
  const socket = new WebSocket(`${url.replace('http', 'ws')}/trpc`, {
    headers: { Origin: 'http://elsewhere.example' },
  });
  const [error] = (await once(socket, 'error')) as [Error];
  expect(error.message).toContain('403');
  await server.stop('SIGTERM');
  expect(server.stderr).toContain('ALLOWED_ORIGINS=http://elsewhere.example","msg":"a WebSocket was refused"');
  expect(server.stdout).toMatch(/^Switchboard is ready at [^\n]+\n$/);
});

test('[SIG-3] a stopping server says what it waits for; Ctrl-C again ends the answer at once, with what it has', async () => {
  await using folder = await temporaryFolder();
  await using provider = await startModelProvider({ answer: () => ['Half an', { end: 'hang' }] });
  const env = { DATA_DIR: folder.path, OPENAI_BASE_URL: provider.url, DRAIN_SECONDS: '600' };
  await using server = new ServerProcess(env);
  const client = createChatClient({ url: await server.ready() });
  const chat = await client.api.chat.create.mutate({});
  const { cursor } = await client.send({ chatId: chat.id, text: 'never ends' });
  const ended: unknown[] = [];
  let again: ReturnType<typeof setInterval> | undefined;
  for await (const event of client.stream({ chatId: chat.id, lastEventId: cursor })) {
    if (event.type === 'message.delta') {
      server.child.kill('SIGINT');
      await vi.waitUntil(() => server.stderr.includes('waiting up to 600 s for 1 answer; press Ctrl-C again'), {
        timeout: 5_000,
      });
      again = setInterval(() => server.child.kill('SIGINT'), 100);
    }
    if (event.type === 'message.completed') ended.push(...event.message.parts);
    if (event.type !== 'run.ended') continue;
    ended.push(event.status);
    break;
  }
  clearInterval(again);
  await client.close();
  expect(ended).toEqual([{ type: 'text', text: 'Half an' }, 'interrupted']);
  expect(await server.exited).toEqual({ code: 0, signal: null });
});
