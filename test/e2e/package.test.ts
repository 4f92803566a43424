import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { publint } from 'publint';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeServer, component, firstClient, trpcClient } from '../helpers/packed-programs.ts';
import { packCheckout, projectWith, runIn, whyNoRegistry } from '../helpers/packed.ts';
import type { Packed } from '../helpers/packed.ts';
import { ServerProcess, temporaryFolder } from '../helpers/server-process.ts';
import type { TemporaryFolder } from '../helpers/server-process.ts';
import { root } from '../helpers/source-files.ts';

/** Milliseconds. Packing compiles everything and builds the page; installing fetches what npm's cache does not have. */
const packMs = 120_000;
const installMs = 300_000;

const tool = (name: string) => join(root, 'node_modules/.bin', name);

let folder: TemporaryFolder;
let packed: Packed;
beforeAll(async () => {
  folder = await temporaryFolder();
  packed = await packCheckout(folder.path);
}, packMs);
afterAll(() => folder[Symbol.asyncDispose]());

describe('the tarball', () => {
  test('[PKG-1] holds JavaScript, declarations, the page and the migrations, and no TypeScript source', () => {
    expect(packed.files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'README.md',
        'dist/client/index.js',
        'dist/client/index.d.ts',
        'dist/client/web/dist/index.html',
        'dist/db/migrations/meta/_journal.json',
        'dist/server/switchboard.js',
      ]),
    );
    expect(packed.files.filter((path) => /(?<!\.d)\.tsx?$/.test(path))).toEqual([]);
    expect(packed.files.filter((path) => !/^dist\/|^[A-Z]+(\.md)?$|^package\.json$/.test(path))).toEqual([]);
  });

  test('[PKG-1] has each file that its package.json names', async () => {
    const { bin, exports } = await manifestOf(packed.tarball);
    const named = JSON.stringify([bin, exports]).match(/(?<="\.\/)[^"]+\.\w+(?=")/g) ?? [];
    expect(named.length).toBeGreaterThan(8);
    expect(named.filter((file) => !packed.files.includes(file))).toEqual([]);
  });

  test('[PKG-9] brings neither a Node of its own nor scripts, and React only as a wish', async () => {
    const manifest = await manifestOf(packed.tarball);
    expect(manifest).not.toHaveProperty('optionalDependencies');
    expect(manifest).not.toHaveProperty('scripts');
    expect(manifest).toMatchObject({
      peerDependencies: { react: '>=18' },
      peerDependenciesMeta: { react: { optional: true } },
    });
    expect(Object.keys(manifest['dependencies'] as object)).not.toContain('react');
  });

  test('[PKG-2] leaves the package.json of the checkout as it was', () => {
    expect(packed.manifest.after).toBe(packed.manifest.before);
    expect(packed.manifest.before).toContain('"./client": "./client/index.ts"');
  });

  test('[PKG-3] passes publint and, as a package of modules, attw', async () => {
    const { buffer } = new Uint8Array(await readFile(packed.tarball));
    expect((await publint({ pack: { tarball: buffer } })).messages).toEqual([]);
    const attw = await runIn(folder.path, tool('attw'), packed.tarball, '--profile', 'esm-only');
    expect(attw.stdout).toContain('switchboard/react');
  });
});

async function manifestOf(tarball: string): Promise<Record<string, unknown>> {
  const { stdout } = await runIn(root, 'tar', '-xzOf', tarball, 'package/package.json');
  return JSON.parse(stdout) as Record<string, unknown>;
}

const noRegistry = await whyNoRegistry();
if (noRegistry) console.warn(`The installed package is not tested: ${noRegistry}.`);
const noOlderNode = noRegistry ?? (process.platform === 'linux' ? null : 'npm has Node 22 as a package for Linux only');
if (noOlderNode) console.warn(`The package is not tested in Node 22: ${noOlderNode}.`);

