import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkNode } from '../../server/commands/doctor/check-node.ts';
import { checkPage } from '../../server/commands/doctor/check-page.ts';
import { checkRunning } from '../../server/commands/doctor/check-running.ts';
import { nearest } from '../../server/commands/doctor/nearest.ts';
import { connect } from '../../db/connect.ts';
import { startPostgres, type TestPostgres } from '../helpers/postgres.ts';
import { startServer } from '../helpers/server.ts';
import { ServerProcess, temporaryFolder } from '../helpers/server-process.ts';

const bin = fileURLToPath(new URL('../../server/bin.ts', import.meta.url));

/** `switchboard doctor` in a folder, configured by nothing but these variables. */
async function doctor(folder: string, env: Record<string, string>, ...args: string[]) {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [bin, 'doctor', ...args], {
    cwd: folder,
    env: { PATH, HOME, PORT: '0', ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (data) => (stdout += String(data)));
  child.stderr.on('data', (data) => (stderr += String(data)));
  const [code] = (await once(child, 'close')) as [number];
  return {
    code,
    stdout,
    stderr,
    lineOf: (check: string) => stdout.match(new RegExp(`^\\w+ +${check}: .*$`, 'm'))?.[0],
  };
}

/** A provider that answers the question for its models like this. */
async function provider(listener: RequestListener) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

const listOf = (...ids: string[]) =>
  JSON.stringify({ object: 'list', data: ids.map((id) => ({ id, object: 'model' })) });

describe('doctor', () => {
  test('[DOC-1] [DOC-4] [DOC-5] on a machine with nothing set it finds no problem, warns of the demo, and leaves nothing behind', async () => {
    await using folder = await temporaryFolder();
    const { code, lineOf, stderr, stdout } = await doctor(folder.path, {});
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(lineOf('node')).toBe(`ok       node: ${process.versions.node}`);
    expect(lineOf('database')).toBe(
      `ok       database: embedded in ${join(folder.path, '.data')}, which the first start makes`,
    );
    expect(lineOf('port')).toMatch(/^ok /);
    expect(lineOf('model')).toMatch(/^warning .* a built-in demo answers → set OPENAI_API_KEY/);
    expect(stdout).toMatch(/\nNo problem found\.\n$/);
    expect(await readdir(folder.path)).toEqual([]);
  });

  test('[DOC-1] --json prints one object a line, and one problem is enough for 1', async () => {
    await using folder = await temporaryFolder();
    const { code, stdout } = await doctor(folder.path, { PORT: 'abc' }, '--json');
    expect(code).toBe(1);
    const findings = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, string>);
    expect(findings.map(({ check }) => check)).toEqual(['node', 'PORT', 'database', 'port', 'model', 'page']);
    expect(findings[1]).toEqual({
      check: 'PORT',
      state: 'problem',
      found: 'expected a number from 0 to 65535, got "abc"',
      fix: 'set PORT to that, or unset it',
    });
  });

  test('[DOC-2] it tells every variable that is set, wrong or not read, and no secret', async () => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, '.env'), 'PORT=4000\n');
    const { code, lineOf, stderr, stdout } = await doctor(folder.path, {
      OPENAI_API_KEY: 'sk-hush-1 ',
      ANTHROPIC_API_KEY: 'sk-hush-2',
      OPENAI_BASE_URL: 'http://me:hush-3@127.0.0.1:9/v1',
      DATABASE_URL: 'mysql://me:hush-4@127.0.0.1/chats',
      AUTH_SECRET: 'hush-5',
      OPENAI_MODEL: 'hush-6',
      POSTGRES_URL: 'postgres://hush-7',
      LOG_LEVEL: 'loud',
      DRAIN_SECONDS: '3',
      ANTHROPIC_BASE_URL: 'http://127.0.0.1:9',
    });
    expect(code).toBe(1);
    expect(stdout + stderr).not.toContain('hush');
    expect(lineOf('OPENAI_API_KEY')).toMatch(
      /^problem .*expected a key without spaces.* got 10 characters with spaces/,
    );
    expect(lineOf('ANTHROPIC_API_KEY')).toBe('ok       ANTHROPIC_API_KEY: set, not shown');
    expect(lineOf('OPENAI_BASE_URL')).toMatch(/^problem .*without user and password/);
    expect(lineOf('DATABASE_URL')).toMatch(/^problem .*got one that begins with mysql:\/\//);
    expect(lineOf('AUTH_SECRET')).toMatch(/^problem .*expected at least 32 characters.* got 6 characters, not shown/);
    expect(lineOf('LOG_LEVEL')).toMatch(/^problem .*expected one of debug, info, warn, error, silent, got "loud"/);
    expect(lineOf('DRAIN_SECONDS')).toBe('ok       DRAIN_SECONDS: 3');
    expect(lineOf('OPENAI_MODEL')).toMatch(/^warning .*not read → set DEFAULT_MODEL instead/);
    expect(lineOf('\\.env')).toMatch(/^warning .*not read → /);
  });

  test('[DOC-7] a variable that is set to nothing is told', async () => {
    await using folder = await temporaryFolder();
    const { code, lineOf } = await doctor(folder.path, { OPENAI_API_KEY: '' });
    expect(code).toBe(0);
    expect(lineOf('OPENAI_API_KEY')).toMatch(/^warning .*is set to nothing, which counts as not set → give it a value/);
  });

  test('[DOC-1] an old Node and a page that is not built are told', async () => {
    await using folder = await temporaryFolder();
    expect(['22.17.1', '20.19.0', '22.18.0', '24.0.0'].map((version) => checkNode(version).state)).toEqual([
      'problem',
      'problem',
      'ok',
      'ok',
    ]);
    expect(checkPage(folder.path)).toMatchObject({ state: 'warning', fix: 'run npm start, or npm run build' });
    await writeFile(join(folder.path, 'index.html'), '');
    expect(checkPage(folder.path).state).toBe('ok');
  });
});

