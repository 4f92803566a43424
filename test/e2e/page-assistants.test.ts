import { describe, expect, test } from 'vitest';
import type { Message } from '../../shared/message.ts';
import { noBrowser } from '../helpers/browser.ts';
import type { Tab } from '../helpers/browser.ts';
import { violations } from '../helpers/browser-axe.ts';
import { isStatus, pageUnderTest, patience, says } from '../helpers/browser-page.ts';

describe.skipIf(noBrowser)('assistants of one’s own', () => {
  const page = pageUnderTest();

  const field = (tab: Tab, name: string) => tab.page.getByRole('textbox', { name, exact: true });
  const item = (tab: Tab, name: string) =>
    tab.page.getByRole('list', { name: 'Your assistants' }).getByRole('listitem').filter({ hasText: name });
  const save = (tab: Tab) => tab.page.getByRole('button', { name: 'Save' }).click();
  const confirm = (tab: Tab, title: string, yes: string) =>
    tab.page.getByRole('dialog', { name: title }).getByRole('button', { name: yes }).click();
  const isAnswer = ({ role, status }: Message) => role === 'assistant' && status === 'completed';
  const made = (name: string) =>
    page.withClient(({ api }) => api.assistant.create.mutate({ name, prompt: 'Be short.', tools: [] }));

  test('[PAGE-73] one is made with everything that the form has, changed, and tried in a chat that no list shows', async () => {
    page.answer(() => ['Arr']);
    await using tab = await page.open();
    await tab.page.getByRole('link', { name: 'Your assistants' }).click();
    await tab.page.getByText('You have made none yet.').waitFor();
    await tab.page.getByRole('link', { name: 'New assistant' }).click();
    await field(tab, 'Name').fill('Pirate');
    await field(tab, 'Description').fill('Talks like one');
    await field(tab, 'Prompt').fill('Talk like a pirate.');
    await field(tab, 'Temperature').fill('0.5');
    await field(tab, 'Avatar').fill('🏴‍☠️');
    await field(tab, 'Top-p').fill('0.9');
    await field(tab, 'Longest answer').fill('500');
    await field(tab, 'Steps').fill('3');
    await tab.page.getByRole('checkbox', { name: /calculator/i }).check();
    await tab.page.getByRole('combobox', { name: /asked before .*calculator/i }).selectOption('ask');
    await field(tab, 'Greeting').fill('Ahoy');
    await field(tab, 'Questions to start with').fill('Where is the rum?\n\nWhere is the ship?');
    await tab.page.getByRole('checkbox', { name: /Propose questions/ }).check();
    await save(tab);
    await item(tab, 'Pirate').getByText('🏴‍☠️').waitFor();
    const stored = () =>
      page.withClient(async ({ api }) => {
        const { assistants } = await api.assistant.list.query({ mine: true });
        const found = assistants.find(({ name }) => name.includes('Pirate'));
        return api.assistant.get.query({ assistantId: found?.id ?? '' });
      });
    expect(await stored()).toMatchObject({
      description: 'Talks like one',
      prompt: 'Talk like a pirate.',
      model: null,
      avatar: '🏴‍☠️',
      parameters: { temperature: 0.5, topP: 0.9, maxOutputTokens: 500 },
      limits: { steps: 3 },
      tools: [{ name: 'calculator', approval: true }],
      guideWord: 'Ahoy',
      guideQuestions: ['Where is the rum?', 'Where is the ship?'],
      followUps: true,
      published: false,
    });
    await tab.page.getByRole('link', { name: 'Edit Pirate' }).click();
    await expect.poll(() => field(tab, 'Questions to start with').inputValue(), patience).toContain('the ship?');
    await field(tab, 'Name').fill('Old Pirate');
    await save(tab);
    await item(tab, 'Old Pirate').waitFor();
    expect(await stored()).toMatchObject({
      name: 'Old Pirate',
      version: 2,
      avatar: '🏴‍☠️',
      parameters: { topP: 0.9, maxOutputTokens: 500 },
      tools: [{ approval: true }],
    });
    await tab.page.getByRole('link', { name: 'New chat' }).click();
    await tab.page.getByRole('radio', { name: /Old Pirate/ }).waitFor();
    await tab.page.getByRole('link', { name: 'Your assistants' }).click();
    await tab.page.getByRole('button', { name: 'Try it: Old Pirate' }).click();
    await tab.composer.waitFor();
    await tab.send('Who are you?');
    await says(tab, 'Arr');
    await isStatus(tab, 'completed');
    expect(await tab.page.locator('.entry').count()).toBe(0);
  });

  test('[PAGE-74] publishing, taking back and deleting ask first', async () => {
    await made('Judge');
    await using tab = await page.open();
    await tab.page.goto(`${page.url}/#/assistants`);
    await tab.page.getByRole('button', { name: 'Publish Judge' }).click();
    await tab.page.keyboard.press('Escape');
    await item(tab, 'Judge').waitFor();
    expect(await item(tab, 'Judge').getByText('published').count()).toBe(0);
    await tab.page.getByRole('button', { name: 'Publish Judge' }).click();
    await confirm(tab, 'Publish this assistant?', 'Publish');
    await item(tab, 'Judge').getByText('published').waitFor();
    await tab.page.getByRole('button', { name: 'Take back Judge' }).click();
    await confirm(tab, 'Take this assistant back?', 'Take back');
    await item(tab, 'Judge').getByText('published').waitFor({ state: 'detached' });
    await tab.page.getByRole('button', { name: 'Delete Judge' }).click();
    await confirm(tab, 'Delete this assistant?', 'Delete');
    await item(tab, 'Judge').waitFor({ state: 'detached' });
  });

  test('[PAGE-75] what the server refuses is told at its field, and what was written stays', async () => {
    const { id } = await made('Clerk');
    await using tab = await page.open();
    await tab.page.goto(`${page.url}/#/assistants/${id}`);
    await expect.poll(() => field(tab, 'Name').inputValue(), patience).toBe('Clerk');
    await field(tab, 'Temperature').fill('9');
    await field(tab, 'Avatar').fill('a word');
    await field(tab, 'Top-p').fill('2');
    await field(tab, 'Longest answer').fill('half');
    await save(tab);
    await tab.page.getByText('expected a number or nothing').waitFor();
    expect(await field(tab, 'Longest answer').getAttribute('aria-invalid')).toBe('true');
    await field(tab, 'Longest answer').fill('0');
    await field(tab, 'Steps').fill('100');
    await save(tab);
    await tab.page.getByRole('alert').getByText('see the fields that are marked').waitFor();
    for (const name of ['Avatar', 'Temperature', 'Top-p', 'Longest answer', 'Steps']) {
      expect(await field(tab, name).getAttribute('aria-invalid')).toBe('true');
      const about = (await field(tab, name).getAttribute('aria-describedby')) ?? '';
      expect(await tab.page.locator(`[id="${about}"] .problem`).textContent()).not.toBe('');
    }
    expect(await field(tab, 'Name').getAttribute('aria-invalid')).toBe('false');
    expect(await field(tab, 'Temperature').inputValue()).toBe('9');
    await expect
      .poll(() => field(tab, 'Avatar').evaluate((input) => input === document.activeElement), patience)
      .toBe(true);
    await page.withClient(({ api }) => api.assistant.update.mutate({ assistantId: id, name: 'Clerk elsewhere' }));
    for (const name of ['Avatar', 'Top-p', 'Longest answer']) await field(tab, name).fill('');
    await field(tab, 'Temperature').fill('');
    await field(tab, 'Steps').fill('');
    await save(tab);
    await tab.page.getByRole('alert').getByText('the newest version').waitFor();
    await page.withClient(({ api }) => api.assistant.delete.mutate({ assistantId: id }));
  });

  test('[PAGE-83] what people think of its answers is shown by version, with what they wrote', async () => {
    const { id } = await made('Judged');
    page.answer(() => ['an answer']);
    await page.withClient(async (client) => {
      const { id: chatId } = await client.create({ app: { kind: 'assistant', id } });
      for (let number = 1; number <= 22; number += 1) await client.send({ chatId, text: `question ${number}` });
      const answers = async () => (await client.api.chat.history.query({ chatId })).messages.filter(isAnswer);
      await expect.poll(async () => (await answers()).length, { ...patience, timeout: 30_000 }).toBe(22);
      for (const [index, { id: messageId }] of (await answers()).entries())
        await client.api.chat.feedback.mutate({
          chatId,
          messageId,
          rating: index < 3 ? 'dislike' : 'like',
          comment: `so <i>much</i> ${index}`,
        });
    });
    await using tab = await page.open();
    await tab.page.goto(`${page.url}/#/assistants`);
    const dialog = tab.page.getByRole('dialog', { name: 'Feedback on Judged' });
    const review = tab.page.getByRole('button', { name: 'Feedback on Judged' });
    await review.press('Enter');
    await dialog.getByText('so <i>much</i> 21').waitFor();
    const rows = await dialog
      .getByRole('row')
      .evaluateAll((all) => all.map((row) => [...row.children].map((cell) => cell.textContent)));
    expect(rows.slice(1)).toEqual([
      ['version 1', '19', '3', '22', '0'],
      ['All', '19', '3', '22', '0'],
    ]);
    expect(await dialog.getByRole('listitem').count()).toBe(20);
    expect(await violations(tab.page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Show more' }).click();
    await dialog.getByText('so <i>much</i> 0').waitFor();
    expect(await dialog.getByRole('listitem').count()).toBe(22);
    expect(await dialog.getByRole('listitem').last().textContent()).toContain('Bad answer, version 1');
    await tab.page.keyboard.press('Escape');
    await expect.poll(() => review.evaluate((button) => button === document.activeElement), patience).toBe(true);
    await page.withClient(({ api }) => api.assistant.delete.mutate({ assistantId: id }));
  }, 90_000);

  test.each([
    ['light', { width: 1280, height: 800 }],
    ['dark', { width: 390, height: 844 }],
  ] as const)('[PAGE-31] axe finds nothing wrong with assistants (%s)', async (colorScheme, viewport) => {
    const { id } = await made('Checked');
    await using tab = await page.open({ colorScheme, viewport });
    await tab.page.goto(`${page.url}/#/assistants`);
    await item(tab, 'Checked').waitFor();
    expect(await violations(tab.page)).toEqual([]);
    await tab.page.getByRole('button', { name: 'Delete Checked' }).click();
    expect(await violations(tab.page)).toEqual([]);
    await tab.page.keyboard.press('Escape');
    await tab.page.goto(`${page.url}/#/assistants/${id}`);
    await tab.page.getByRole('checkbox', { name: /calculator/i }).check();
    await field(tab, 'Temperature').fill('9');
    await save(tab);
    await tab.page.getByRole('alert').getByText('marked').waitFor();
    expect(await violations(tab.page)).toEqual([]);
    const widest = (): Promise<number> => tab.page.evaluate(() => document.documentElement.scrollWidth);
    expect(await widest()).toBe(viewport.width);
    await page.withClient(({ api }) => api.assistant.delete.mutate({ assistantId: id }));
  });
});
