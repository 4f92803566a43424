import { describe, expect, test } from 'vitest';
import type { ChatHandler } from '../../server/handlers/handler.ts';
import { SwitchboardError } from '../../shared/errors.ts';
import { noBrowser, openTab } from '../helpers/browser.ts';
import { violations } from '../helpers/browser-axe.ts';
import { isStatus, pageUnderTest, patience, says } from '../helpers/browser-page.ts';
import { startScriptedServer } from '../helpers/scripted-server.ts';

const rich = `# A heading

Words with a [link](https://example.org), \`code\` and a

- [x] list
- [ ] of tasks

| Wide | table |
|:--|--:|
| a | b |

\`\`\`ts
const line = 'long enough to scroll sideways on a phone, which is what this is for, and on a wide screen as well, if only it is long enough';
\`\`\`

> a quotation
`;

const tool = { type: 'tool', toolCallId: '1', name: 'search', input: { words: 'a' } } as const;

/** Says everything that an answer may have in it; "fail" fails and "wait" stays open. */
const everything: ChatHandler['run'] = async function* ({ text }, { signal }) {
  yield { type: 'reasoning', text: 'I think, **therefore**.' };
  yield { type: 'part', key: 'a', value: { ...tool, state: 'running' } };
  yield { type: 'part', key: 'a', value: { ...tool, state: 'done', output: [1, 2], durationMs: 1_500 } };
  yield { type: 'part', key: 'b', value: { ...tool, toolCallId: '2', state: 'failed', error: 'it broke' } };
  yield { type: 'part', key: 'u', value: { ...tool, toolCallId: '3', state: 'uncertain' } };
  yield { type: 'part', key: 'c', value: { type: 'source', title: 'A source', url: 'https://example.org/source' } };
  yield {
    type: 'part',
    key: 'd',
    value: { type: 'file', fileId: '1', name: 'a.pdf', mediaType: 'application/pdf', size: 2_500 },
  };
  yield { type: 'text', text: rich };
  yield { type: 'usage', usage: { inputTokens: 1_200, outputTokens: 34, source: 'reported' } };
  yield { type: 'model', model: 'openai:gpt-5-mini' };
  if (text === 'fail') throw new SwitchboardError('MODEL_AUTH', 'the key was refused');
  if (text === 'wait') await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
};

const screens = [
  { name: 'desktop', viewport: { width: 1280, height: 800 } },
  { name: 'phone', viewport: { width: 390, height: 844 } },
] as const;
const looks = screens.flatMap((screen) =>
  (['light', 'dark'] as const).map(
    (colorScheme) => [`${screen.name}, ${colorScheme}`, { ...screen, colorScheme }] as const,
  ),
);

