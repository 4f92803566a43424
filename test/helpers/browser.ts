import { existsSync } from 'node:fs';
import { chromium } from 'playwright';
import type { Browser, BrowserContextOptions, Locator, Page } from 'playwright';
import { expect } from 'vitest';

const candidates = [
  process.env['CHROMIUM_PATH'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const executablePath = candidates.find((path) => path !== undefined && path !== '' && existsSync(path));

/** Why no test can run in a browser here; null where one was found. Printed once for each file that asks. */
export const noBrowser: string | null = executablePath
  ? null
  : 'no Chromium here: install it (Debian: apt-get install chromium) or name it in CHROMIUM_PATH';
if (noBrowser !== null) console.warn(`Tests of the page are skipped: ${noBrowser}`);

/** Nothing of it may ask the internet for anything. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export function launchBrowser(): Promise<Browser> {
  if (executablePath === undefined) throw new Error(noBrowser ?? 'no Chromium');
  return chromium.launch({ executablePath, args: flags });
}

/** The page in a tab of its own, with nothing remembered from before. */
export interface Tab extends AsyncDisposable {
  readonly page: Page;
  readonly composer: Locator;
  /** Every message of the conversation, oldest first. */
  readonly messages: Locator;
  /** What the newest answer says so far, reasoning left out. */
  answer(): Promise<string>;
  /** Types and presses Enter. */
  send(text: string): Promise<void>;
  /** Problems of this kind belong to the test and are not held against the page. */
  expectProblems(kind: RegExp): void;
}

/** Leaving its scope closes it, and fails when the page logged an error or asked another origin for anything. */
export async function openTab(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Tab> {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  const problems = watchProblems(page, new URL(url).origin);
  const expected: RegExp[] = [];
  const composer = page.getByRole('textbox', { name: 'Message' });
  await page.goto(url);
  return {
    page,
    composer,
    messages: page.locator('.message'),
    answer: async () => (await page.locator('[data-role=assistant] > .text').last().textContent()) ?? '',
    async send(text) {
      await composer.fill(text);
      await composer.press('Enter');
    },
    expectProblems: (kind) => void expected.push(kind),
    async [Symbol.asyncDispose]() {
      await context.close();
      expect(problems.filter((problem) => !expected.some((kind) => kind.test(problem)))).toEqual([]);
    },
  };
}

function watchProblems(page: Page, origin: string): string[] {
  const problems: string[] = [];
  const note = (url: string): void => {
    // What is in the page itself, or was fetched by it, is asked of nobody.
    const isHere = url.startsWith('data:') || url.startsWith(`blob:${origin}`);
    if (!isHere && new URL(url).host !== new URL(origin).host) problems.push(`asked for ${url}`);
  };
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('request', (request) => note(request.url()));
  page.on('websocket', (socket) => note(socket.url()));
  return problems;
}
