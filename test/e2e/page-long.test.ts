import { describe, expect, test } from 'vitest';
import { limits } from '../../shared/limits.ts';
import { noBrowser } from '../helpers/browser.ts';
import type { Tab } from '../helpers/browser.ts';
import { pageUnderTest, patience } from '../helpers/browser-page.ts';

describe.skipIf(noBrowser)('a long conversation on the page', () => {
  const page = pageUnderTest();

  /** Pixels between the end of the conversation and what is in view. */
  const distanceFromEnd = (tab: Tab): Promise<number> =>
    tab.page
      .locator('.scroller')
      .evaluate(({ scrollHeight, scrollTop, clientHeight }) => scrollHeight - scrollTop - clientHeight);

  test('[PAGE-19] earlier messages come when they are asked for, in their order', async () => {
    const texts = Array.from({ length: 30 }, (_, index) => `word ${index}`);
    page.answer(({ text }) => [text.toUpperCase()]);
    const chatId = await page.chatOf(texts);
    await using tab = await page.open({ chatId });
    const shown = () => tab.messages.locator('.text').allTextContents();
    await expect.poll(async () => (await shown()).length, patience).toBe(limits.pageMessages);
    await tab.page.getByRole('button', { name: 'Show earlier messages' }).click();
    await expect.poll(shown, patience).toEqual(texts.flatMap((text) => [text, text.toUpperCase()]));
    expect(await tab.page.getByRole('button', { name: 'Show earlier messages' }).count()).toBe(0);
  });

  test('[PAGE-20] the end stays in view while an answer grows, except for who scrolled up to read', async () => {
    const spoken = page.dictate();
    const lines = (from: number) =>
      Array.from({ length: 60 }, (_, index) => `line ${from + index}\n`)
        .join('')
        .trim();
    await using tab = await page.open();
    await tab.send('a long one');
    spoken.say(lines(0));
    await expect.poll(() => tab.answer(), patience).toBe(lines(0));
    await expect.poll(() => distanceFromEnd(tab), patience).toBeLessThan(4);

    await tab.page.locator('.scroller').hover();
    await tab.page.mouse.wheel(0, -400);
    const toEnd = tab.page.getByRole('button', { name: 'To the newest' });
    await toEnd.waitFor();
    spoken.say('\n', lines(60));
    await expect.poll(() => tab.answer(), patience).toBe(`${lines(0)}\n${lines(60)}`);
    expect(await distanceFromEnd(tab)).toBeGreaterThan(400);

    await toEnd.click();
    await expect.poll(() => distanceFromEnd(tab), patience).toBeLessThan(4);
    spoken.say('\n', lines(120));
    spoken.end();
    await tab.page.locator('[data-role=assistant][data-status=completed]').waitFor();
    await expect.poll(() => distanceFromEnd(tab), patience).toBeLessThan(4);
    expect(await toEnd.count()).toBe(0);
  });
});