describe.skipIf(noRegistry)('the installed package', { timeout: installMs }, () => {
  let project: string;
  beforeAll(async () => {
    const others = ['react', '@types/react', 'types-react-18@npm:@types/react@18', '@types/node@24'];
    project = await projectWith(join(folder.path, 'project'), packed.tarball, ...others);
  }, installMs);

  /** What the compiler says of one file of the project: strict, and with a look into the declarations of all packages. */
  async function compile(name: string, text: string, options: object = {}): Promise<string> {
    const strict = {
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
    };
    const modern = { noEmit: true, module: 'nodenext', lib: ['esnext', 'dom'], types: [], jsx: 'react-jsx' };
    const compilerOptions = { ...strict, ...modern, ...options };
    await writeFile(join(project, name), text);
    await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [name] }));
    return runIn(project, tool('tsc'), '-p', '.').then(({ stdout }) => stdout, String);
  }

  test('[PKG-4] compiles a client strictly, without the types of Node, and finds a wrong field', async () => {
    const client = firstClient('http://127.0.0.1:3000');
    expect(await compile('client.ts', client)).toBe('');
    expect(await compile('client.ts', client, { module: 'esnext', moduleResolution: 'bundler' })).toBe('');
    expect(await compile('wrong.ts', client.replace('text: question', 'txt: question'))).toMatch(
      /wrong\.ts.* error TS\d+: .*'txt' does not exist/,
    );
    expect(await compile('wrong.ts', client.replace('event.text', 'event.txt'))).toMatch(
      /wrong\.ts.* error TS\d+: Property 'txt' does not exist/,
    );
  });

  test('[PKG-4] compiles a React component, a tRPC client and a program around the server', async () => {
    const react18 = (name: string) => [`./node_modules/types-react-18/${name}.d.ts`];
    const paths = { react: react18('index'), 'react/jsx-runtime': react18('jsx-runtime') };
    expect(await compile('component.tsx', component)).toBe('');
    expect(await compile('component.tsx', component, { paths })).toBe('');
    expect(await compile('wrong.tsx', component.replace('chat.stop()', 'chat.halt()'))).toMatch(/TS\d+: .*'halt'/);
    expect(await compile('trpc.ts', trpcClient)).toBe('');
    const example = await readFile(join(root, 'test/examples/own-server.ts'), 'utf8');
    // LangChain's own declarations do not bear a closer look.
    expect(await compile('server.ts', example, { types: ['node'], skipLibCheck: true })).toBe('');
  });

  test('[PKG-5] has no run-time half of the router', async () => {
    await writeFile(join(project, 'router.js'), "await import('switchboard/router');");
    await expect(runIn(project, process.execPath, 'router.js')).rejects.toThrow('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });

  /** The server as its own command starts it, asked by a client, both in this Node. */
  async function converse(node: string, name: string): Promise<string> {
    const command = [join(project, 'node_modules/.bin/switchboard'), 'serve'];
    await using data = await temporaryFolder();
    await using server = new ServerProcess({ DATA_DIR: data.path, LOG_LEVEL: 'warn' }, command, node);
    const url = await server.ready();
    expect(await (await fetch(url)).text()).toContain('<script type="module"');
    await writeFile(join(project, name), firstClient(url));
    return (await runIn(project, node, name)).stdout;
  }
  const conversation = /^This is the built-in demo[\s\S]*> Is anybody there\?[\s\S]* as it is stored\n$/;

  test('[PKG-6] serves its page and answers a client in the Node that runs the tests', async () => {
    expect(await converse(process.execPath, 'client.js')).toMatch(conversation);
  });

  test.skipIf(noOlderNode)('[PKG-6] does the same in Node 22', async () => {
    const name = `node-linux-${process.arch}`;
    const older = await projectWith(join(folder.path, 'node-22'), `${name}@22`);
    const node = join(older, 'node_modules', name, 'bin/node');
    expect((await runIn(older, node, '--version')).stdout).toMatch(/^v22\./);
    expect(await converse(node, 'client-22.js')).toMatch(conversation);
  });

  test('[PKG-10] runs the programs of workflows, each on its thread', async () => {
    await writeFile(join(project, 'code.js'), codeServer);
    expect((await runIn(project, process.execPath, 'code.js')).stdout).toBe('16 letters\n');
  });

  test('[PKG-7] says what it needs in one line in an older Node', async () => {
    const old = "Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } })";
    const args = [
      '--import',
      `data:text/javascript,${encodeURIComponent(old)}`,
      'node_modules/.bin/switchboard',
      'ask',
    ];
    await expect(runIn(project, process.execPath, ...args)).rejects.toThrow(
      /^.* failed:\nSwitchboard needs Node 22\.18 .*\n$/,
    );
  });

  test('[PKG-8] is bundled for browsers without server, database, schemas and model libraries', async () => {
    await writeFile(join(project, 'main.tsx'), component);
    const output = await build({
      root: project,
      configFile: false,
      logLevel: 'silent',
      build: { write: false, lib: { entry: join(project, 'main.tsx'), formats: ['es'], fileName: 'main' } },
    });
    const modules = [output].flat().flatMap((built) => {
      if (!('output' in built)) throw new Error('expected a finished build, got a watcher');
      return built.output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
    });
    const packages = modules.flatMap((id) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1] ?? []);
    expect(new Set(packages)).toEqual(new Set(['@trpc/client', '@trpc/server', 'react', 'switchboard']));
    const own = modules.flatMap((id) => /node_modules\/switchboard\/(.*)/.exec(id)?.[1] ?? []);
    expect(own).toContain('dist/client/stream.js');
    expect(own.filter((path) => !/^dist\/(client|shared)\//.test(path))).toEqual([]);
    expect(
      modules.filter((id) => id.includes('@trpc/server') && /adapters|node-http|resolveResponse/.test(id)),
    ).toEqual([]);
  });
});
