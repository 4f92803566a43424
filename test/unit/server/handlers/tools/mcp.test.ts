import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { UserId } from '../../../../../shared/ids.ts';
import { parseMcpServers, readMcpServers } from '../../../../../server/handlers/tools/mcp/mcp-config.ts';
import { createTools } from '../../../../../server/handlers/tools/tool-registry.ts';
import type { ToolRegistry } from '../../../../../server/handlers/tools/tool-registry.ts';
import { temporaryFolder } from '../../../../helpers/server-process.ts';
import { root } from '../../../../helpers/source-files.ts';
import { codeOf } from '../handler-run.ts';

const program = join(root, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js');
const stdio = { command: process.execPath, args: [program, 'stdio'], env: {} };

function registry(everything: Parameters<typeof parseMcpServers>[0]): ToolRegistry & AsyncDisposable {
  const tools = createTools({ mcpServers: parseMcpServers({ everything }) });
  return { ...tools, [Symbol.asyncDispose]: () => tools.close() };
}

async function call(
  tools: ToolRegistry,
  name: string,
  input: unknown,
  signal = AbortSignal.timeout(20_000),
): Promise<unknown> {
  const set = await tools.toolset([{ name }]);
  const tool = set?.find(name)?.tool;
  return tool?.execute(input, { signal, idempotencyKey: 'k', userId: 'local' as UserId });
}

/** Processes of the real server that this one has started. */
function children(): number[] {
  const listed = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  return listed.map(Number).filter((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('server-everything'));
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The real server over HTTP, in a process of its own. */
async function startHttp(port: number): Promise<AsyncDisposable> {
  const child = spawn(process.execPath, [program, 'streamableHttp'], { env: { ...process.env, PORT: String(port) } });
  let said = '';
  for (const output of [child.stdout, child.stderr]) output.on('data', (data) => (said += String(data)));
  await vi.waitFor(() => expect(said).toMatch(/listening on port/i), { timeout: 20_000 });
  return {
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'close');
    },
  };
}

describe('a server over stdio', () => {
  test('[TOOL-40] is started when its tools are first needed, and its process ends with the registry', async () => {
    const before = children();
    const tools = registry(stdio);
    expect(children()).toEqual(before);
    const list = (await tools.list()).filter(({ source }) => source === 'mcp:everything');
    expect(list.map(({ name }) => name)).toContain('mcp:everything/echo');
    expect(children()).toHaveLength(before.length + 1);
    expect(await call(tools, 'mcp:everything/echo', { message: 'né 漢 🙂' })).toContain('né 漢 🙂');
    expect(children()).toHaveLength(before.length + 1);
    await tools[Symbol.asyncDispose]();
    expect(children()).toEqual(before);
  });

  test('[TOOL-41] gives an assistant all its tools, or one of them', async () => {
    await using tools = registry(stdio);
    const all = await tools.toolset([{ name: 'mcp:everything' }]);
    expect(all?.size).toBeGreaterThan(5);
    expect(all?.find('everything__echo')?.tool.name).toBe('mcp:everything/echo');
    const one = await tools.toolset([{ name: 'mcp:everything/echo' }]);
    expect(one?.size).toBe(1);
    const mixed = await tools.toolset([
      { name: 'mcp:everything/echo', approval: true },
      { name: 'mcp:everything', approval: false },
    ]);
    expect(mixed?.find('everything__echo')?.approval).toBe(true);
    const gone = await tools.toolset([{ name: 'mcp:everything/gone' }]).catch((error: unknown) => error);
    expect(codeOf(gone)).toBe('TOOL_FAILED');
  });

  test('[TOOL-41] is asked about only by leave of a person, unless a tool says that it only reads', async () => {
    await using tools = registry(stdio);
    for (const { readOnly, approval } of (await tools.list()).filter(({ source }) => source.startsWith('mcp:')))
      expect(approval).toBe(!readOnly);
  });

  test('[TOOL-42] is started again after its process has died', async () => {
    await using tools = registry(stdio);
    await call(tools, 'mcp:everything/echo', { message: 'one' });
    const [pid] = children();
    process.kill(pid!, 'SIGKILL');
    await vi.waitFor(() => expect(children()).toEqual([]));
    // The end of a process is told a moment after it; a call meanwhile fails.
    await vi.waitFor(
      async () => expect(await call(tools, 'mcp:everything/echo', { message: 'two' })).toContain('two'),
      { timeout: 20_000 },
    );
  });

  test('[TOOL-43] is told when nobody waits for a call any more', async () => {
    await using tools = registry(stdio);
    const stop = new AbortController();
    const name = 'mcp:everything/trigger-long-running-operation';
    await tools.toolset([{ name }]);
    const calling = call(tools, name, { duration: 60, steps: 60 }, stop.signal);
    setImmediate(() => stop.abort(new Error('enough')));
    await expect(calling).rejects.toThrow(/abort|enough/i);
    expect(await call(tools, 'mcp:everything/echo', { message: 'still here' })).toContain('still here');
  });

  test('[TOOL-44] that cannot be started fails its own tools, and nothing else', async () => {
    await using tools = registry({ command: join(root, 'no-such-program') });
    const problem = (await tools.list()).find(({ source }) => source === 'mcp:everything');
    expect(problem).toMatchObject({ name: 'mcp:everything', problem: expect.stringContaining('cannot be reached') });
    const failed = await tools.toolset([{ name: 'mcp:everything' }]).catch((error: unknown) => error);
    expect(codeOf(failed)).toBe('TOOL_FAILED');
    expect(String(failed)).toContain('everything');
    expect((await tools.toolset([{ name: 'calculator' }]))?.size).toBe(1);
  });

  test('[TOOL-45] gets none of the variables of this process', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-secret-of-ours');
    await using tools = registry({ ...stdio, env: { GIVEN: 'yes' } });
    const variables = String(await call(tools, 'mcp:everything/get-env', {}));
    vi.unstubAllEnvs();
    expect(variables).toContain('GIVEN');
    expect(variables).not.toContain('secret-of-ours');
  });
});

