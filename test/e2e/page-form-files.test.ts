import type { Locator } from 'playwright';
import { describe, expect, test } from 'vitest';
import { noBrowser } from '../helpers/browser.ts';
import type { Tab } from '../helpers/browser.ts';
import { violations } from '../helpers/browser-axe.ts';
import { isStatus, pageUnderTest, patience, says } from '../helpers/browser-page.ts';
import { definitionOf } from '../helpers/own-workflow.ts';

const papers = definitionOf(
  [
    { id: 'start', type: 'start' },
    {
      id: 'ask',
      type: 'input',
      mode: 'form',
      prompt: 'Which papers?',
      fields: [
        { key: 'papers', label: 'Papers', type: 'files' },
        { key: 'more', label: 'Pictures', type: 'files', required: false },
      ],
    },
    { id: 'say', type: 'output', text: '{{ask.papers.0.name}} says: {{ask.papers.0.text}}' },
    { id: 'end', type: 'end' },
  ],
  ['start > ask', 'ask > say', 'say > end'],
);

describe.skipIf(noBrowser)('a form with a field for files on the page', () => {
  const page = pageUnderTest();

  /** As a person does who has a keyboard only. */
  async function choose(tab: Tab, group: Locator, name: string, buffer: Buffer): Promise<void> {
    const chooser = tab.page.waitForEvent('filechooser');
    await group.getByRole('button', { name: /^Attach files: / }).press('Enter');
    await (await chooser).setFiles({ name, mimeType: 'text/plain', buffer });
  }

  test.each([
    ['desktop', 'light', 1280],
    ['phone', 'dark', 390],
  ] as const)(
    '[PAGE-96] [PAGE-99] uploads at the field, says there what is wrong, and the answered form shows the names (%s, %s)',
    async (_, colorScheme, width) => {
      const chatId = await page.withClient(async (client) => {
        const { id } = await client.api.workflow.create.mutate({ name: 'Papers', definition: papers });
        return (await client.create({ app: { kind: 'workflow', id } })).id;
      });
      await using tab = await page.open({ chatId, colorScheme, viewport: { width, height: 844 } });
      // The one that is not taken.
      tab.expectProblems(/400/);
      await tab.send('Read this');
      const panel = tab.page.getByRole('region', { name: 'Which papers?' });
      const group = panel.getByRole('group', { name: 'Papers (required)' });
      const answer = panel.getByRole('button', { name: 'Answer' });
      await answer.press('Enter');
      await group.getByRole('alert').getByText('Attach a file.').waitFor();
      await choose(tab, group, 'broken.txt', Buffer.from([0xff, 0xfe, 0x00, 0x80]));
      await group.getByText('Not uploaded:').waitFor();
      await answer.press('Enter');
      await group.getByText('Not every file is uploaded').waitFor();
      expect(await violations(tab.page)).toEqual([]);
      expect(await tab.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await group.getByRole('button', { name: 'Remove broken.txt' }).press('Enter');
      const attach = group.getByRole('button', { name: 'Attach files: Papers' });
      await expect.poll(() => attach.evaluate((element) => element === document.activeElement), patience).toBe(true);
      await choose(tab, group, 'notes.txt', Buffer.from('milk and tea'));
      await group.getByText('12 bytes').waitFor();
      // It is there after a reload too.
      await tab.page.reload();
      await group.getByText('12 bytes').waitFor();
      await answer.press('Enter');
      await isStatus(tab, 'completed');
      await says(tab, 'notes.txt says: milk and tea');
      const shown = tab.page.locator('.answered');
      await expect.poll(() => shown.textContent(), patience).toBe('papers: notes.txt');
      await tab.page.reload();
      await expect.poll(() => shown.textContent(), patience).toBe('papers: notes.txt');
    },
  );
});
