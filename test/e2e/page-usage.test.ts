import { describe, expect, test } from 'vitest';
import { noBrowser } from '../helpers/browser.ts';
import type { Tab } from '../helpers/browser.ts';
import { violations } from '../helpers/browser-axe.ts';
import { isStatus, pageUnderTest } from '../helpers/browser-page.ts';

const cells = (tab: Tab) =>
  tab.page
    .getByRole('table')
    .getByRole('row')
    .evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent)));
const today = () => new Date().toISOString().slice(0, 10);

describe.skipIf(noBrowser)('usage', () => {
  const page = pageUnderTest({ dailyTokens: 4_000 });

  test('[PAGE-80] by day and model, today against the budget, and of a chat in its menu', async () => {
    page.answer(() => ['yes', { usage: { input: 1_200, output: 34 } }]);
    const chatId = await page.chatOf(['one', 'two'], 'Dear');
    await using tab = await page.open({ chatId });
    await isStatus(tab, 'completed');
    await tab.page.locator('.about').getByRole('button', { name: 'Actions for Dear' }).press('Enter');
    await tab.page.getByRole('menuitem', { name: 'Usage' }).press('Enter');
    const dialog = tab.page.getByRole('dialog', { name: 'Usage of this chat' });
    await dialog.getByText('2,400').waitFor();
    expect(await dialog.locator('dd').allTextContents()).toEqual(['2', '2,400', '68']);
    expect(await violations(tab.page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Done' }).press('Enter');
    await dialog.waitFor({ state: 'detached' });

    await tab.page.getByRole('link', { name: 'Your usage' }).press('Enter');
    await tab.page.getByText('2,468 of 4,000 tokens are used or set aside').waitFor();
    const meter = tab.page.getByRole('meter', { name: /2,468 of 4,000/ });
    expect(await meter.evaluate((element) => (element as HTMLMeterElement).value)).toBe(2_468);
    expect(await cells(tab)).toEqual([
      ['Day', 'Model', 'Calls', 'Input', 'Output'],
      [today(), 'openai:double', '2', '2,400', '68'],
      ['All', '2', '2,400', '68'],
    ]);
    page.answer(() => ['yes', { usage: { input: 2_000, output: 10 } }]);
    await page.chatOf(['three']);
    await tab.page.getByRole('combobox', { name: 'Shown' }).selectOption('the last 7 days');
    await tab.page.getByText('4,478 of 4,000 tokens are used or set aside: no more answers until').waitFor();
    expect((await cells(tab)).at(-1)).toEqual(['All', '3', '4,400', '78']);
  });

  test.each([
    ['light', { width: 1280, height: 800 }],
    ['dark', { width: 390, height: 844 }],
  ] as const)('[PAGE-31] axe finds nothing wrong with usage (%s)', async (colorScheme, viewport) => {
    await using tab = await page.open({ colorScheme, viewport });
    await tab.page.goto(`${page.url}/#/usage`);
    await tab.page.getByRole('table').waitFor();
    expect(await violations(tab.page)).toEqual([]);
    expect(await tab.page.evaluate(() => document.documentElement.scrollWidth)).toBe(viewport.width);
  });
});

describe.skipIf(noBrowser)('usage without a budget', () => {
  const page = pageUnderTest();

  test('[PAGE-80] says that nothing was used, and what was used, with a mark where it is estimated', async () => {
    await using tab = await page.open();
    await tab.page.goto(`${page.url}/#/usage`);
    await tab.page.getByText('Nothing was used yet.').waitFor();
    await tab.page.getByText('Nothing was used in these days.').waitFor();
    page.answer(() => ['x'.repeat(4_000), { usage: null }]);
    await page.chatOf(['one']);
    await tab.page.getByRole('button', { name: 'Ask again' }).click();
    await tab.page.getByText('There is no daily budget.').waitFor();
    expect((await cells(tab)).at(-1)).toMatchObject({ 0: 'All', 3: '~1,000' });
  });
});
