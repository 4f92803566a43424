import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { textOf } from '../../client/web/workflows/definition-text.ts';
import { templates } from '../../client/web/workflows/templates.ts';
import { noBrowser } from '../helpers/browser.ts';
import type { Tab } from '../helpers/browser.ts';
import { violations } from '../helpers/browser-axe.ts';
import { pageUnderTest, patience } from '../helpers/browser-page.ts';

const [plain, form] = templates.map(({ definition }) => definition);

describe.skipIf(noBrowser)('editing what is one’s own', () => {
  const page = pageUnderTest();

  const field = (tab: Tab, name: string) => tab.page.getByRole('textbox', { name, exact: true });
  const definition = (tab: Tab) => field(tab, 'Definition, as JSON');
  const written = (tab: Tab) => definition(tab).inputValue();
  const button = (tab: Tab, name: string) => tab.page.getByRole('button', { name, exact: true });
  const question = (tab: Tab) => tab.page.getByRole('dialog', { name: 'Leave without saving?' });
  const addressOf = (tab: Tab) => new URL(tab.page.url()).hash;
  const made = (name: string) => page.withClient(({ api }) => api.workflow.create.mutate({ name, definition: plain }));
  const caret = (tab: Tab) =>
    definition(tab).evaluate((element) => {
      const { value, selectionStart } = element as HTMLTextAreaElement;
      return value.slice(0, selectionStart);
    });

  test('[PAGE-97] whoever leaves a workflow that is changed is asked: by a link, the back button, a shortcut, and with the tab', async () => {
    const { id } = await made('Mine');
    await using tab = await page.open({ chatId: '/usage' });
    await tab.page.goto(`${page.url}/#/workflows/${id}`);
    await definition(tab).press('End');
    await definition(tab).pressSequentially(' ');
    const text = await written(tab);
    const stays = async () => {
      await question(tab).waitFor();
      await question(tab).getByRole('button', { name: 'Cancel' }).press('Enter');
      await question(tab).waitFor({ state: 'detached' });
      expect(await written(tab)).toBe(text);
      await expect.poll(() => addressOf(tab), patience).toBe(`#/workflows/${id}`);
    };
    await tab.page.getByRole('link', { name: 'Your assistants' }).click();
    await stays();
    await tab.page.keyboard.press('ControlOrMeta+Shift+O');
    await stays();
    await tab.page.evaluate(() => history.back());
    await stays();
    const asked = tab.page.waitForEvent('dialog');
    await tab.page.close({ runBeforeUnload: true });
    const dialog = await asked;
    expect(dialog.type()).toBe('beforeunload');
    await dialog.dismiss();
    await tab.page.getByRole('link', { name: 'Your assistants' }).click();
    await question(tab).getByRole('button', { name: 'Leave' }).click();
    await tab.page.getByRole('region', { name: 'Your assistants' }).waitFor();
    expect(addressOf(tab)).toBe('#/assistants');
    await tab.page.evaluate(() => history.back());
    await definition(tab).waitFor();
  });

  test('[PAGE-97] nobody is asked who has changed nothing, has taken it back or has saved it', async () => {
    const { id } = await made('Mine');
    await using tab = await page.open({ chatId: `/workflows/${id}` });
    const back = tab.page.getByRole('link', { name: 'Back' });
    await field(tab, 'Name').fill('Other');
    await field(tab, 'Name').fill('Mine');
    await back.click();
    await tab.page.getByRole('region', { name: 'Your workflows' }).waitFor();
    await tab.page.goBack();
    await field(tab, 'Name').fill('Other');
    await button(tab, 'Save a new version').click();
    await button(tab, 'Restore version 1').waitFor();
    await back.click();
    await tab.page.getByRole('list', { name: 'Your workflows' }).getByText('Other').waitFor();
    await tab.page.reload();
    expect(addressOf(tab)).toBe('#/workflows');
  });

  test('[PAGE-97] the same holds for an assistant', async () => {
    await using tab = await page.open({ chatId: '/assistants/new' });
    await field(tab, 'Name').fill('Half');
    await tab.page.getByRole('link', { name: 'Cancel' }).click();
    await question(tab).getByRole('button', { name: 'Cancel' }).click();
    expect(await field(tab, 'Name').inputValue()).toBe('Half');
    await field(tab, 'Name').press('ControlOrMeta+s');
    await tab.page.getByRole('list', { name: 'Your assistants' }).getByText('Half').waitFor();
  });

  test('[PAGE-98] the key that saves elsewhere saves a workflow, and the cursor stays where it is', async () => {
    const { id } = await made('Keys');
    await using tab = await page.open({ chatId: `/workflows/${id}` });
    const [first = ''] = textOf(plain).split('"title": "Start"');
    await definition(tab).evaluate((element, at) => {
      (element as HTMLTextAreaElement).focus();
      (element as HTMLTextAreaElement).setSelectionRange(at, at);
    }, first.length);
    await tab.page.keyboard.press('Enter');
    const room = /\n( *)[^\n]*$/.exec(first)?.[1] ?? '';
    await expect.poll(() => caret(tab), patience).toBe(`${first}\n${room}`);
    await tab.page.keyboard.insertText('"note": 1,');
    expect(await written(tab)).toContain('note');
    await tab.page.keyboard.press('ControlOrMeta+z');
    await expect.poll(() => written(tab), patience).not.toContain('note');
    // Of what is no JSON the line is shown; what is JSON is saved.
    await field(tab, 'Description').fill('new');
    await field(tab, 'Description').press('ControlOrMeta+s');
    await button(tab, 'Restore version 1').waitFor();
    const saved = await page.withClient(({ api }) => api.workflow.get.query({ workflowId: id }));
    expect([saved.version, saved.description]).toEqual([2, 'new']);
  });

  test('[PAGE-98] what a template or a file brings into the editor is undone with the key for it; a file is saved as one', async () => {
    await using tab = await page.open({ chatId: '/workflows/new' });
    await definition(tab).fill('{ "nodes": "mine" }');
    await button(tab, 'A form').click();
    await expect.poll(() => written(tab), patience).toBe(textOf(form));
    await tab.page.keyboard.press('ControlOrMeta+z');
    await expect.poll(() => written(tab), patience).toBe('{ "nodes": "mine" }');
    const open = async (name: string, buffer: Buffer) => {
      const chooser = tab.page.waitForEvent('filechooser');
      await button(tab, 'Open a file').press('Enter');
      await (await chooser).setFiles({ name, mimeType: 'application/json', buffer });
    };
    await open('huge.json', Buffer.alloc(2_000_000, ' '));
    await tab.page.getByRole('alert').getByText('huge.json has 2000000 bytes').waitFor();
    await open('flow.json', Buffer.from(textOf(plain)));
    await expect.poll(() => written(tab), patience).toBe(textOf(plain));
    await tab.page.keyboard.press('ControlOrMeta+z');
    await expect.poll(() => written(tab), patience).toBe('{ "nodes": "mine" }');
    await tab.page.keyboard.press('ControlOrMeta+Shift+z');
    await expect.poll(() => written(tab), patience).toBe(textOf(plain));
    await field(tab, 'Name').fill('Mine');
    const download = tab.page.waitForEvent('download');
    await button(tab, 'Save as a file').press('Enter');
    const file = await download;
    expect(file.suggestedFilename()).toBe('Mine.json');
    expect(await readFile(await file.path(), 'utf8')).toBe(textOf(plain));
  });

  test('[PAGE-94] a definition that is too large is told before it is sent', async () => {
    await using tab = await page.open({ chatId: '/workflows/new' });
    await definition(tab).fill(JSON.stringify({ nodes: ['x'.repeat(1_100_000)], edges: [] }));
    const told = tab.page.getByRole('list', { name: 'Problems' });
    await told.getByText('expected at most 524288 characters as JSON, got 1100025').waitFor();
    await field(tab, 'Name').fill('Large');
    await field(tab, 'Name').press('Enter');
    expect(await definition(tab).evaluate((element) => element === document.activeElement)).toBe(true);
  });

  test.each([
    ['desktop', 'light', 1280],
    ['phone', 'dark', 360],
  ] as const)(
    '[PAGE-31] axe finds nothing wrong with what asks before one leaves (%s, %s)',
    async (_, colorScheme, width) => {
      await using tab = await page.open({ chatId: '/workflows/new', colorScheme, viewport: { width, height: 740 } });
      await definition(tab).fill('{}');
      await tab.page.getByRole('link', { name: 'Cancel' }).click();
      await question(tab).waitFor();
      expect(await violations(tab.page)).toEqual([]);
      expect(await tab.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    },
  );
});
