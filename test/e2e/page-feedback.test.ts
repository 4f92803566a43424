import { describe, expect, test } from 'vitest';
import { noBrowser } from '../helpers/browser.ts';
import type { Tab } from '../helpers/browser.ts';
import { violations } from '../helpers/browser-axe.ts';
import { pageUnderTest, patience } from '../helpers/browser-page.ts';

describe.skipIf(noBrowser)('feedback on the page', () => {
  const page = pageUnderTest();
  const stored = async (tab: Tab) => (await page.stored(tab)).at(-1)?.feedback;

  test('[PAGE-63] an answer is marked, commented on and unmarked, and that stays over a reload', async () => {
    page.answer(() => ['an answer']);
    await using tab = await page.open({ chatId: await page.chatOf(['ask']), colorScheme: 'dark' });
    const good = tab.page.getByRole('button', { name: 'Good answer' });
    const bad = tab.page.getByRole('button', { name: 'Bad answer' });
    const isPressed = async () => [await good.getAttribute('aria-pressed'), await bad.getAttribute('aria-pressed')];
    await good.waitFor();
    expect(await isPressed()).toEqual(['false', 'false']);
    await good.press('Enter');
    await expect.poll(isPressed, patience).toEqual(['true', 'false']);
    await bad.click();
    await expect.poll(isPressed, patience).toEqual(['false', 'true']);
    await tab.page.getByRole('button', { name: 'Add a comment' }).click();
    const field = tab.page.getByRole('textbox', { name: 'Comment on the answer' });
    await field.fill('It says <b>nothing</b>.');
    expect(await violations(tab.page)).toEqual([]);
    await field.press('Enter');
    const change = tab.page.getByRole('button', { name: 'Change the comment' });
    await expect.poll(() => change.evaluate((element) => element === document.activeElement), patience).toBe(true);
    expect(await stored(tab)).toEqual({ rating: 'dislike', comment: 'It says <b>nothing</b>.', copied: 0 });
    await tab.page.reload();
    await expect.poll(isPressed, patience).toEqual(['false', 'true']);
    await change.click();
    expect(await field.inputValue()).toBe('It says <b>nothing</b>.');
    await field.press('Escape');
    await bad.click();
    await expect.poll(isPressed, patience).toEqual(['false', 'false']);
    expect(await stored(tab)).toMatchObject({ rating: null, comment: 'It says <b>nothing</b>.' });
  });

  test('[PAGE-63] an answer of long ago is marked as well, although no event tells of it', async () => {
    page.answer(() => ['an answer']);
    const texts = Array.from({ length: 26 }, (_, turn) => `question ${turn}`);
    await using tab = await page.open({ chatId: await page.chatOf(texts) });
    await tab.page.getByRole('button', { name: 'Show earlier messages' }).click();
    await tab.messages.getByText('question 0', { exact: true }).waitFor();
    const good = tab.page.getByRole('button', { name: 'Good answer' }).first();
    await good.click();
    await expect.poll(() => good.getAttribute('aria-pressed'), patience).toBe('true');
    await good.click();
    await expect.poll(() => good.getAttribute('aria-pressed'), patience).toBe('false');
  }, 60_000);

  test('[PAGE-64] each copy of an answer is counted', async () => {
    page.answer(() => ['an answer']);
    const permissions = ['clipboard-read', 'clipboard-write'];
    await using tab = await page.open({ chatId: await page.chatOf(['ask']), permissions });
    const copy = tab.page.getByRole('button', { name: 'Copy the answer' });
    await copy.click();
    await expect.poll(() => stored(tab), patience).toMatchObject({ copied: 1 });
    await copy.click();
    await expect.poll(() => stored(tab), patience).toEqual({ rating: null, copied: 2 });
  });
});
