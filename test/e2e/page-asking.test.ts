import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { expectAnswer } from '../../server/handlers/expect-answer.ts';
import type { ChatHandler } from '../../server/handlers/handler.ts';
import type { Tool } from '../../server/index.ts';
import { newId } from '../../shared/new-id.ts';
import type { Question } from '../../shared/run.ts';
import { createChatClient } from '../../client/index.ts';
import { noBrowser, openTab } from '../helpers/browser.ts';
import type { Tab } from '../helpers/browser.ts';
import { violations } from '../helpers/browser-axe.ts';
import { isStatus, pageUnderTest, patience, says } from '../helpers/browser-page.ts';
import type { ProviderRequest } from '../helpers/model-provider.ts';
import { startScriptedServer } from '../helpers/scripted-server.ts';
import { startTcpProxy } from '../helpers/tcp-proxy.ts';
import { insertAssistant, startToolServer } from '../helpers/tool-scene.ts';
import type { ToolServer } from '../helpers/tool-scene.ts';

const booked: unknown[] = [];
const book: Tool = {
  name: 'book',
  description: 'Books a table.',
  schema: z.object({ seats: z.number() }),
  readOnly: false,
  approval: true,
  execute: (input) => {
    booked.push(input);
    return 'booked';
  },
};

/** Wants a table booked, and says what came of it once it knows. */
function model({ body }: ProviderRequest) {
  const isLater = /tool_call_id/.test(JSON.stringify(body.messages.at(-1)));
  return isLater ? ['All settled.'] : ['One moment. ', { call: 'book', args: { seats: 4, note: '<b>window</b>' } }];
}

/** A chat in which a call waits for a person. */
async function waitingCall(server: ToolServer): Promise<string> {
  booked.length = 0;
  const id = await insertAssistant(server.db, { tools: [{ name: 'book' }] });
  const client = createChatClient({ url: server.url });
  try {
    const chat = await client.create({ app: { kind: 'assistant', id } });
    await client.send({ chatId: chat.id, text: 'a table, please' });
    return chat.id;
  } finally {
    await client.close();
  }
}

const panelOf = (tab: Tab, name = 'May book be called?') => tab.page.getByRole('region', { name });
const announced = (tab: Tab): Promise<string | null> => tab.page.locator('.announcements').textContent();

/** Asks what the test says, then says the answer. */
const asks = (question: Omit<Question, 'id'>): ChatHandler['run'] =>
  async function* ({ resumed }) {
    const last = resumed?.answers.at(-1);
    if (last) yield { type: 'text', text: JSON.stringify(expectAnswer(last)) };
    else yield { type: 'ask', input: { id: newId(), ...question } };
  };