describe('the models', () => {
  const check = async (listener: RequestListener, env: Record<string, string> = {}, path = '/v1') => {
    await using folder = await temporaryFolder();
    await using answering = await provider(listener);
    const base = { OPENAI_BASE_URL: `${answering.url}${path}`, DEFAULT_MODEL: 'openai:llama3.2' };
    const { code, lineOf } = await doctor(folder.path, { ...base, ...env });
    return { code, line: lineOf('openai')?.replaceAll(answering.url, 'URL') };
  };

  test('[DOC-3] one that is there is found, asked with the key, and Ollama has a name without its tag too', async () => {
    let asked: unknown;
    const has =
      (id: string): RequestListener =>
      (request, response) => {
        asked = [request.url, request.headers.authorization];
        response.end(listOf('other', id));
      };
    const found = { code: 0, line: 'ok       openai: URL/v1 answers and has llama3.2' };
    expect(await check(has('llama3.2'), { OPENAI_API_KEY: 'sk-mine' })).toEqual(found);
    expect(asked).toEqual(['/v1/models', 'Bearer sk-mine']);
    expect(await check(has('llama3.2:latest'))).toEqual(found);
    expect(asked).toEqual(['/v1/models', undefined]);
  });

  test('[DOC-3] one that is not there is a problem, with the names that are near', async () => {
    const { code, line } = await check((_, response) => response.end(listOf('qwen3', 'llama3.1:8b', 'llama3.3')));
    expect(code).toBe(1);
    expect(line).toMatch(/^problem .* has no model "llama3.2" → set DEFAULT_MODEL=openai:llama3.3 or /);
    expect(nearest('gpt5-mini', ['o3', 'gpt-5-mini', 'gpt-4.1', 'whisper', 'gpt-5'])).toEqual([
      'gpt-5-mini',
      'gpt-4.1',
      'gpt-5',
    ]);
  });

  test('[DOC-3] a refused key names the variable', async () => {
    const refuse: RequestListener = (_, response) => response.writeHead(401).end('{"error":{"message":"no"}}');
    expect(await check(refuse, { OPENAI_API_KEY: 'sk-mine' })).toEqual({
      code: 1,
      line: 'problem  openai: URL/v1 refused the key (401) → set OPENAI_API_KEY to one that it accepts',
    });
    expect((await check(refuse)).line).toContain('wants a key (401) → set OPENAI_API_KEY');
  });

  test('[DOC-3] a redirect is not followed, and says so', async () => {
    const redirect: RequestListener = (_, response) => response.writeHead(308, { location: '/elsewhere' }).end();
    expect(await check(redirect, { OPENAI_API_KEY: 'sk-mine' })).toEqual({
      code: 1,
      line:
        'problem  openai: URL/v1 sends its requests elsewhere (308) → set OPENAI_BASE_URL to where it leads, often ' +
        'the same address with https',
    });
  });

  test('[DOC-3] a base URL without its path says what to try', async () => {
    const page: RequestListener = (_, response) => response.writeHead(404).end('<html>not here</html>');
    expect(await check(page, {}, '')).toEqual({
      code: 1,
      line: 'problem  openai: URL answered 404 and no list of models → a base URL usually ends in /v1: set OPENAI_BASE_URL=URL/v1',
    });
  });

  test('[DOC-7] a compatible server without DEFAULT_MODEL is doubtful, unless it lists what it has', async () => {
    await using folder = await temporaryFolder();
    const doubtOf = async (listener: RequestListener) => {
      await using answering = await provider(listener);
      return (await doctor(folder.path, { OPENAI_BASE_URL: `${answering.url}/v1` })).lineOf('DEFAULT_MODEL');
    };
    expect(await doubtOf((_, response) => response.end('{}'))).toMatch(
      /^warning .*seldom has openai:gpt-5-mini → set DEFAULT_MODEL=openai:NAME/,
    );
    expect(await doubtOf((_, response) => response.end(listOf('gpt-5-mini')))).toBeUndefined();
  });

  test('[DOC-3] a provider that is away, or has no key, is told with its variable', async () => {
    await using folder = await temporaryFolder();
    const gone = await provider(() => {});
    await gone[Symbol.asyncDispose]();
    const away = await doctor(folder.path, { OPENAI_BASE_URL: `${gone.url}/v1`, DEFAULT_MODEL: 'anthropic:claude' });
    expect(away.code).toBe(1);
    expect(away.lineOf('openai')).toBe(
      `problem  openai: ${gone.url}/v1 cannot be reached (ECONNREFUSED) → start its server, or set OPENAI_BASE_URL to where it is`,
    );
    expect(away.lineOf('model')).toMatch(
      /^problem .*anthropic:claude needs ANTHROPIC_API_KEY, which is not set → set it/,
    );
  });

  test('[DOC-3] Anthropic is asked in its own way', async () => {
    await using folder = await temporaryFolder();
    await using answering = await provider((request, response) => {
      const isRight = request.url?.startsWith('/v1/models') && request.headers['x-api-key'] === 'sk-mine';
      response.writeHead(isRight ? 200 : 401).end(listOf('claude-sonnet-5'));
    });
    const env = { ANTHROPIC_BASE_URL: answering.url, ANTHROPIC_API_KEY: 'sk-mine' };
    const { code, lineOf } = await doctor(folder.path, env);
    expect(code).toBe(0);
    expect(lineOf('anthropic')).toBe(`ok       anthropic: ${answering.url} answers and has claude-sonnet-5`);
  });
});

