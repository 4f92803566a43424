import type { Locator } from 'playwright';
import { describe, expect, test } from 'vitest';
import { noBrowser } from '../helpers/browser.ts';
import type { Tab } from '../helpers/browser.ts';
import { isStatus, pageUnderTest, patience, says } from '../helpers/browser-page.ts';

describe.skipIf(noBrowser)('the list of chats', () => {
  const page = pageUnderTest();

  const list = (tab: Tab): Locator => tab.page.getByRole('navigation', { name: 'Chats' });
  const link = (tab: Tab, title: string): Locator => list(tab).getByRole('link', { name: title });
  const titles = (tab: Tab): Promise<string[]> => list(tab).locator('.entry .name').allTextContents();
  const openMenu = (tab: Tab, title: string): Promise<void> =>
    list(tab)
      .getByRole('button', { name: `Actions for ${title}` })
      .press('Enter');

  test('[PAGE-27] chats are found by words of their title, and the search is left with Escape', async () => {
    for (const title of ['Bread and butter', 'Brown bears', 'Salt']) await page.chatOf([], title);
    await using tab = await page.open();
    await link(tab, 'Salt').waitFor();
    await tab.page.keyboard.press('Control+k');
    await tab.page.keyboard.type('br');
    await expect.poll(() => titles(tab), patience).toEqual(['Brown bears', 'Bread and butter']);
    await tab.page.keyboard.type('x');
    await list(tab).getByText('No chat has “brx” in its title or messages.').waitFor();
    await tab.page.keyboard.press('Escape');
    await link(tab, 'Salt').waitFor();
    expect(await tab.page.getByRole('searchbox').inputValue()).toBe('');
  });

  test('[PAGE-27] chats are found by words that were said in them', async () => {
    page.answer(() => ['Lavender blossoms in July.']);
    await page.chatOf(['What blooms in summer?'], 'Gardens');
    await page.chatOf([], 'Kitchens');
    await using tab = await page.open();
    await link(tab, 'Kitchens').waitFor();
    const field = tab.page.getByRole('searchbox', { name: 'Search titles and messages' });
    const found = async () => {
      // What was said is found a moment after it was stored.
      await field.fill('');
      await field.fill('lavender');
      await expect.poll(async () => (await titles(tab)).includes('Kitchens'), patience).toBe(false);
      return titles(tab);
    };
    await expect.poll(found, patience).toEqual(['Gardens']);
    await field.fill('kitch');
    await expect.poll(() => titles(tab), patience).toEqual(['Kitchens']);
  });

  test('[PAGE-81] a search shows the line that it found, and the chat opens at that message, pages back', async () => {
    page.answer(() => ['Sage & <b>thyme</b> grow in the herb bed.']);
    const chatId = await page.chatOf(['What grows here?'], 'Herbs');
    page.answer(() => ['so it is']);
    await page.withClient(async (client) => {
      for (let number = 0; number < 60; number += 1) await client.send({ chatId, text: `filler ${number}` });
      const isIdle = async () => {
        const { activeRun, queue } = await client.api.chat.get.query({ chatId });
        return activeRun === null && queue.length === 0;
      };
      await expect.poll(isIdle, { ...patience, timeout: 60_000 }).toBe(true);
    });
    await using tab = await page.open();
    const entry = list(tab).locator('.entry', { hasText: 'Herbs' });
    // What was said is found a moment after it was stored.
    const isKnown = async () => {
      const { chats } = await page.withClient(({ api }) => api.chat.list.query({ search: 'herb grow' }));
      return chats.length > 0;
    };
    await expect.poll(isKnown, patience).toBe(true);
    await tab.page.getByRole('searchbox').fill('herb grow');
    await expect.poll(() => entry.locator('mark').allTextContents(), patience).toEqual(['grow', 'herb']);
    expect(await entry.locator('.found').textContent()).toBe('Answer: Sage & <b>thyme</b> grow in the herb bed.');
    await entry.getByRole('link').press('Enter');
    const message = tab.page.locator('.message', { hasText: 'in the herb bed' });
    await expect.poll(() => message.evaluate((element) => element === document.activeElement), patience).toBe(true);
    await expect.poll(() => isInView(message), patience).toBe(true);
    expect(await tab.page.getByRole('button', { name: 'To the newest' }).count()).toBe(1);
    expect(await tab.messages.count()).toBe(122);
  }, 120_000);

  test('[PAGE-81] a message on another version is told, and shown when that is wanted', async () => {
    page.answer(() => ['A walnut tree']);
    const chatId = await page.chatOf(['Which tree?'], 'Trees');
    page.answer(() => ['An oak']);
    const messageId = await page.withClient(async (client) => {
      const { messages } = await client.api.chat.history.query({ chatId });
      const first = messages[1]?.id ?? '';
      await client.regenerate({ chatId, messageId: first });
      return first;
    });
    await using tab = await page.open({ chatId });
    await says(tab, 'An oak');
    await isStatus(tab, 'completed');
    await tab.page.goto(`${page.url}/#${chatId}/${messageId}`);
    await tab.page.getByText('is in another version of this chat').waitFor();
    await tab.page.getByRole('button', { name: 'Show that version' }).click();
    await says(tab, 'A walnut tree');
    await expect.poll(() => tab.page.getByText('is in another version of this chat').count(), patience).toBe(0);
  });

  test('[PAGE-82] an answer that nobody has seen is marked, however many chats are newer', async () => {
    page.answer(() => ['long ago']);
    await page.chatOf(['hello'], 'Early bird');
    await page.withClient(async ({ api }) => {
      for (let number = 0; number < 40; number += 1) await api.chat.create.mutate({ title: `later ${number}` });
    });
    await using tab = await page.open();
    await link(tab, 'Early bird').getByText('new answer').waitFor({ state: 'attached' });
    expect(await link(tab, 'later 39').getByText('new answer').count()).toBe(0);
    await link(tab, 'Early bird').click();
    await says(tab, 'long ago');
    await link(tab, 'later 39').click();
    await tab.composer.waitFor();
    await tab.page.reload();
    await link(tab, 'Early bird').waitFor();
    await link(tab, 'later 39').waitFor();
    await expect.poll(() => link(tab, 'Early bird').getByText('new answer').count(), patience).toBe(0);
  });

  test('[PAGE-27] further chats come when they are asked for', async () => {
    await page.withClient(async ({ api }) => {
      for (let number = 0; number < 60; number += 1) await api.chat.create.mutate({ title: `many ${number}` });
    });
    await using tab = await page.open();
    await link(tab, 'many 59').waitFor();
    expect(await link(tab, 'many 0').count()).toBe(0);
    const more = list(tab).getByRole('button', { name: 'Show more' });
    while ((await link(tab, 'many 0').count()) === 0) {
      const before = (await titles(tab)).length;
      await more.click();
      await expect.poll(async () => (await titles(tab)).length, patience).toBeGreaterThan(before);
    }
    expect(new Set(await titles(tab)).size).toBe((await titles(tab)).length);
  });

  test('[PAGE-27] an answer that ended in another chat is marked until that is looked at', async () => {
    const spoken = page.dictate();
    await using tab = await page.open();
    await tab.send('Tell me later');
    spoken.say('wait');
    await says(tab, 'wait');
    await tab.page.keyboard.press('Control+Shift+O');
    await tab.page.getByText('Chat with').waitFor();
    await link(tab, 'Tell me later').getByText('answering').waitFor({ state: 'attached' });
    spoken.end();
    await link(tab, 'Tell me later').getByText('new answer').waitFor({ state: 'attached' });
    await link(tab, 'Tell me later').click();
    await says(tab, 'wait');
    await link(tab, 'Tell me later').getByText('new answer').waitFor({ state: 'detached' });
    expect(await list(tab).locator('.mark').count()).toBe(0);
  });

  test('[PAGE-28] a chat is renamed from the menu, with the keyboard alone', async () => {
    await page.chatOf([], 'Old name');
    await using tab = await page.open();
    await link(tab, 'Old name').waitFor();
    await openMenu(tab, 'Old name');
    await expect.poll(() => focused(tab), patience).toBe('Rename');
    await tab.page.keyboard.press('ArrowUp');
    expect(await focused(tab)).toBe('Delete');
    await tab.page.keyboard.press('Home');
    await tab.page.keyboard.press('Enter');
    await tab.page.getByRole('dialog', { name: 'Rename this chat' }).waitFor();
    await tab.page.keyboard.type('New name');
    await tab.page.keyboard.press('Enter');
    await link(tab, 'New name').waitFor();
    expect(await link(tab, 'Old name').count()).toBe(0);
    await expect.poll(() => focused(tab), patience).toBe('Actions for New name');
  });

  test('[PAGE-28] an archived chat leaves the list, is found in the archive and comes back', async () => {
    const chatId = await page.chatOf([], 'Put away');
    await using tab = await page.open({ chatId });
    await link(tab, 'Put away').waitFor();
    await openMenu(tab, 'Put away');
    await tab.page.getByRole('menuitem', { name: 'Archive' }).press('Enter');
    await link(tab, 'Put away').waitFor({ state: 'detached' });
    await tab.page.locator('.about').getByText('archived').waitFor();
    await list(tab).getByRole('button', { name: 'Archive', exact: true }).click();
    await link(tab, 'Put away').waitFor();
    expect(await titles(tab)).toEqual(['Put away']);
    await openMenu(tab, 'Put away');
    await tab.page.getByRole('menuitem', { name: 'Take out of the archive' }).press('Enter');
    await list(tab).getByText('Nothing is archived.').waitFor();
    await list(tab).getByRole('button', { name: 'Archive', exact: true }).click();
    await link(tab, 'Put away').waitFor();
  });

  test('[PAGE-28] a chat is deleted only after a second word, and what is shown moves on', async () => {
    page.answer(() => ['gone soon']);
    await using tab = await page.open();
    await tab.send('Throw away');
    await isStatus(tab, 'completed');
    const { hash } = new URL(tab.page.url());
    const dialog = tab.page.getByRole('dialog', { name: 'Delete this chat?' });
    for (const keep of ['Escape', 'Keep it']) {
      await openMenu(tab, 'Throw away');
      await tab.page.getByRole('menuitem', { name: 'Delete' }).press('Enter');
      await dialog.waitFor();
      if (keep === 'Escape') await tab.page.keyboard.press('Escape');
      else await dialog.getByRole('button', { name: keep }).click();
      await dialog.waitFor({ state: 'detached' });
      expect(await link(tab, 'Throw away').count()).toBe(1);
    }
    await openMenu(tab, 'Throw away');
    await tab.page.getByRole('menuitem', { name: 'Delete' }).press('Enter');
    await dialog.getByRole('button', { name: 'Delete' }).click();
    await tab.page.getByText('Chat with').waitFor();
    await link(tab, 'Throw away').waitFor({ state: 'detached' });
    await tab.page.goto(`${page.url}/${hash}`);
    await tab.page.reload();
    await tab.page.getByRole('alert').getByText('There is no such chat.').waitFor();
  });

  test('[PAGE-16] a chat that is deleted in another window says so', async () => {
    const chatId = await page.chatOf([], 'Deleted elsewhere');
    await using tab = await page.open({ chatId });
    await tab.composer.waitFor();
    await link(tab, 'Deleted elsewhere').waitFor();
    await page.withClient(({ api }) => api.chat.delete.mutate({ chatId }));
    await tab.page.getByRole('alert').getByText('This chat was deleted.').waitFor();
    await link(tab, 'Deleted elsewhere').waitFor({ state: 'detached' });
    expect(await tab.composer.count()).toBe(0);
  });

  /** Whether all of it is in the part of the conversation that is seen. */
  const isInView = async (message: Locator): Promise<boolean> => {
    const scroller = await message.page().getByRole('group', { name: 'Conversation' }).boundingBox();
    const box = await message.boundingBox();
    return (
      box !== null && scroller !== null && box.y >= scroller.y && box.y + box.height <= scroller.y + scroller.height
    );
  };

  /** The name of what has the focus. */
  const focused = (tab: Tab): Promise<string> =>
    tab.page.evaluate(
      () => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '',
    );
});
