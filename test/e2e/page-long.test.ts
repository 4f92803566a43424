import type { Browser } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createChatClient } from '../../client/index.ts';
import { limits } from '../../shared/limits.ts';
import { launchBrowser, noBrowser, openTab } from '../helpers/browser.ts';
import type { Tab } from '../helpers/browser.ts';
import { buildPage } from '../helpers/browser-build.ts';
import { dictation } from '../helpers/browser-dictation.ts';
import type { ProviderAnswer, ProviderRequest } from '../helpers/model-provider.ts';
import { startServerWithModel } from '../helpers/server.ts';
import type { ServerWithModel } from '../helpers/server.ts';

const patience = { timeout: 10_000, interval: 10 };

describe.skipIf(noBrowser)('a long conversation on the page', () => {
  let answer: (request: ProviderRequest) => ProviderAnswer;
  let browser: Browser;
  let running: ServerWithModel;
  beforeAll(async () => {
    await buildPage();
    running = await startServerWithModel({ answer: (request) => answer(request) });
    browser = await launchBrowser();
  });
  afterEach(() => running.settled());
  afterAll(async () => {
    await browser.close();
    await running[Symbol.asyncDispose]();
  });

  /** A chat in which each of these texts was sent and answered with itself in capitals. */
  async function chatOf(texts: readonly string[]): Promise<string> {
    answer = ({ text }) => [text.toUpperCase()];
    const client = createChatClient({ url: running.url });
    try {
      const { id: chatId } = await client.api.chat.create.mutate({});
      for (const text of texts) await client.send({ chatId, text });
      const isIdle = async () => (await client.api.chat.get.query({ chatId })).activeRun === null;
      await expect.poll(isIdle, patience).toBe(true);
      return chatId;
    } finally {
      await client.close();
    }
  }

  /** Pixels between the end of the conversation and what is in view. */
  const distanceFromEnd = (tab: Tab): Promise<number> =>
    tab.page
      .locator('.scroller')
      .evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight);

  test('[PAGE-19] earlier messages come when they are asked for, in their order', async () => {
    const texts = Array.from({ length: 30 }, (_, index) => `word ${index}`);
    const chatId = await chatOf(texts);
    await using tab = await openTab(browser, `${running.url}/#${chatId}`);
    const shown = () => tab.messages.locator('.text').allTextContents();
    await expect.poll(async () => (await shown()).length, patience).toBe(limits.pageMessages);
    await tab.page.getByRole('button', { name: 'Show earlier messages' }).click();
    await expect.poll(shown, patience).toEqual(texts.flatMap((text) => [text, text.toUpperCase()]));
    expect(await tab.page.getByRole('button', { name: 'Show earlier messages' }).count()).toBe(0);
  });

  test('[PAGE-20] the end stays in view while an answer grows, except for who scrolled up to read', async () => {
    const spoken = dictation();
    answer = ({ signal }) => spoken.chunks(signal);
    const lines = (from: number) => Array.from({ length: 60 }, (_, index) => `line ${from + index}\n`).join('');
    await using tab = await openTab(browser, running.url);
    await tab.send('a long one');
    spoken.say(lines(0));
    await expect.poll(() => tab.answer(), patience).toBe(lines(0));
    await expect.poll(() => distanceFromEnd(tab), patience).toBeLessThan(4);

    await tab.page.locator('.scroller').hover();
    await tab.page.mouse.wheel(0, -400);
    const toEnd = tab.page.getByRole('button', { name: 'To the newest' });
    await toEnd.waitFor();
    spoken.say(lines(60));
    await expect.poll(() => tab.answer(), patience).toBe(lines(0) + lines(60));
    expect(await distanceFromEnd(tab)).toBeGreaterThan(400);

    await toEnd.click();
    await expect.poll(() => distanceFromEnd(tab), patience).toBeLessThan(4);
    spoken.say(lines(120));
    spoken.end();
    await tab.page.locator('[data-role=assistant][data-status=completed]').waitFor();
    await expect.poll(() => distanceFromEnd(tab), patience).toBeLessThan(4);
    expect(await toEnd.count()).toBe(0);
  });
});