describe('the database and the port', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres[Symbol.asyncDispose]());

  test('[DOC-4] [DOC-5] of a running server are in use as they should be; another one on its folder is told the pid', async () => {
    await using folder = await temporaryFolder();
    await using server = new ServerProcess({ DATA_DIR: folder.path });
    const port = new URL(await server.ready()).port;
    const same = await doctor(folder.path, { DATA_DIR: folder.path, PORT: port });
    expect(same.code).toBe(0);
    expect(same.lineOf('port')).toMatch(/^ok .* Switchboard \d+\.\d+\.\d+ answers at http/);
    expect(same.lineOf('database')).toMatch(new RegExp(`^ok .*in use by process ${server.child.pid}$`));
    const other = await doctor(folder.path, { DATA_DIR: folder.path });
    expect(other.code).toBe(1);
    expect(other.lineOf('database')).toMatch(
      new RegExp(`^problem .*in use by process ${server.child.pid} → stop that`),
    );
  });

  test('[DOC-6] a running server that cannot answer is a problem; one with another default model is told', async () => {
    await using folder = await temporaryFolder();
    await using broken = await startServer({ defaultModel: 'anthropic:claude-sonnet-5' });
    const { code, lineOf } = await doctor(folder.path, { PORT: new URL(broken.url).port });
    expect(code).toBe(1);
    expect(lineOf('running server')).toMatch(/^problem .*cannot answer: .*needs ANTHROPIC_API_KEY.* → set it/);
    await using demo = await startServer();
    expect(await checkRunning(demo.url, 'demo:guide')).toMatchObject({
      state: 'ok',
      found: 'demo:guide answers there',
    });
    expect(await checkRunning(demo.url, 'openai:x')).toMatchObject({
      state: 'warning',
      found: 'demo:guide answers there, and with the variables that are set here it would be openai:x',
    });
    await using closed = await startServer({ authenticate: async () => null });
    expect(await checkRunning(closed.url, 'openai:x')).toMatchObject({
      state: 'warning',
      found: `${closed.url} does not say which model answers`,
    });
  });

  test('[DOC-5] a port of another program is a problem, with a port to try', async () => {
    await using folder = await temporaryFolder();
    await using other = await provider((_, response) => response.end('hello'));
    const { port } = new URL(other.url);
    const { code, lineOf } = await doctor(folder.path, { PORT: port });
    expect(code).toBe(1);
    expect(lineOf('port')).toMatch(new RegExp(`^problem .*${port} is in use by another program → .*PORT=\\d+`));
  });

  test('[DOC-4] a folder that cannot be used is a problem', async () => {
    await using folder = await temporaryFolder();
    const { code, lineOf } = await doctor(folder.path, { DATA_DIR: '/proc/x' });
    expect(code).toBe(1);
    expect(lineOf('database')).toMatch(
      /^problem .*expected a folder to write to, got \/proc\/x \(\w+\) → name another/,
    );
  });

  test('[DOC-4] a Postgres server tells its version and what is to be migrated, and is left as it was', async () => {
    await using folder = await temporaryFolder();
    const url = await postgres.freshDatabase();
    const before = await doctor(folder.path, { DATABASE_URL: url });
    expect(before.code).toBe(0);
    expect(before.lineOf('database')).toMatch(/^ok .*Postgres \d+.* at postgres:\/\/.*, \d+ migrations to run/);
    await (await connect({ databaseUrl: url, dataDir: null })).close();
    expect((await doctor(folder.path, { DATABASE_URL: url })).lineOf('database')).toMatch(/^ok .*, migrated$/);
    const missing = await doctor(folder.path, { DATABASE_URL: `${url}_missing` });
    expect(missing.code).toBe(1);
    expect(missing.lineOf('database')).toMatch(/^problem .*3D000.* → create that database/);
  });
});