describe('a server over HTTP', () => {
  test('[TOOL-46] is called, fails while it is down, and is reached again when it is back', async () => {
    const port = await freePort();
    await using tools = registry({ url: `http://127.0.0.1:${port}/mcp`, headers: { authorization: 'Bearer x' } });
    const early = await tools.toolset([{ name: 'mcp:everything' }]).catch((error: unknown) => error);
    expect(codeOf(early)).toBe('TOOL_FAILED');
    const first = await startHttp(port);
    expect(await call(tools, 'mcp:everything/echo', { message: 'one' })).toContain('one');
    await first[Symbol.asyncDispose]();
    await expect(call(tools, 'mcp:everything/echo', { message: 'two' })).rejects.toThrow(
      /fetch failed|cannot be reached|ECONN/,
    );
    await using _ = await startHttp(port);
    expect(await call(tools, 'mcp:everything/echo', { message: 'three' })).toContain('three');
  });
});

describe('the configuration', () => {
  test.each([
    ['no object', []],
    ['neither command nor url', { a: {} }],
    ['both', { a: { command: 'x', url: 'http://x/' } }],
    ['another protocol', { a: { url: 'ftp://example.com/' } }],
    ['a name with a slash', { 'a/b': { command: 'x' } }],
    ['a word that is not known', { a: { command: 'x', comand: 'y' } }],
  ])('[TOOL-47] with %s is refused', (_, servers) => {
    expect(() => parseMcpServers(servers)).toThrow(/^mcpServers/);
  });

  test('[TOOL-47] is read from a file, and one that is wrong is told with its name and without its values', async () => {
    await using folder = await temporaryFolder();
    const path = join(folder.path, 'mcp.json');
    expect(() => readMcpServers(path)).toThrow(path);
    await writeFile(path, '{ "mcpServers": { "a": { "command": "x", "env": { "KEY": "secret" } } ');
    expect(() => readMcpServers(path)).toThrow(`${path}: expected JSON`);
    await writeFile(path, '{}');
    expect(() => readMcpServers(path)).toThrow(path);
    await writeFile(path, JSON.stringify({ mcpServers: { a: { command: 'x', env: { KEY: 5, other: 'secret' } } } }));
    expect(() => readMcpServers(path)).toThrow(/mcpServers\.a/);
    expect(() => readMcpServers(path)).not.toThrow(/secret/);
    await writeFile(path, JSON.stringify({ mcpServers: { a: { command: 'x' } } }));
    expect(readMcpServers(path)).toEqual({ a: { command: 'x', args: [], env: {} } });
  });
});