describe.skipIf(noBrowser)('the page for everybody', () => {
  const page = pageUnderTest();

  test.each(looks)(
    '[PAGE-31] axe finds nothing wrong anywhere (%s)',
    async (_, { viewport, colorScheme }) => {
      await using server = await startScriptedServer(everything);
      await using tab = await openTab(page.browser, server.url, { viewport, colorScheme });
      const check = async (where: string) => expect([where, await violations(tab.page)]).toEqual([where, []]);
      await tab.page.getByText('Chat with').waitFor();
      await check('empty start');
      await tab.page.getByRole('button', { name: 'Connect a model' }).click();
      await check('how to connect a model');
      await tab.page.keyboard.press('Escape');

      await tab.send('fail');
      await isStatus(tab, 'failed');
      await tab.send('wait');
      await isStatus(tab, 'streaming');
      await tab.page.locator('[data-status=streaming] table').waitFor();
      await tab.send('in the queue');
      await tab.page.getByText('Waiting for its turn').waitFor();
      for (const folded of await tab.page.locator('details > summary').all()) await folded.click();
      await tab.page.locator('.tool pre').first().waitFor();
      await check('a chat with everything');
      await tab.page
        .locator('.about')
        .getByRole('button', { name: /^Actions for/ })
        .click();
      await tab.page.getByRole('menuitem', { name: 'Delete' }).waitFor();
      await check('the menu');
      await tab.page.getByRole('menuitem', { name: 'Delete' }).click();
      await check('the dialog');
      await tab.page.getByRole('button', { name: 'Keep it' }).click();
      const toggle = tab.page.getByRole('button', { name: 'Chats', exact: true });
      if (await toggle.isVisible()) {
        await toggle.click();
        await check('the drawer');
        await tab.page.keyboard.press('Escape');
      }
      await tab.page.goto(`${server.url}/#nonsense`);
      await tab.page.getByText('There is no such chat.').waitFor();
      await check('no such chat');
    },
    60_000,
  );

  test('[PAGE-25] tools, files and sources are told in a line, with more to unfold', async () => {
    await using server = await startScriptedServer(everything);
    await using tab = await openTab(page.browser, server.url);
    await tab.send('all');
    await isStatus(tab, 'completed');
    const tools = tab.page.locator('.tool');
    expect(await tools.locator('summary').allTextContents()).toEqual([
      'searchdone1.5 s',
      'searchfailed',
      'searchcut off: nobody knows whether it took effect',
    ]);
    expect(await tools.first().getByText('"words": "a"').isVisible()).toBe(false);
    await tools.first().locator('summary').click();
    await tools.first().getByText('"words": "a"').waitFor();
    await tools.nth(1).locator('summary').click();
    await tools.nth(1).getByText('it broke').waitFor();
    await tools.last().locator('summary').click();
    await tools.last().getByText('It may have done its work or not.').waitFor();
    await tab.page.getByText('application/pdf, 2.5 KB').waitFor();
    expect(await tab.page.getByRole('link', { name: 'A source' }).getAttribute('href')).toBe(
      'https://example.org/source',
    );
    await tab.page.locator('.foot').getByText('openai:gpt-5-mini').waitFor();
    await tab.page.locator('.foot').getByText('34 tokens').waitFor();
  });

  test('[PAGE-30] everything is reached with the keyboard, and the shortcuts are listed', async () => {
    page.answer(() => ['by keys']);
    await using tab = await page.open();
    await tab.page.getByText('Chat with').waitFor();
    await tab.page.keyboard.press('Control+/');
    const dialog = tab.page.getByRole('dialog', { name: 'Keyboard shortcuts' });
    for (const key of ['Ctrl+Shift+O', 'Ctrl+K', 'Escape']) await dialog.getByText(key, { exact: true }).waitFor();
    await tab.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });

    await tab.page.getByRole('button', { name: 'What can you do?' }).press('Enter');
    await says(tab, 'by keys');
    await tab.page.keyboard.press('Control+Shift+O');
    await expect.poll(() => tab.composer.evaluate((field) => field === document.activeElement), patience).toBe(true);
    expect(new URL(tab.page.url()).hash).toBe('');

    await tab.page.getByRole('button', { name: 'Skip the list of chats' }).press('Enter');
    expect(await tab.page.evaluate(() => document.activeElement?.tagName)).toBe('MAIN');
  });

  test('[PAGE-34] a text in the making stays with its chat', async () => {
    const [first, second] = [await page.chatOf([], 'first'), await page.chatOf([], 'second')];
    await using tab = await page.open({ chatId: first });
    await tab.composer.fill('for the first');
    const show = (title: string) => tab.page.getByRole('navigation').getByRole('link', { name: title }).click();
    await show('second');
    await expect.poll(() => tab.composer.inputValue(), patience).toBe('');
    await tab.composer.fill('for the second');
    await show('first');
    await expect.poll(() => tab.composer.inputValue(), patience).toBe('for the first');
    await tab.page.goto(`${page.url}/#${second}`);
    await expect.poll(() => tab.composer.inputValue(), patience).toBe('for the second');
  });
});
