import { readFile } from 'node:fs/promises';
import type { Locator } from 'playwright';
import { describe, expect, test } from 'vitest';
import { limits } from '../../shared/limits.ts';
import { noBrowser, openTab } from '../helpers/browser.ts';
import type { Tab } from '../helpers/browser.ts';
import { violations } from '../helpers/browser-axe.ts';
import { isStatus, pageUnderTest, patience, says } from '../helpers/browser-page.ts';
import { images } from '../helpers/images.ts';

const png = images['image/png'];

describe.skipIf(noBrowser)('files on the page', () => {
  const page = pageUnderTest({ imageModels: ['openai:double'] });

  const attached = (tab: Tab): Locator => tab.page.getByRole('list', { name: 'Attached files' }).getByRole('listitem');
  const choose = (tab: Tab, ...files: { name: string; mimeType: string; buffer: Buffer }[]) =>
    tab.page.locator('input[type=file]').setInputFiles(files);
  const send = (tab: Tab) => tab.page.getByRole('button', { name: 'Send' });
  /** As a person drops a file on the page, or pastes one into the field. */
  const give = (tab: Tab, how: 'drop' | 'paste', name: string, type: string, base64: string) =>
    tab.composer.evaluate(
      (field, { how, name, type, base64 }) => {
        const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
        const data = new DataTransfer();
        data.items.add(new File([bytes], name, { type }));
        const options = { bubbles: true, cancelable: true };
        if (how === 'paste') field.dispatchEvent(new ClipboardEvent('paste', { ...options, clipboardData: data }));
        else {
          document.body.dispatchEvent(new DragEvent('dragover', { ...options, dataTransfer: data }));
          document.body.dispatchEvent(new DragEvent('drop', { ...options, dataTransfer: data }));
        }
      },
      { how, name, type, base64 },
    );
  const isShown = async (image: Locator): Promise<void> => {
    const width = () => image.evaluate((one) => (one as HTMLImageElement).naturalWidth);
    await expect.poll(width, patience).toBe(1);
  };

  test('[PAGE-77] files are chosen, dropped and pasted, shown small, taken back, and go with the message, which shows them', async () => {
    page.answer(() => ['I see.']);
    await using tab = await page.open();
    await tab.page.getByRole('button', { name: 'Attach files' }).waitFor();
    await choose(tab, { name: 'cat.png', mimeType: 'image/png', buffer: png });
    await isShown(attached(tab).locator('img'));
    await give(tab, 'drop', 'notes.txt', 'text/plain', btoa('some notes'));
    await attached(tab).getByText('10 bytes').waitFor();
    await give(tab, 'paste', 'pasted.png', 'image/png', png.toString('base64'));
    await expect.poll(() => attached(tab).locator('img').count(), patience).toBe(2);
    expect(await violations(tab.page)).toEqual([]);
    await tab.page.getByRole('button', { name: 'Remove pasted.png' }).press('Enter');
    await expect.poll(() => attached(tab).count(), patience).toBe(2);
    // What is in the making survives a reload.
    await tab.page.reload();
    await isShown(attached(tab).locator('img'));
    expect(await attached(tab).locator('.file-name').allTextContents()).toEqual(['cat.png', 'notes.txt']);
    await tab.send('What is this?');
    await isStatus(tab, 'completed');
    await says(tab, 'I see.');
    expect(await attached(tab).count()).toBe(0);
    const files = tab.page.getByRole('list', { name: 'Files' });
    await isShown(files.getByRole('img', { name: 'cat.png' }));
    const download = tab.page.waitForEvent('download');
    await files.getByRole('button', { name: 'Save notes.txt' }).press('Enter');
    const saved = await download;
    expect(saved.suggestedFilename()).toBe('notes.txt');
    expect(await readFile(await saved.path(), 'utf8')).toBe('some notes');
    expect(await violations(tab.page)).toEqual([]);
    const [message] = await page.stored(tab);
    expect(message?.parts).toMatchObject([
      { type: 'text', text: 'What is this?' },
      { type: 'file', name: 'cat.png', mediaType: 'image/png' },
      { type: 'file', name: 'notes.txt', mediaType: 'text/plain', size: 10 },
    ]);
    const asked = page.provider.requests.at(-1)?.text ?? '';
    expect(asked).toContain(`data:image/png;base64,${png.toString('base64')}`);
    expect(asked).toContain('some notes');
    await tab.page.reload();
    await isShown(files.getByRole('img', { name: 'cat.png' }));

    // Whoever reads along sees them too.
    const shareId = await page.withClient(async ({ api }) => {
      const chatId = new URL(tab.page.url()).hash.slice(1);
      return (await api.chat.share.mutate({ chatId })).shareId;
    });
    await using reader = await openTab(page.browser, `${page.url}/#/shared/${shareId}`);
    await isShown(reader.page.getByRole('img', { name: 'cat.png' }));
  });

  test('[PAGE-78] a file that cannot be uploaded says why in its place, and nothing is sent until it is tried again or taken back', async () => {
    page.answer(() => ['Fine.']);
    await using tab = await page.open();
    tab.expectProblems(/400|ERR_FAILED/);
    await choose(tab, { name: 'x.bin', mimeType: 'application/octet-stream', buffer: Buffer.from([0, 1, 2]) });
    await attached(tab).getByText('Not uploaded: file: expected text in UTF-8').waitFor();
    await tab.composer.fill('hello');
    expect(await send(tab).isDisabled()).toBe(true);
    expect(await violations(tab.page)).toEqual([]);
    await tab.page.getByRole('button', { name: 'Remove x.bin' }).click();
    expect(await send(tab).isDisabled()).toBe(false);
    const large = Buffer.alloc(limits.fileBytes + 1, 'a');
    await choose(tab, { name: 'large.txt', mimeType: 'text/plain', buffer: large });
    await attached(tab).getByText('at most 5.2 MB are taken').waitFor();
    await tab.page.getByRole('button', { name: 'Remove large.txt' }).click();
    // One whose way is cut off goes on when it is tried again.
    await tab.page.route('**/files?*', (route) => route.abort());
    await choose(tab, { name: 'late.txt', mimeType: 'text/plain', buffer: Buffer.from('late') });
    await attached(tab).getByText('the connection was lost').waitFor();
    await tab.page.unroute('**/files?*');
    await attached(tab).getByRole('button', { name: 'Try again' }).press('Enter');
    await attached(tab).getByText('4 bytes').waitFor();
    await tab.composer.fill('');
    await tab.composer.press('Enter');
    await isStatus(tab, 'completed');
    const [message] = await page.stored(tab);
    expect(message?.parts).toMatchObject([{ type: 'file', name: 'late.txt' }]);
  });
});
