import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { createChatClient } from '../../client/index.ts';
import { noBrowser, openTab } from '../helpers/browser.ts';
import type { Tab } from '../helpers/browser.ts';
import { violations } from '../helpers/browser-axe.ts';
import { isStatus, pageUnderTest, patience, says } from '../helpers/browser-page.ts';
import { newUser } from '../helpers/store-chat.ts';
import { authSecret, tokenFor } from '../helpers/tokens.ts';

describe.skipIf(noBrowser)('shared and exported chats', () => {
  const page = pageUnderTest();

  const choose = async (tab: Tab, title: string, action: string): Promise<void> => {
    const menu = tab.page.locator('.about').getByRole('button', { name: `Actions for ${title}` });
    await menu.press('Enter');
    await tab.page.getByRole('menuitem', { name: action }).press('Enter');
  };
  const dialogOf = (tab: Tab) => tab.page.getByRole('dialog', { name: 'Share this chat' });
  const linkIn = (tab: Tab) => dialogOf(tab).getByRole('textbox', { name: 'Link to this chat' });
  const shareOf = (chatId: string): Promise<string> =>
    page.withClient(async ({ api }) => (await api.chat.share.mutate({ chatId })).shareId);

  test('[PAGE-70] the link is made, copied and found again in the menu, until sharing is ended there', async () => {
    page.answer(() => ['An answer']);
    const chatId = await page.chatOf(['A question'], 'To share');
    await using tab = await page.open({ chatId, permissions: ['clipboard-read', 'clipboard-write'] });
    await isStatus(tab, 'completed');
    await choose(tab, 'To share', 'Share');
    await dialogOf(tab).getByRole('button', { name: 'Make a link' }).click();
    await linkIn(tab).waitFor();
    const address = await linkIn(tab).inputValue();
    expect(address).toMatch(/#\/shared\/[\w-]{20,}$/);
    expect(await linkIn(tab).evaluate((field) => field === document.activeElement)).toBe(true);
    await dialogOf(tab).getByRole('button', { name: 'Copy the link' }).click();
    await dialogOf(tab).getByText('Copied').waitFor();
    expect(await tab.page.evaluate(() => navigator.clipboard.readText())).toBe(address);
    await dialogOf(tab).getByRole('button', { name: 'Done' }).click();

    await using reader = await openTab(page.browser, address);
    await says(reader, 'An answer');
    await choose(tab, 'To share', 'Share');
    expect(await linkIn(tab).inputValue()).toBe(address);
    await dialogOf(tab).getByRole('button', { name: 'Stop sharing' }).click();
    await dialogOf(tab).waitFor({ state: 'detached' });
    await reader.page.getByRole('alert').getByText('This chat is not shared any more.').waitFor();
    await choose(tab, 'To share', 'Share');
    await dialogOf(tab).getByRole('button', { name: 'Make a link' }).waitFor();
  });

  test('[PAGE-71] a reader sees the answer grow and what was said before, and can write nothing', async () => {
    const chatId = await page.chatOf(['A question'], 'Read along');
    const spoken = page.dictate();
    const shareId = await shareOf(chatId);
    await using reader = await openTab(page.browser, `${page.url}/#/shared/${shareId}`);
    await reader.page.getByRole('heading', { name: 'Read along' }).waitFor();
    await reader.page.getByText('shared chat, to read only').waitFor();
    expect(await reader.composer.count()).toBe(0);
    await page.withClient((client) => client.send({ chatId, text: 'And now?' }));
    spoken.say('It ');
    await says(reader, 'It');
    spoken.say('grows');
    await says(reader, 'It grows');
    spoken.end();
    await isStatus(reader, 'completed');
    const main = reader.page.getByRole('main');
    expect(await main.getByRole('button', { name: /Actions for|Ask again|Stop|Send/ }).count()).toBe(0);
    await reader.page.reload();
    await says(reader, 'It grows');
  });

  test('[PAGE-71] earlier messages come when they are asked for, and the end of sharing leaves what was read', async () => {
    page.answer(() => ['so it is']);
    const said = Array.from({ length: 30 }, (_, index) => `question ${index}`);
    const chatId = await page.chatOf(said, 'Long');
    const shareId = await shareOf(chatId);
    await using reader = await openTab(page.browser, `${page.url}/#/shared/${shareId}`);
    await reader.messages.getByText('question 29').waitFor();
    expect(await reader.messages.getByText('question 0', { exact: true }).count()).toBe(0);
    await reader.page.getByRole('button', { name: 'Show earlier messages' }).click();
    await reader.messages.getByText('question 0', { exact: true }).waitFor();
    await page.withClient(({ api }) => api.chat.unshare.mutate({ chatId }));
    await reader.page.getByRole('alert').getByText('This chat is not shared any more.').waitFor();
    expect(await reader.messages.count()).toBe(60);
    await reader.page.reload();
    await reader.page.getByRole('alert').getByText('Nothing is shared here.').waitFor();
    await reader.page.goto(`${page.url}/#/shared/nonsense`);
    await reader.page.getByRole('alert').getByText('Nothing is shared here.').waitFor();
  });

  test.each(['light', 'dark'] as const)('[PAGE-31] axe finds nothing wrong with sharing (%s)', async (colorScheme) => {
    page.answer(() => ['An answer']);
    const chatId = await page.chatOf(['A question'], 'To check');
    const viewport = { width: 390, height: 844 };
    await using tab = await page.open({ chatId, colorScheme, viewport });
    await isStatus(tab, 'completed');
    await choose(tab, 'To check', 'Share');
    await dialogOf(tab).getByRole('button', { name: 'Make a link' }).click();
    await linkIn(tab).waitFor();
    expect(await violations(tab.page)).toEqual([]);
    await using reader = await openTab(page.browser, await linkIn(tab).inputValue(), { colorScheme, viewport });
    await isStatus(reader, 'completed');
    expect(await violations(reader.page)).toEqual([]);
    const widest = (): Promise<number> => reader.page.evaluate(() => document.documentElement.scrollWidth);
    expect(await widest()).toBe(viewport.width);
    await page.withClient(({ api }) => api.chat.unshare.mutate({ chatId }));
    await reader.page.getByRole('alert').waitFor();
    expect(await violations(reader.page)).toEqual([]);
    await reader.page.reload();
    await reader.page.getByText('Nothing is shared here.').waitFor();
    expect(await violations(reader.page)).toEqual([]);
  });

  test('[PAGE-72] a chat is saved as Markdown and as JSON', async () => {
    page.answer(() => ['An **answer**']);
    const chatId = await page.chatOf(['A question'], 'To keep');
    await using tab = await page.open({ chatId });
    await isStatus(tab, 'completed');
    const saved = async (action: string): Promise<{ readonly name: string; readonly text: string }> => {
      const download = tab.page.waitForEvent('download');
      await choose(tab, 'To keep', action);
      const file = await download;
      return { name: file.suggestedFilename(), text: await readFile(await file.path(), 'utf8') };
    };
    const markdown = await saved('Export as Markdown');
    expect(markdown.name).toBe('To-keep.md');
    expect(markdown.text).toContain('# To keep');
    expect(markdown.text).toContain('An **answer**');
    const json = await saved('Export as JSON');
    expect(json.name).toBe('To-keep.json');
    expect(JSON.parse(json.text)).toMatchObject({
      chat: { id: chatId },
      messages: [{ role: 'user' }, { role: 'assistant' }],
    });
    await expect.poll(() => tab.page.getByRole('status').getByText('Exported').count(), patience).toBe(1);
  });
});

describe.skipIf(noBrowser)('a shared chat on a server that asks for tokens', () => {
  const page = pageUnderTest({ authSecret });

  test('[PAGE-84] is read live without a token until it is not shared any more, and nothing else is', async () => {
    page.answer(() => ['An answer']);
    const client = createChatClient({ url: page.url, token: await tokenFor(newUser()) });
    const { id: chatId } = await client.create({ title: 'For everybody' });
    const ended = async () => {
      const { messages } = await client.api.chat.history.query({ chatId });
      return messages.at(-1)?.status;
    };
    await client.send({ chatId, text: 'A question' });
    await expect.poll(ended, patience).toBe('completed');
    const { shareId } = await client.api.chat.share.mutate({ chatId });
    await using reader = await openTab(page.browser, `${page.url}/#/shared/${shareId}`, { colorScheme: 'dark' });
    await says(reader, 'An answer');
    await reader.page.getByRole('link', { name: 'Sign in' }).waitFor();
    expect(await reader.page.getByRole('navigation').count()).toBe(0);
    expect(await violations(reader.page)).toEqual([]);
    const spoken = page.dictate();
    await client.send({ chatId, text: 'And now?' });
    spoken.say('It grows');
    await says(reader, 'It grows');
    spoken.end();
    await isStatus(reader, 'completed');
    await client.api.chat.unshare.mutate({ chatId });
    await reader.page.getByRole('alert').getByText('This chat is not shared any more.').waitFor();
    await reader.page.reload();
    await reader.page.getByRole('alert').getByText('Nothing is shared here.').waitFor();
    await reader.page.getByRole('link', { name: 'Sign in' }).click();
    await reader.page.getByLabel('Token or API key').waitFor();
    await client.close();
  });
});
