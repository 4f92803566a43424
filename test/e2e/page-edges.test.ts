import { describe, expect, test } from 'vitest';
import { newId } from '../../shared/new-id.ts';
import { limits } from '../../shared/limits.ts';
import { noBrowser, openTab } from '../helpers/browser.ts';
import { pageUnderTest, patience } from '../helpers/browser-page.ts';
import { startServer } from '../helpers/server.ts';
import { startTcpProxy } from '../helpers/tcp-proxy.ts';

const hasFocus = (element: Element): boolean => element === document.activeElement;

describe.skipIf(noBrowser)('the page around a conversation', () => {
  const page = pageUnderTest();

  test('[PAGE-9] a lost connection is told, and the answer goes on whole when it is back', async () => {
    const spoken = page.dictate();
    await using proxy = await startTcpProxy(page.url);
    await using tab = await openTab(page.browser, proxy.url);
    tab.expectProblems(/WebSocket connection to .* failed/);
    const connection = tab.page.locator('.connection');
    const banner = tab.page.locator('.banner');
    await expect.poll(() => connection.textContent(), patience).toBe('Connected');
    await tab.send('hold on');
    spoken.say('before ');
    await expect.poll(() => tab.answer(), patience).toBe('before');
    proxy.pause();
    proxy.cutAll();
    await expect.poll(() => banner.textContent(), patience).toMatch(/^Connection lost, trying again…/);
    expect(await connection.textContent()).toBe('Not connected');
    spoken.say('during ');
    await tab.send('written while it was away');
    await tab.page.getByText('Sending…').waitFor();
    expect(await tab.answer()).toBe('before');
    proxy.resume();
    proxy.cutAll();
    await expect.poll(() => connection.textContent(), patience).toBe('Connected');
    expect(await banner.textContent()).toBe('');
    await expect.poll(() => tab.answer(), patience).toBe('before during');
    await tab.page.getByText('Waiting for its turn').waitFor();
    expect(await tab.page.getByText('written while it was away').count()).toBe(1);
    spoken.end();
    await expect.poll(() => tab.page.locator('[data-status=completed]').count(), patience).toBe(4);
  });

  test('[PAGE-10] a banner tells the demo from a model, and how to connect one', async () => {
    await using demo = await startServer();
    await using tab = await openTab(page.browser, demo.url);
    const banner = tab.page.getByRole('note', { name: 'Demo' });
    await banner.getByText('no language model is connected').waitFor();
    await banner.getByText('Connect a model').click();
    const dialog = tab.page.getByRole('dialog', { name: 'Connect a model' });
    for (const name of ['OPENAI_API_KEY=', 'ANTHROPIC_API_KEY=', 'OPENAI_BASE_URL='])
      await dialog.getByText(name).first().waitFor();
    await dialog.getByRole('button', { name: 'Close' }).click();
    await dialog.waitFor({ state: 'detached' });
    await using other = await page.open();
    await other.page.getByText('Chat with').waitFor();
    expect(await other.page.getByRole('note').count()).toBe(0);
  });

  test('[PAGE-11] markup in messages, titles and answers is shown as text', async () => {
    const markup = '<img src=x onerror="document.title=\'hit\'"><b>bold</b><script>document.title=1</script>';
    page.answer(() => [markup, { reasoning: markup }]);
    await using tab = await page.open();
    await tab.send(markup);
    await tab.page.locator('[data-role=assistant][data-status=completed]').waitFor();
    expect(await tab.page.locator('.message > .text').allTextContents()).toEqual([markup, markup]);
    expect(await tab.page.locator('main img, main b, main script, nav img').count()).toBe(0);
    expect(await tab.page.title()).toMatch(/^<img src=x .* · Switchboard$/);
  });

  test('[PAGE-12] everything comes from the server itself, under a policy that allows no inline scripts', async () => {
    page.answer(() => ['fine']);
    await using tab = await page.open();
    const response = await tab.page.reload();
    expect(response?.headers()['content-security-policy']).toMatch(/default-src 'none'; script-src 'self';/);
    await tab.send('hello');
    await tab.page.locator('[data-role=assistant][data-status=completed]').waitFor();
    const sources = await tab.page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
    expect(sources.length).toBeGreaterThanOrEqual(2);
    expect(sources.filter((name) => !name.startsWith(page.url))).toEqual([]);
  });

  test('[PAGE-13] a new chat is with the app that was chosen, and is listed with a mark while it answers', async () => {
    const spoken = page.dictate();
    await using tab = await page.open();
    await tab.page.getByRole('radio', { name: /^Summarise/ }).check();
    await tab.send('A text that shall be summed up');
    spoken.say('Short.');
    const link = tab.page.getByRole('navigation').getByRole('link', { name: 'A text that shall be summed up' });
    await link.getByText('answering').waitFor({ state: 'attached' });
    await tab.page.locator('.about').getByText('Summarise').waitFor();
    await tab.page.getByRole('link', { name: 'New chat' }).click();
    await tab.page.getByText('Chat with').waitFor();
    spoken.end();
    await link.getByText('answering').waitFor({ state: 'detached' });
    await link.click();
    await expect.poll(() => tab.answer(), patience).toMatch(/gist/);
  });

  test('[PAGE-14] Shift+Enter begins a line, and what is being written survives a reload', async () => {
    await using tab = await page.open();
    await tab.composer.fill('one');
    await tab.composer.press('Shift+Enter');
    await tab.page.keyboard.type('two');
    await tab.page.reload();
    expect(await tab.composer.inputValue()).toBe('one\ntwo');
    expect(await tab.messages.count()).toBe(0);
  });

  test('[PAGE-15] a message that could not be sent says why and can be edited and sent again', async () => {
    page.answer(() => ['short enough']);
    await using tab = await page.open();
    await tab.send('x'.repeat(limits.messageText + 1));
    const failed = tab.page.locator('.message[data-status=failed]');
    await failed.getByText(`expected at most ${limits.messageText} UTF-16 units`).waitFor();
    await failed.getByRole('button', { name: 'Edit' }).click();
    expect((await tab.composer.inputValue()).length).toBe(limits.messageText + 1);
    expect(await failed.count()).toBe(0);
    await tab.send('x');
    await expect.poll(() => tab.answer(), patience).toBe('short enough');
  });

  test('[PAGE-16] an address that leads to no chat says so and offers a new one', async () => {
    await using tab = await page.open({ chatId: newId() });
    const problem = tab.page.getByRole('alert');
    await problem.getByText('There is no such chat.').waitFor();
    await problem.getByRole('link', { name: 'New chat' }).click();
    await tab.composer.waitFor();
    expect(await problem.count()).toBe(0);
    await tab.page.goto(`${page.url}/#nonsense`);
    await problem.getByText('There is no such chat.').waitFor();
    expect(await tab.composer.count()).toBe(0);
  });

  test('[PAGE-17] on a phone nothing is wider than the screen, and the chats open and close', async () => {
    page.answer(() => ['supercalifragilistic'.repeat(20)]);
    await using tab = await page.open({ viewport: { width: 360, height: 640 } });
    await tab.send('long'.repeat(50));
    await tab.page.locator('[data-role=assistant][data-status=completed]').waitFor();
    expect(await tab.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
    const list = tab.page.getByRole('navigation', { name: 'Chats' });
    expect(await list.isVisible()).toBe(false);
    const toggle = tab.page.getByRole('button', { name: 'Chats', exact: true });
    await toggle.press('Enter');
    await expect
      .poll(() => list.getByRole('button', { name: 'Close the list' }).evaluate(hasFocus), patience)
      .toBe(true);
    await tab.page.keyboard.press('Escape');
    await list.waitFor({ state: 'hidden' });
    await expect.poll(() => toggle.evaluate(hasFocus), patience).toBe(true);
    await toggle.click();
    await list.getByRole('link', { name: 'New chat' }).click();
    await list.waitFor({ state: 'hidden' });
    await tab.page.getByText('Chat with').waitFor();
  });
});
