import { describe, expect, test } from 'vitest';
import { textOf } from '../../shared/message.ts';
import { limits } from '../../shared/limits.ts';
import { noBrowser } from '../helpers/browser.ts';
import type { Tab } from '../helpers/browser.ts';
import { violations } from '../helpers/browser-axe.ts';
import { isStatus, pageUnderTest, patience, says } from '../helpers/browser-page.ts';

/** What the conversation says, oldest first. */
const said = (tab: Tab) => tab.page.locator('.message > .text').allTextContents();
const versions = (tab: Tab) => tab.page.getByRole('group', { name: 'Versions' });

describe.skipIf(noBrowser)('branches on the page', () => {
  const page = pageUnderTest();
  /** Answers with its number and what was asked. */
  const count = (): void => {
    let answers = 0;
    page.answer(({ text }) => [`${(answers += 1)}: ${text}`]);
  };

  test('[PAGE-58] a message is edited where it stands, and its answer and both versions are there', async () => {
    count();
    await using tab = await page.open({ chatId: await page.chatOf(['first', 'second']) });
    const message = tab.messages.first();
    const edit = message.getByRole('button', { name: 'Edit the message' });
    await edit.press('Enter');
    const field = message.getByRole('textbox', { name: 'Edited message' });
    expect(await field.inputValue()).toBe('first');
    await field.fill('given up');
    await field.press('Escape');
    expect(await edit.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await said(tab)).toEqual(['first', '1: first', 'second', '2: second']);

    await edit.click();
    await field.fill('other');
    await message.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => said(tab), patience).toEqual(['other', '3: other']);
    expect(await tab.composer.evaluate((element) => element === document.activeElement)).toBe(true);
    await isStatus(tab, 'completed');
    expect((await page.stored(tab)).map(textOf)).toEqual(['other', '3: other']);
    await expect.poll(() => versions(tab).textContent(), patience).toBe('2 / 2');
    await tab.page.getByRole('button', { name: 'Previous version' }).click();
    await expect.poll(() => said(tab), patience).toEqual(['first', '1: first', 'second', '2: second']);
  });

  test('[PAGE-59] another answer is a version, and the keyboard goes through them without losing its place', async () => {
    count();
    await using tab = await page.open({ chatId: await page.chatOf(['ask']) });
    await tab.page.getByRole('button', { name: 'Regenerate' }).click();
    await says(tab, '2: ask');
    await isStatus(tab, 'completed');
    await expect.poll(() => versions(tab).textContent(), patience).toBe('2 / 2');
    const previous = tab.page.getByRole('button', { name: 'Previous version' });
    await previous.press('Enter');
    await says(tab, '1: ask');
    await expect.poll(() => versions(tab).textContent(), patience).toBe('1 / 2');
    // At the end it does nothing, and keeps the focus.
    expect(await previous.getAttribute('aria-disabled')).toBe('true');
    expect(await previous.evaluate((element) => element === document.activeElement)).toBe(true);
    await tab.page.keyboard.press('Tab');
    await tab.page.keyboard.press('Enter');
    await says(tab, '2: ask');
    await expect.poll(() => versions(tab).textContent(), patience).toBe('2 / 2');
    await tab.page.reload();
    await says(tab, '2: ask');
    expect(await versions(tab).textContent()).toBe('2 / 2');
    expect(await violations(tab.page)).toEqual([]);
  });

  test('[PAGE-60] an edit that is refused says why where it was made, and keeps what was written', async () => {
    count();
    await using tab = await page.open({ chatId: await page.chatOf(['short']) });
    await tab.page.getByRole('button', { name: 'Edit the message' }).click();
    const field = tab.page.getByRole('textbox', { name: 'Edited message' });
    await field.fill('x'.repeat(limits.messageText + 1));
    await tab.messages.first().getByRole('button', { name: 'Save' }).click();
    await tab.messages.first().getByRole('alert').getByText('Not saved:').waitFor();
    expect((await field.inputValue()).length).toBe(limits.messageText + 1);
    expect(await violations(tab.page)).toEqual([]);
  });

  test('[PAGE-60] Escape in a message that is edited does not stop the answer that is being written', async () => {
    const spoken = page.dictate();
    await using tab = await page.open();
    await tab.send('go on');
    spoken.say('on and');
    await says(tab, 'on and');
    await tab.page.getByRole('button', { name: 'Edit the message' }).click();
    await tab.page.getByRole('textbox', { name: 'Edited message' }).press('Escape');
    spoken.say(' on');
    spoken.end();
    await isStatus(tab, 'completed');
    expect(await tab.answer()).toBe('on and on');
  });
});