describe.skipIf(noBrowser)('questions on the page', () => {
  const page = pageUnderTest();

  test('[PAGE-50] a call waits for leave, with its arguments, until it is approved; the focus goes there and comes back', async () => {
    await using server = await startToolServer(model, { tools: [book] });
    await using tab = await openTab(page.browser, `${server.url}/#${await waitingCall(server)}`);
    const panel = panelOf(tab);
    await panel.waitFor();
    await tab.page.locator('.tool[data-state=waiting]').getByText('waits for your leave').waitFor();
    await expect.poll(() => panel.evaluate((element) => element === document.activeElement), patience).toBe(true);
    await panel.getByText('Open until').waitFor();
    const given = await panel.getByRole('textbox', { name: 'Arguments, as JSON' }).inputValue();
    expect(JSON.parse(given)).toEqual({ seats: 4, note: '<b>window</b>' });
    expect(booked).toEqual([]);
    await panel.getByRole('button', { name: 'Approve' }).press('Enter');
    await isStatus(tab, 'completed');
    expect(booked).toEqual([{ seats: 4 }]);
    await tab.page.locator('.tool[data-state=done]').waitFor();
    expect(await panel.count()).toBe(0);
    await expect.poll(() => tab.composer.evaluate((field) => field === document.activeElement), patience).toBe(true);
  });

  test('[PAGE-51] arguments that are no JSON are refused in place; changed ones are what the tool is called with', async () => {
    await using server = await startToolServer(model, { tools: [book] });
    await using tab = await openTab(page.browser, `${server.url}/#${await waitingCall(server)}`);
    const panel = panelOf(tab);
    const field = panel.getByRole('textbox', { name: 'Arguments, as JSON' });
    await field.fill('{ "seats": ');
    await panel.getByRole('button', { name: 'Approve' }).click();
    await panel.getByRole('alert').getByText('This is no JSON').waitFor();
    expect(await field.getAttribute('aria-invalid')).toBe('true');
    // It leaves the field, and stops nothing.
    await field.press('Escape');
    expect(await panel.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(booked).toEqual([]);
    await field.fill('{ "seats": 7 }');
    await panel.getByRole('button', { name: 'Approve' }).click();
    await isStatus(tab, 'completed');
    expect(booked).toEqual([{ seats: 7 }]);
  });

  test('[PAGE-52] a call that is denied is not made, and says so with the reason', async () => {
    await using server = await startToolServer(model, { tools: [book] });
    await using tab = await openTab(page.browser, `${server.url}/#${await waitingCall(server)}`);
    await panelOf(tab).getByRole('textbox', { name: 'Reason' }).fill('too many seats');
    await panelOf(tab).getByRole('button', { name: 'Deny' }).click();
    await isStatus(tab, 'completed');
    const denied = tab.page.locator('.tool[data-state=denied]');
    await denied.getByText('not allowed').waitFor();
    await denied.locator('summary').click();
    await denied.getByText('too many seats').waitFor();
    expect(booked).toEqual([]);
  });

  test('[PAGE-53] whoever answers too late is told who was first', async () => {
    await using server = await startToolServer(model, { tools: [book] });
    const chatId = await waitingCall(server);
    await using proxy = await startTcpProxy(server.url);
    await using late = await openTab(page.browser, `${proxy.url}/#${chatId}`);
    late.expectProblems(/WebSocket connection to .* failed/);
    await using first = await openTab(page.browser, `${server.url}/#${chatId}`);
    await Promise.all([panelOf(late).waitFor(), panelOf(first).waitFor()]);
    proxy.pause();
    await panelOf(late).getByRole('button', { name: 'Deny' }).click();
    await panelOf(first).getByRole('button', { name: 'Approve' }).click();
    await isStatus(first, 'completed');
    proxy.resume();
    proxy.cutAll();
    await expect
      .poll(() => announced(late), patience)
      .toBe('Too late: local has answered in another window, and that counts');
    await isStatus(late, 'completed');
    expect(booked).toEqual([{ seats: 4 }]);
  });

  test('[PAGE-54] a choice is made with a button for each value', async () => {
    const question = { kind: 'choice', prompt: 'Which way?', schema: { enum: ['left', 'right', 3] } } as const;
    await using server = await startScriptedServer(asks(question));
    await using tab = await openTab(page.browser, server.url);
    await tab.send('go');
    const panel = panelOf(tab, 'Which way?');
    await panel.waitFor();
    expect(await panel.getByRole('button').allTextContents()).toEqual(['left', 'right', '3']);
    await panel.getByRole('button', { name: '3' }).click();
    await says(tab, '3');
    await isStatus(tab, 'completed');
  });

  test('[PAGE-54] where its values have titles these are on the buttons, and the value is the answer', async () => {
    const schema = {
      oneOf: [
        { const: 'yes', title: 'Publish it' },
        { const: 'no', title: 'Not yet' },
      ],
    };
    await using server = await startScriptedServer(asks({ kind: 'choice', prompt: 'Ready?', schema }));
    await using tab = await openTab(page.browser, server.url);
    await tab.send('go');
    const panel = panelOf(tab, 'Ready?');
    await panel.waitFor();
    expect(await panel.getByRole('button').allTextContents()).toEqual(['Publish it', 'Not yet']);
    await panel.getByRole('button', { name: 'Not yet' }).press('Enter');
    await says(tab, '"no"');
    await isStatus(tab, 'completed');
  });

  test('[PAGE-55] a question in words stands over the field, and what is written there is its answer', async () => {
    const question = { kind: 'text', prompt: 'What is your name?', schema: { type: 'string', minLength: 3 } } as const;
    await using server = await startScriptedServer(asks(question));
    await using tab = await openTab(page.browser, server.url);
    await tab.send('go');
    await tab.page.locator('.question-above').getByText('What is your name?').waitFor();
    expect(await tab.composer.getAttribute('placeholder')).toBe('Write the answer');
    await tab.send('X');
    await tab.page.getByRole('alert').getByText('Not sent:').waitFor();
    expect(await tab.composer.inputValue()).toBe('X');
    await tab.send('Ada');
    await says(tab, '"Ada"');
    await isStatus(tab, 'completed');
    expect(await tab.messages.count()).toBe(2);
    expect(await tab.composer.inputValue()).toBe('');
    expect(await tab.page.locator('.question-above').count()).toBe(0);
  });

  const form: Omit<Question, 'id'> = {
    kind: 'form',
    prompt: 'Where to?',
    schema: {
      type: 'object',
      properties: {
        city: { type: 'string', title: 'City', description: 'As on the map' },
        nights: { type: 'integer', maximum: 30 },
        price: { type: 'number' },
        breakfast: { type: 'boolean' },
        bed: { enum: ['soft', 'hard'] },
        guests: { type: 'array', items: { type: 'object' } },
        wishes: { type: 'array', items: { type: 'string' }, title: 'Wishes' },
        day: { type: 'string', format: 'date', title: 'Day' },
        extras: { type: 'array', items: { enum: ['parking', 'cot', 'towels'] }, maxItems: 2, title: 'Extras' },
      },
      required: ['city', 'nights'],
    },
  };

  test('[PAGE-56] a form has a field for each property, and shows at itself why it was refused', async () => {
    await using server = await startScriptedServer(asks(form));
    await using tab = await openTab(page.browser, server.url);
    await tab.send('go');
    const panel = panelOf(tab, 'Where to?');
    await panel.getByRole('textbox', { name: 'City (required)' }).fill('Oslo');
    await panel.getByRole('spinbutton', { name: 'nights (required)' }).fill('99');
    await panel.getByRole('checkbox', { name: 'breakfast' }).check();
    await panel.getByRole('combobox', { name: 'bed' }).selectOption('hard');
    await panel.getByRole('textbox', { name: 'Wishes, one on each line' }).fill('a quiet room\n\n late breakfast ');
    await panel.getByRole('textbox', { name: 'guests, as JSON' }).fill('[{ "name": "Ada" }');
    await panel.getByRole('button', { name: 'Answer' }).click();
    await panel.getByRole('alert').getByText('This is no JSON').waitFor();
    await panel.getByRole('textbox', { name: 'guests, as JSON' }).fill('[{ "name": "Ada" }]');
    await panel.getByLabel('Day').fill('2026-12-24');
    const extras = panel.getByRole('group', { name: 'Extras' });
    for (const name of ['towels', 'cot', 'parking']) await extras.getByRole('checkbox', { name }).check();
    await panel.getByRole('button', { name: 'Answer' }).click();
    // Each field says what is wrong with it, and the first one of them has the focus.
    await extras.getByRole('alert').getByText('Not answered: Array has too many items').waitFor();
    const nights = panel.getByRole('spinbutton', { name: 'nights (required)' });
    expect(await nights.evaluate((field) => field === document.activeElement)).toBe(true);
    expect(await nights.getAttribute('aria-invalid')).toBe('true');
    const about = (await nights.getAttribute('aria-describedby')) ?? '';
    expect(await panel.locator(`[id="${about}"]`).textContent()).toBe('Not answered: 99 is greater than 30.');
    expect(await panel.getByRole('textbox', { name: 'City (required)' }).getAttribute('aria-invalid')).toBe('false');
    await extras.getByRole('checkbox', { name: 'cot' }).uncheck();
    await panel.getByRole('spinbutton', { name: 'nights (required)' }).fill('3');
    await panel.getByRole('button', { name: 'Answer' }).click();
    await isStatus(tab, 'completed');
    const wishes = ['a quiet room', 'late breakfast'];
    const answer = {
      city: 'Oslo',
      nights: 3,
      breakfast: true,
      bed: 'hard',
      guests: [{ name: 'Ada' }],
      wishes,
      day: '2026-12-24',
    };
    const extra = { extras: ['parking', 'towels'] };
    expect(JSON.parse(await tab.answer())).toEqual({ ...answer, ...extra });
  });

  test('[PAGE-99] what is written in a form survives a reload, with all of its lines, and goes once it is answered', async () => {
    await using server = await startScriptedServer(asks(form));
    await using tab = await openTab(page.browser, server.url);
    await tab.send('go');
    const panel = panelOf(tab, 'Where to?');
    const city = panel.getByRole('textbox', { name: 'City (required)' });
    await city.press('O');
    await city.press('Shift+Enter');
    await city.press('x');
    await panel.getByRole('group', { name: 'Extras' }).getByRole('checkbox', { name: 'cot' }).check();
    await panel.getByRole('combobox', { name: 'bed' }).selectOption('hard');
    await panel.getByLabel('Day').fill('2026-12-24');
    await tab.page.reload();
    await panel.getByRole('spinbutton', { name: 'nights (required)' }).fill('3');
    await city.press('Enter');
    await isStatus(tab, 'completed');
    const given = { city: 'O\nx', nights: 3, breakfast: false, bed: 'hard', day: '2026-12-24', extras: ['cot'] };
    expect(JSON.parse(await tab.answer())).toEqual(given);
    const kept = () => tab.page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith('answer:')));
    await expect.poll(kept, patience).toEqual([]);
  });

  test('[PAGE-100] a form that is longer than the screen is shown from its beginning, and stays where it is then', async () => {
    await using server = await startScriptedServer(asks(form));
    await using tab = await openTab(page.browser, server.url, { viewport: { width: 360, height: 640 } });
    await tab.send('go');
    const prompt = panelOf(tab, 'Where to?').getByText('Where to?');
    const isInView = () =>
      prompt.evaluate((element) => {
        const room = element.closest('.scroller')?.getBoundingClientRect();
        const { top, bottom } = element.getBoundingClientRect();
        return room !== undefined && top >= room.top && bottom <= room.bottom;
      });
    await prompt.waitFor();
    await expect.poll(isInView, patience).toBe(true);
    const last = panelOf(tab, 'Where to?').getByRole('textbox', { name: 'Wishes, one on each line' });
    await last.fill('one\ntwo\nthree\nfour');
    await last.press('End');
    await last.pressSequentially('\nfive\nsix');
    expect(await isInView()).toBe(false);
  });

  test('[PAGE-57] a question takes the focus from nobody who writes, and is told', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const question = { kind: 'choice', prompt: 'Which way?', schema: { enum: ['left'] } } as const;
    await using server = await startScriptedServer(async function* (run, options) {
      yield { type: 'text', text: 'Well. ' };
      await promise;
      yield* asks(question)(run, options);
    });
    await using tab = await openTab(page.browser, server.url);
    await tab.send('go');
    await says(tab, 'Well.');
    await tab.composer.fill('in the middle of');
    resolve();
    await panelOf(tab, 'Which way?').waitFor();
    await expect.poll(() => announced(tab), patience).toBe('Question: Which way?');
    expect(await tab.composer.evaluate((field) => field === document.activeElement)).toBe(true);
  });

  test.each([
    ['desktop', 'light', 1280],
    ['phone', 'dark', 390],
  ] as const)(
    '[PAGE-31] axe finds nothing wrong with questions (%s, %s)',
    async (_, colorScheme, width) => {
      const look = { colorScheme, viewport: { width, height: 844 } };
      await using server = await startToolServer(model, { tools: [book] });
      await using tab = await openTab(page.browser, `${server.url}/#${await waitingCall(server)}`, look);
      await panelOf(tab).getByRole('textbox', { name: 'Arguments, as JSON' }).fill('{');
      await panelOf(tab).getByRole('button', { name: 'Approve' }).click();
      await panelOf(tab).getByRole('alert').waitFor();
      expect(await violations(tab.page)).toEqual([]);
      expect(await tab.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      await using forms = await startScriptedServer(asks(form));
      await using other = await openTab(page.browser, forms.url, look);
      await other.send('go');
      await panelOf(other, 'Where to?').waitFor();
      expect(await violations(other.page)).toEqual([]);
      expect(await other.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    },
    60_000,
  );
});
