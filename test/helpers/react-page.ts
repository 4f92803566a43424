import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import type { Browser, Locator, Page } from 'playwright';
import { build } from 'vite';
import { expect } from 'vitest';
import type { Controls, Shown } from './react-page/app.tsx';

export const reactVersions = ['19', '18'] as const;
export type ReactVersion = (typeof reactVersions)[number];

const entry = fileURLToPath(new URL('./react-page/main.tsx', import.meta.url));
const root = fileURLToPath(new URL('./react-page', import.meta.url));

/** React 18 under the names of the installed packages that have it. */
const alias: Record<ReactVersion, Record<string, string>> = {
  19: {},
  18: { react: 'react-18', 'react-dom': 'react-dom-18' },
};

/** The page of `react-page/` as one script, made with React's development build, which alone mounts everything twice. */
async function bundle(version: ReactVersion): Promise<string> {
  const output = await build({
    root,
    configFile: false,
    logLevel: 'silent',
    define: { 'process.env.NODE_ENV': JSON.stringify('development') },
    resolve: { alias: alias[version] },
    build: { write: false, minify: false, rolldownOptions: { input: entry } },
  });
  const chunks = [output].flat().flatMap((built) => ('output' in built ? built.output : []));
  const script = chunks.find((chunk) => chunk.type === 'chunk' && chunk.isEntry);
  if (script?.type !== 'chunk') throw new Error(`react-page: expected a bundle with React ${version}, got none`);
  return script.code;
}

/** The page on an origin of its own, as a frontend developer's is. */
export interface ReactPage extends AsyncDisposable {
  readonly url: string;
}

export async function serveReactPage(version: ReactVersion): Promise<ReactPage> {
  const script = await bundle(version);
  const html = '<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><body></body>';
  const server = createServer((request, response) => {
    const isScript = request.url === '/main.js';
    response.setHeader('content-type', isScript ? 'text/javascript; charset=utf-8' : 'text/html; charset=utf-8');
    response.end(isScript ? script : `${html}<script type="module" src="/main.js"></script></html>`);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** The page in a tab of its own. */
export interface ReactTab extends AsyncDisposable {
  readonly page: Page;
  /** Replaces what is on the page; resolves when it is there. */
  show(shown: Shown): Promise<void>;
  chat(name: string): Locator;
  list(name: string): Locator;
  /** Does something with what the hooks returned. */
  act<Input>(act: (controls: Controls, input: Input) => unknown, input?: Input): Promise<void>;
  /** Lets this much time pass on the page, at once. */
  pass(ms: number): Promise<void>;
  /** How often the page called this procedure. */
  calls(path: string): number;
  /** Problems of this kind belong to the test. */
  expectProblems(kind: RegExp): void;
}

/** Leaving its scope closes it, and fails when the page or React complained. */
export async function openReactTab(browser: Browser, page: ReactPage, server: string, more = ''): Promise<ReactTab> {
  const context = await browser.newContext();
  const tab = await context.newPage();
  const problems: string[] = [];
  const expected: RegExp[] = [];
  const frames: string[] = [];
  tab.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  tab.on('pageerror', (error) => problems.push(String(error)));
  tab.on('websocket', (socket) => {
    socket.on('framesent', ({ payload }) => void frames.push(String(payload)));
  });
  await tab.clock.install();
  await tab.goto(`${page.url}/?server=${encodeURIComponent(server)}${more}`);
  await tab.locator('[data-connection], [role=alert]').waitFor();
  return {
    page: tab,
    async show(shown) {
      await tab.evaluate((next) => controls.show(next), shown);
      await tab.waitForFunction(
        ({ chats = {}, lists = {} }) =>
          Object.keys(chats).every((name) => controls.chat[name]) &&
          Object.keys(lists).every((name) => controls.list[name]),
        shown,
      );
    },
    chat: (name) => tab.locator(`[data-chat="${name}"]`),
    list: (name) => tab.locator(`[data-list="${name}"]`),
    act: (act, input) => tab.evaluate(`(${String(act)})(controls, ${JSON.stringify(input)})`).then(() => {}),
    pass: (ms) => tab.clock.fastForward(ms),
    calls: (path) => frames.join('\n').split(`"path":"${path}"`).length - 1,
    expectProblems: (kind) => void expected.push(kind),
    async [Symbol.asyncDispose]() {
      await context.close();
      expect(problems.filter((problem) => !expected.some((kind) => kind.test(problem)))).toEqual([]);
    },
  };
}
