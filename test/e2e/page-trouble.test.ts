import { describe, expect, test } from 'vitest';
import type { ChatHandler } from '../../server/handlers/handler.ts';
import { SwitchboardError } from '../../shared/errors.ts';
import type { ErrorCode } from '../../shared/errors.ts';
import { textOf } from '../../shared/message.ts';
import { noBrowser, openTab } from '../helpers/browser.ts';
import { isStatus, pageUnderTest, patience, says } from '../helpers/browser-page.ts';
import { startScriptedServer } from '../helpers/scripted-server.ts';

/** What the page has to say about an error, and whether it offers to ask again. */
const cases: readonly (readonly [code: ErrorCode, words: RegExp, canAskAgain: boolean])[] = [
  ['MODEL_AUTH', /refused the key.*OPENAI_API_KEY=…/, true],
  ['MODEL_BAD_REQUEST', /name of the model.*DEFAULT_MODEL=openai:NAME/, true],
  ['MODEL_UNAVAILABLE', /cannot be reached.*OPENAI_BASE_URL/, true],
  ['MODEL_RATE_LIMITED', /no more requests.*Wait a moment/, true],
  ['CONTEXT_TOO_LONG', /too long for this model.*Begin a new chat/, false],
  ['RUN_TIMEOUT', /took too long/, true],
];

describe.skipIf(noBrowser)('what goes wrong, on the page', () => {
  const page = pageUnderTest();

  test('[PAGE-26] a failed answer says what to do by its code', async () => {
    const fails: ChatHandler['run'] = async function* ({ text }) {
      yield { type: 'text', text: 'so far' };
      yield { type: 'model', model: 'openai:gpt-5-mini' };
      throw new SwitchboardError(text as ErrorCode, `the server's words on ${text}`);
    };
    await using server = await startScriptedServer(fails);
    await using tab = await openTab(page.browser, server.url);
    for (const [code, words, canAskAgain] of cases) {
      await tab.send(code);
      const trouble = tab.page.locator('.trouble').filter({ hasText: `words on ${code}` });
      await expect.poll(() => trouble.textContent(), patience).toMatch(words);
      expect(await trouble.textContent()).toContain(`the server's words on ${code} ${code}`);
      expect(await trouble.getByRole('button', { name: 'Ask again' }).count()).toBe(canAskAgain ? 1 : 0);
    }
  });

  test('[PAGE-26] asking again sends the same message, and only the newest answer offers it', async () => {
    page.answer(() => ['half', { end: 'reset' }]);
    await using tab = await page.open();
    await tab.send('Tell me\nall of it');
    await isStatus(tab, 'failed');
    page.answer(() => ['all of it']);
    await tab.page.getByRole('button', { name: 'Ask again' }).click();
    await isStatus(tab, 'completed');
    await says(tab, 'all of it');
    expect(await tab.page.getByRole('button', { name: 'Ask again' }).count()).toBe(0);
    const texts = (await page.stored(tab)).map(textOf);
    expect(texts).toEqual(['Tell me\nall of it', 'half', 'Tell me\nall of it', 'all of it']);
  });

  test('[PAGE-26] an answer that the server interrupted says that it is kept and not asked for again', async () => {
    const waits: ChatHandler['run'] = async function* (_, { signal }) {
      yield { type: 'text', text: 'cut here' };
      await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
    };
    await using server = await startScriptedServer(waits);
    await using tab = await openTab(page.browser, server.url);
    await tab.send('go on');
    await says(tab, 'cut here');
    await server.drain(0);
    await isStatus(tab, 'interrupted');
    const trouble = tab.page.locator('.trouble');
    await trouble.getByText('The server stopped before the answer was complete').waitFor();
    await trouble.getByText('What was written is kept.').waitFor();
    expect(await tab.page.getByRole('button', { name: 'Ask again' }).count()).toBe(1);
  });

  test('[PAGE-30] Escape stops the answer, which can be asked for again', async () => {
    const spoken = page.dictate();
    await using tab = await page.open();
    await tab.send('stop me');
    spoken.say('so');
    await says(tab, 'so');
    await tab.page.keyboard.press('Escape');
    await isStatus(tab, 'stopped');
    page.answer(() => ['again']);
    await tab.page.getByRole('button', { name: 'Ask again' }).click();
    await says(tab, 'again');
    expect((await page.stored(tab)).map(textOf)).toEqual(['stop me', 'so', 'stop me', 'again']);
  });

  test('[PAGE-29] a page that never connects names both causes, and its own address', async () => {
    const context = await page.browser.newContext();
    try {
      const tab = await context.newPage();
      await tab.routeWebSocket(/trpc/, (socket) => socket.close());
      await tab.goto(page.url);
      const banner = tab.getByRole('status').filter({ hasText: 'The server does not answer.' });
      await banner.waitFor();
      const commands = await banner.locator('code').allTextContents();
      expect(commands).toEqual(['npx switchboard serve', `ALLOWED_ORIGINS=${page.url}`]);
      await tab.unrouteAll();
    } finally {
      await context.close();
    }
  });

  test('[PAGE-29] a page without a network says so at once, and that nothing is lost; with one it is there at once', async () => {
    await using tab = await page.open();
    tab.expectProblems(/WebSocket connection|ERR_INTERNET_DISCONNECTED/);
    await expect.poll(() => tab.page.locator('.connection').textContent(), patience).toBe('Connected');
    // Long before the link could be found dead, or a wait would end by itself.
    const soon = { timeout: 3_000, interval: 10 };
    await tab.page.context().setOffline(true);
    const told = tab.page.getByText('You are offline. What you write is sent when you are back.');
    await told.waitFor({ timeout: soon.timeout });
    await tab.page.context().setOffline(false);
    await expect.poll(() => tab.page.locator('.connection').textContent(), soon).toBe('Connected');
  });
});
