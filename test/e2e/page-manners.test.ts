import { describe, expect, test } from 'vitest';
import { newId } from '../../shared/new-id.ts';
import { noBrowser, openTab } from '../helpers/browser.ts';
import type { Tab } from '../helpers/browser.ts';
import { isStatus, pageUnderTest, patience, says } from '../helpers/browser-page.ts';
import { startServer } from '../helpers/server.ts';
import { startTcpProxy } from '../helpers/tcp-proxy.ts';

/** What has the focus, by its name or its words. */
const focused = (tab: Tab): Promise<string> =>
  tab.page.evaluate(() => {
    const { activeElement } = document;
    return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? '';
  });

/** What was told last about something that was done. */
const announced = (tab: Tab): Promise<string | null> => tab.page.locator('.announcements').textContent();

describe.skipIf(noBrowser)('the page while something is done', () => {
  const page = pageUnderTest();

  test('[PAGE-44] the first message of a new chat waits for a lost connection, and is sent once when it is back', async () => {
    page.answer(() => ['here you are']);
    await using proxy = await startTcpProxy(page.url);
    await using tab = await openTab(page.browser, proxy.url);
    tab.expectProblems(/WebSocket connection to .* failed/);
    await tab.page.getByText('Chat with').waitFor();
    proxy.pause();
    proxy.cutAll();
    await tab.page.getByText('Connection lost, trying again…').waitFor();
    const words = `first words ${newId()}`;
    await tab.send(words);
    await tab.page.getByText('Sending…').waitFor();
    expect(await tab.composer.inputValue()).toBe(words);
    expect(await tab.page.getByText('Not sent').count()).toBe(0);
    proxy.resume();
    proxy.cutAll();
    await says(tab, 'here you are');
    const found = await page.withClient(({ api }) => api.chat.list.query({ search: words }));
    expect(found.chats).toHaveLength(1);
  });

  test('[PAGE-45] a question to start with is asked at once, or added to what is written', async () => {
    await using demo = await startServer();
    await using tab = await openTab(page.browser, demo.url);
    const question = tab.page.getByRole('list', { name: 'Questions to start with' }).getByRole('button').first();
    const words = (await question.textContent()) ?? '';
    await tab.composer.fill('Tell me:');
    await question.click();
    expect(await tab.composer.inputValue()).toBe(`Tell me:\n\n${words}`);
    await tab.composer.fill('');
    await question.click();
    await expect.poll(() => tab.messages.first().locator('.text').textContent(), patience).toBe(words);
    await isStatus(tab, 'completed');
  });

  test('[PAGE-39] what is withdrawn, archived or deleted is told, and the focus goes to what is near', async () => {
    const spoken = page.dictate();
    const names = [newId(), newId(), newId()];
    for (const name of names) await page.withClient(({ api }) => api.chat.create.mutate({ title: name }));
    await using tab = await page.open();
    await tab.send('a long story');
    await isStatus(tab, 'streaming');
    await tab.send('and another');
    await tab.page.getByRole('button', { name: 'Withdraw' }).press('Enter');
    await expect.poll(() => announced(tab), patience).toBe('Withdrawn');
    expect(await focused(tab)).toBe('Message');
    spoken.end();
    await isStatus(tab, 'completed');

    const choose = async (name: string, item: string): Promise<void> => {
      await tab.page.getByRole('button', { name: `Actions for ${name}` }).press('Enter');
      await tab.page.getByRole('menuitem', { name: item }).press('Enter');
    };
    // Last active first.
    await choose(names[2] ?? '', 'Archive');
    await expect.poll(() => announced(tab), patience).toBe('Archived');
    await expect.poll(() => focused(tab), patience).toBe(names[1]);
    await choose(names[1] ?? '', 'Delete');
    await tab.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).press('Enter');
    await expect.poll(() => announced(tab), patience).toBe('Deleted');
    await expect.poll(() => focused(tab), patience).toBe(names[0]);
  });

  test('[PAGE-39] [PAGE-46] a stop says that what waits is paused, and one button lets it go on', async () => {
    const spoken = page.dictate();
    await using tab = await page.open();
    await tab.send('one');
    spoken.say('so');
    await says(tab, 'so');
    await tab.send('two');
    await tab.page.getByText('Waiting for its turn').waitFor();
    await tab.page.getByRole('button', { name: 'Stop' }).click();
    await expect.poll(() => announced(tab), patience).toBe('Stopped. What waits is paused.');
    const paused = tab.page.getByRole('group', { name: 'Paused queue' });
    await paused.getByText('Paused: 1 waiting').waitFor();
    await paused.getByRole('button', { name: 'Resume' }).click();
    await paused.waitFor({ state: 'detached' });
    spoken.end();
    await isStatus(tab, 'completed');
  });

  test('[PAGE-40] a model that cannot answer is told before anybody writes, with the variable to set', async () => {
    await using server = await startServer({ defaultModel: 'anthropic:claude-sonnet-5' });
    await using tab = await openTab(page.browser, server.url);
    const note = tab.page.getByRole('note', { name: 'The model cannot answer yet' });
    await note.getByText('anthropic:claude-sonnet-5 cannot answer yet.').waitFor();
    expect(await note.locator('code').allTextContents()).toEqual(['ANTHROPIC_API_KEY=…']);
    await tab.send('anybody?');
    const trouble = tab.page.locator('.trouble');
    await trouble.getByText('No key is set for this model').waitFor();
    expect(await trouble.locator('.command code').allTextContents()).toEqual(['ANTHROPIC_API_KEY=…']);
    await using other = await page.open();
    await other.page.getByText('Chat with').waitFor();
    expect(await other.page.locator('.model-problem').count()).toBe(0);
  });

  test('[PAGE-41] the banner of a lost connection lies over no message', async () => {
    const chatId = await page.chatOf(['first', 'second'], 'not covered');
    await using proxy = await startTcpProxy(page.url);
    await using tab = await openTab(page.browser, `${proxy.url}/#${chatId}`);
    tab.expectProblems(/WebSocket connection to .* failed/);
    await tab.messages.nth(3).waitFor();
    proxy.pause();
    proxy.cutAll();
    await tab.page.getByText('Connection lost, trying again…').waitFor();
    const banner = await tab.page.locator('.banner').boundingBox();
    const scroller = await tab.page.locator('.scroller').boundingBox();
    expect(banner && scroller && banner.y + banner.height <= scroller.y).toBe(true);
    proxy.resume();
  });

  test('[PAGE-42] a chat without a title is listed by when it was begun', async () => {
    const { id } = await page.withClient(({ api }) => api.chat.create.mutate({}));
    await using tab = await page.open();
    await tab.page.locator(`.entry a[href="#${id}"]`).waitFor();
    expect(await tab.page.locator(`.entry a[href="#${id}"] .name`).textContent()).toMatch(/^Chat of \d\d:\d\d$/);
  });

  test('[PAGE-43] a command in an answer is folded where it is too long, other code keeps its lines', async () => {
    const line = 'word '.repeat(60).trim();
    page.answer(() => [`\`\`\`sh\n${line}\n\`\`\`\n\n\`\`\`ts\n${line}\n\`\`\``]);
    await using tab = await page.open({ viewport: { width: 390, height: 844 } });
    await tab.send('show me');
    await isStatus(tab, 'completed');
    await tab.page.locator('.code pre').nth(1).waitFor();
    const isCut = await tab.page
      .locator('.code pre')
      .evaluateAll((blocks) => blocks.map(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth));
    expect(isCut).toEqual([false, true]);
  });
});
