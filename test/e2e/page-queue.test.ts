import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { createChatClient } from '../../client/index.ts';
import type { Tool } from '../../server/index.ts';
import { textOf } from '../../shared/message.ts';
import { noBrowser, openTab } from '../helpers/browser.ts';
import type { Tab } from '../helpers/browser.ts';
import { violations } from '../helpers/browser-axe.ts';
import { isStatus, pageUnderTest, patience, says } from '../helpers/browser-page.ts';
import type { ProviderRequest } from '../helpers/model-provider.ts';
import { gate } from '../helpers/scripted-server.ts';
import { insertAssistant, startToolServer } from '../helpers/tool-scene.ts';

const announced = (tab: Tab): Promise<string | null> => tab.page.locator('.announcements').textContent();

describe.skipIf(noBrowser)('the queue on the page', () => {
  const page = pageUnderTest();

  test('[PAGE-61] what waits is edited and moved with the keyboard, and is answered so', async () => {
    const spoken = page.dictate();
    await using tab = await page.open();
    await tab.send('first');
    spoken.say('busy');
    await says(tab, 'busy');
    const waiting = tab.page.locator('[data-status=queued]');
    const texts = () => waiting.locator('.text').allTextContents();
    for (const text of ['one', 'two', 'three']) await tab.send(text);
    await expect.poll(texts, patience).toEqual(['one', 'two', 'three']);

    const up = waiting.getByRole('button', { name: 'Move up' });
    await up.last().press('Enter');
    await expect.poll(texts, patience).toEqual(['one', 'three', 'two']);
    await expect.poll(() => announced(tab), patience).toBe('Now 2 of 3');
    // The button that was pressed is one further up now, and goes on from there.
    expect(await up.nth(1).evaluate((element) => element === document.activeElement)).toBe(true);
    await tab.page.keyboard.press('Enter');
    await expect.poll(texts, patience).toEqual(['three', 'one', 'two']);
    expect(await up.first().getAttribute('aria-disabled')).toBe('true');
    await waiting.nth(1).getByRole('button', { name: 'Move down' }).click();
    await expect.poll(texts, patience).toEqual(['three', 'two', 'one']);

    await waiting.first().getByRole('button', { name: 'Edit' }).click();
    const field = waiting.first().getByRole('textbox', { name: 'Waiting message' });
    await field.fill('3');
    await violations(tab.page).then((found) => expect(found).toEqual([]));
    await field.press('Enter');
    await expect.poll(texts, patience).toEqual(['3', 'two', 'one']);
    page.answer(({ text }) => [`to ${text}`]);
    spoken.end();
    await says(tab, 'to one');
    await isStatus(tab, 'completed');
    const asked = (await page.stored(tab)).filter(({ role }) => role === 'user');
    expect(asked.map(textOf)).toEqual(['first', '3', 'two', 'one']);
  });

  test('[PAGE-62] what is written for an answer that uses tools is taken up by it and shown in it; others offer no such thing', async () => {
    const looked = gate();
    const look: Tool = {
      name: 'look',
      description: 'Looks.',
      schema: z.object({}),
      readOnly: true,
      execute: async () => {
        await looked.passed;
        return 'seen';
      },
    };
    const model = ({ body }: ProviderRequest) =>
      JSON.stringify(body.messages).includes('tool_call_id') ? ['Seen.'] : [{ call: 'look', args: {} }];
    await using server = await startToolServer(model, { tools: [look] });
    const client = createChatClient({ url: server.url });
    const id = await insertAssistant(server.db, { tools: [{ name: 'look' }] });
    const chat = await client.create({ app: { kind: 'assistant', id } });
    await client.close();
    await using tab = await openTab(page.browser, `${server.url}/#${chat.id}`);
    const choice = tab.page.getByRole('checkbox', { name: 'Add to this answer' });
    await tab.send('look');
    await tab.page.locator('.tool[data-state=running]').waitFor();
    expect(await choice.isChecked()).toBe(false);
    await choice.check();
    await tab.send('and <b>listen</b>');
    await tab.page.locator('[data-status=queued]').getByText('Will be added to this answer').waitFor();
    expect(await violations(tab.page)).toEqual([]);
    looked.open();
    await isStatus(tab, 'completed');
    const added = tab.page.locator('[data-role=assistant] .aside-part');
    expect(await added.textContent()).toBe('You added:and <b>listen</b>');
    expect(await tab.messages.count()).toBe(2);
    expect(await choice.count()).toBe(0);

    const spoken = page.dictate();
    await using plain = await page.open();
    await plain.send('without tools');
    spoken.say('So');
    await says(plain, 'So');
    expect(await plain.page.getByRole('checkbox').count()).toBe(0);
    spoken.end();
    await isStatus(plain, 'completed');
  });
});
