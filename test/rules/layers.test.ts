import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sourceFiles } from '../helpers/source-files.ts';
import type { SourceFile } from '../helpers/source-files.ts';

interface Layer {
  readonly name: string;
  readonly files: RegExp;
  /** Files of ours that it may import. */
  readonly imports: RegExp;
  /** Files of ours of which it may import types. */
  readonly types?: RegExp;
  readonly packages: RegExp;
}

const nothing = /^$/;
const anyPackage = /./;

/** The first layer that a file matches is its layer. The same table stands in AGENTS.md. */
const layers: readonly Layer[] = [
  { name: 'shared', files: /^shared\//, imports: /^shared\//, packages: /^zod$/ },
  {
    name: 'db',
    files: /^db\//,
    imports: /^(shared|db)\//,
    packages: /^(drizzle-orm|postgres|zod|@electric-sql\/pglite)(\/|$)|^node:/,
  },
  {
    name: 'server/handlers',
    files: /^server\/handlers\//,
    imports: /^(shared|server\/handlers)\//,
    types: /^db\/((checkpoint-|node-log-)?store)\.ts$/,
    packages:
      /^(langchain|zod|undici|eventsource-parser|openai|@anthropic-ai\/sdk|@langchain\/.+|@modelcontextprotocol\/sdk|ipaddr\.js|html-to-text|expr-eval-fork|quickjs-emscripten-core|@jitl\/quickjs-wasmfile-release-sync|re2js)(\/|$)|^node:/,
  },
  {
    name: 'server core',
    files: /^server\/(chat-.*|connection|dispatcher|feed-.*|run|run-.*|text-joiner|ticker|turns|until-stored)\.ts$/,
    imports:
      /^shared\/|^server\/(chat-.*|connection|dispatcher|feed-.*|run|run-.*|text-joiner|ticker|turns|until-stored)\.ts$/,
    types: /^db\/store\.ts$|^server\/(handlers\/(conversation-memory|handler|model-calls|tool-ledger)|logger)\.ts$/,
    packages: /^node:timers\/promises$/,
  },
  {
    name: 'server bin',
    files: /^server\/bin\.ts$/,
    imports: /^server\/commands\/|^client\/cli\/|^package\.json$/,
    packages: /^commander$/,
  },
  {
    name: 'server edge',
    files: /^server\//,
    imports: /^(shared|db|server)\/|^package\.json$/,
    types: /^commander$/,
    packages:
      /^(@trpc\/server|@cfworker\/json-schema|ws|pino|zod|cors|jose|rate-limiter-flexible|sirv|postgres)(\/|$)|^node:/,
  },
  {
    name: 'client/cli',
    files: /^client\/cli\//,
    imports: /^(shared|client\/cli)\/|^client\/index\.ts$/,
    packages: /^(commander|@trpc\/client)$|^node:/,
  },
  {
    name: 'client/web',
    files: /^client\/web\//,
    imports: /^(shared|client\/web)\/|^client\/(index\.ts|react\.tsx)$/,
    packages:
      /^(react|react-dom|react-markdown|remark-gfm|@xyflow\/react|@dagrejs\/dagre|vite|@vitejs\/plugin-react)(\/|$)|^node:/,
  },
  {
    name: 'client/react',
    files: /^client\/react(\.tsx$|\/)/,
    imports: /^shared\/|^client\/(?!web|cli)/,
    packages: /^react$/,
  },
  {
    name: 'client',
    files: /^client\//,
    imports: /^shared\/|^client\/(?!web|cli|react)/,
    types: /^server\/routers\/app-router\.ts$|^@trpc\/server$/,
    packages: /^@trpc\/client(\/|$)|^@trpc\/server\/observable$/,
  },
  { name: 'anywhere else', files: /./, imports: /./, types: nothing, packages: anyPackage },
];

interface Import {
  readonly target: string;
  readonly isTypeOnly: boolean;
}

function importsOf(file: SourceFile): Import[] {
  const statements = file.text.matchAll(/^(?:import|export)\s+(type\s+)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm);
  const dynamic = file.text.matchAll(/\bimport\('([^']+)'\)/g);
  const found = [
    ...[...statements].map(([, type, target = '']) => ({ target, isTypeOnly: type !== undefined })),
    ...[...dynamic].map(([, target = '']) => ({ target, isTypeOnly: false })),
  ];
  return found.map(({ target, isTypeOnly }) => ({
    target: target.startsWith('.') ? posix.join(posix.dirname(file.path), target) : target,
    isTypeOnly,
  }));
}

function breaches(file: SourceFile): string[] {
  const layer = layers.find(({ files }) => files.test(file.path));
  if (!layer) return [];
  return importsOf(file)
    .filter(({ target, isTypeOnly }) => !isAllowed(layer, target, isTypeOnly))
    .map(({ target }) => `${file.path} (${layer.name}) must not import ${target}`);
}

function isAllowed(layer: Layer, target: string, isTypeOnly: boolean): boolean {
  const isOurs = /^(shared|db|server|client|test)\/|^package\.json$/.test(target);
  if (isTypeOnly && layer.types?.test(target)) return true;
  return isOurs ? layer.imports.test(target) : target.endsWith('.css') || layer.packages.test(target);
}

describe('layers', () => {
  test('[ARC-1] every file imports only what its layer may', () => {
    const files = sourceFiles('shared', 'db', 'server', 'client');
    expect(files.length).toBeGreaterThan(50);
    expect(files.flatMap(breaches)).toEqual([]);
  });

  test('[ARC-1] a breach is found', () => {
    const core = (text: string) => breaches({ path: 'server/run.ts', text });
    expect(core("import { z } from 'zod';")).toHaveLength(1);
    expect(core("import { connect } from '../db/connect.ts';")).toHaveLength(1);
    expect(core("import { Store } from '../db/store.ts';")).toHaveLength(1);
    expect(core("import type { Store } from '../db/store.ts';")).toEqual([]);
    expect(core("const x = await import('ws');")).toHaveLength(1);
    expect(
      breaches({ path: 'client/index.ts', text: "import { appRouter } from '../server/routers/app-router.ts';" }),
    ).toHaveLength(1);
    expect(breaches({ path: 'shared/ids.ts', text: "import\n{ x }\nfrom 'node:fs';" })).toHaveLength(1);
  });
});
