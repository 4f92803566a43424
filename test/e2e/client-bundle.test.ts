import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { build } from 'vite';

const root = fileURLToPath(new URL('../..', import.meta.url));

test('[CLT-16] a bundle of the client for browsers holds no server code', async () => {
  const output = await build({
    root,
    configFile: false,
    logLevel: 'silent',
    build: { write: false, lib: { entry: `${root}client/index.ts`, formats: ['es'], fileName: 'client' } },
  });
  const modules = [output].flat().flatMap((built) => {
    if (!('output' in built)) throw new Error('expected a finished build, got a watcher');
    return built.output.flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []));
  });
  const own = modules.filter((id) => id.startsWith(root) && !id.includes('node_modules'));
  const packages = modules.flatMap((id) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1] ?? []);
  expect(own.filter((id) => !/^(client|shared)\//.test(id.slice(root.length)))).toEqual([]);
  expect(own.some((id) => id.endsWith('/client/stream.ts'))).toBe(true);
  // The client half of tRPC takes its observables from the server's package.
  expect([...new Set(packages)].toSorted()).toEqual(['@trpc/client', '@trpc/server']);
  expect(modules.filter((id) => id.includes('@trpc/server') && /adapters|node-http|resolveResponse/.test(id))).toEqual(
    [],
  );
});
