import { describe, expect, test } from 'vitest';
import { noBrowser } from '../helpers/browser.ts';
import { violations } from '../helpers/browser-axe.ts';
import { pageUnderTest, patience } from '../helpers/browser-page.ts';

describe.skipIf(noBrowser)('what to ask next', () => {
  const page = pageUnderTest();

  test('[PAGE-76] is under the newest answer of an assistant that suggests it, and is asked with a click', async () => {
    page.answer(({ body }) =>
      String(body.messages[0]?.content).startsWith('Suggest') ? ['Why is that?\nAnd <i>then</i>?'] : ['An answer.'],
    );
    const chatId = await page.withClient(async (client) => {
      const { id } = await client.api.assistant.create.mutate({ name: 'Suggests', followUps: true });
      const chat = await client.create({ app: { kind: 'assistant', id } });
      await client.send({ chatId: chat.id, text: 'ask' });
      return chat.id;
    });
    await using tab = await page.open({ chatId });
    const list = tab.page.getByRole('list', { name: 'What to ask next' });
    await list.getByRole('button', { name: 'And <i>then</i>?' }).waitFor();
    expect(await violations(tab.page)).toEqual([]);
    await list.getByRole('button', { name: 'Why is that?' }).press('Enter');
    await tab.messages.getByText('Why is that?', { exact: true }).waitFor();
    await expect.poll(() => list.count(), patience).toBe(1);
    expect((await page.stored(tab)).map(({ role }) => role)).toEqual(['user', 'assistant', 'user', 'assistant']);
  });
});
