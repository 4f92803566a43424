import { describe, expect, test } from 'vitest';
import { textOf } from '../../client/web/workflows/definition-text.ts';
import { templates } from '../../client/web/workflows/templates.ts';
import type { WorkflowTemplate } from '../../client/web/workflows/templates.ts';
import { noBrowser } from '../helpers/browser.ts';
import type { Tab } from '../helpers/browser.ts';
import { violations } from '../helpers/browser-axe.ts';
import { isStatus, pageUnderTest, patience, says } from '../helpers/browser-page.ts';

function definitionOf(name: string): WorkflowTemplate['definition'] {
  const template = templates.find((candidate) => candidate.name === name);
  if (!template) throw new Error(`expected a template called ${name}, found none`);
  return template.definition;
}

describe.skipIf(noBrowser)('workflows of one’s own', () => {
  const page = pageUnderTest();

  const field = (tab: Tab, name: string) => tab.page.getByRole('textbox', { name, exact: true });
  const definition = (tab: Tab) => field(tab, 'Definition, as JSON');
  const item = (tab: Tab, name: string) =>
    tab.page.getByRole('list', { name: 'Your workflows' }).getByRole('listitem').filter({ hasText: name });
  const button = (tab: Tab, name: string) => tab.page.getByRole('button', { name, exact: true });
  const versions = (tab: Tab) => tab.page.getByRole('list', { name: 'Versions' }).getByRole('listitem');
  const status = (tab: Tab) => tab.page.locator('.problems [role=status]');
  const confirm = (tab: Tab, title: string, yes: string) =>
    tab.page.getByRole('dialog', { name: title }).getByRole('button', { name: yes }).click();
  const plain = definitionOf('One question to a model');
  const form = definitionOf('A form');
  const approval = definitionOf('A draft with approval');
  const made = (name: string, of: unknown = plain) =>
    page.withClient(({ api }) => api.workflow.create.mutate({ name, definition: of }));
  const isNoted = async (tab: Tab, words: string) =>
    await expect.poll(() => status(tab).textContent(), patience).toBe(words);

  test('[PAGE-92] one is made from a template, listed, and tried in a chat that no list shows', async () => {
    page.answer(() => ['Forty-two.']);
    await using tab = await page.open();
    await tab.page.getByRole('link', { name: 'Your workflows' }).click();
    await tab.page.getByText('You have made none yet.').waitFor();
    await tab.page.getByRole('region', { name: 'Published by others' }).getByText('Summarise').waitFor();
    await tab.page.getByRole('link', { name: 'New workflow' }).click();
    await button(tab, 'A form').click();
    await expect.poll(() => tab.page.locator('.graph-node-title').allTextContents(), patience).toContain('Your trip');
    await button(tab, 'One question to a model').click();
    await field(tab, 'Name').fill('Oracle');
    await isNoted(tab, 'No problems found.');
    await button(tab, 'Save').click();
    await button(tab, 'Save a new version').waitFor();
    await tab.page.getByRole('link', { name: 'Back' }).click();
    await item(tab, 'Oracle').getByRole('button', { name: 'Try it' }).click();
    await tab.send('What is the answer?');
    await isStatus(tab, 'completed');
    await says(tab, 'Forty-two.');
    const steps = tab.page.getByRole('region', { name: 'Steps of this answer' });
    await steps.getByText('3 of 3 steps').first().waitFor();
    // What went in and out is told to whoever made it.
    const answer = steps.locator('.step[data-node=answer]');
    await answer.locator('summary').press('Enter');
    await answer.getByText('"output": "Forty-two."').waitFor();
    await answer.getByText('"prompt": "What is the answer?"').waitFor();
    expect(await tab.page.locator('.entry').filter({ hasText: 'What is the answer?' }).count()).toBe(0);
  });

  test('[PAGE-93] each save is a version, an earlier one comes back into the editor, and what was changed elsewhere is not overwritten', async () => {
    const { id } = await made('Versions');
    await using tab = await page.open({ chatId: `/workflows/${id}` });
    const before = await definition(tab).inputValue();
    expect(before).toBe(textOf(plain));
    await definition(tab).fill(before.replace('Answer in the language', 'ANSWER IN THE LANGUAGE'));
    await button(tab, 'Try it as it was saved').waitFor();
    await button(tab, 'Save a new version').click();
    await button(tab, 'Restore version 1').waitFor();
    await button(tab, 'Restore version 1').click();
    await expect.poll(() => definition(tab).inputValue(), patience).toContain('Answer in the language');
    await page.withClient(({ api }) => api.workflow.update.mutate({ workflowId: id, name: 'Elsewhere' }));
    await button(tab, 'Save a new version').click();
    await tab.page.getByRole('alert').getByText('version 3 was saved elsewhere meanwhile').waitFor();
    expect(await definition(tab).inputValue()).toContain('Answer in the language');
    // It can be looked at, and undone; whoever saves after all makes the version after it.
    await button(tab, 'Restore version 3').click();
    await expect.poll(() => definition(tab).inputValue(), patience).toContain('ANSWER IN THE LANGUAGE');
    await tab.page.keyboard.press('ControlOrMeta+z');
    await expect.poll(() => definition(tab).inputValue(), patience).toContain('Answer in the language');
    await button(tab, 'Save a new version').click();
    await button(tab, 'Restore version 3').waitFor();
    await expect.poll(() => versions(tab).first().textContent(), patience).toContain('Version 4');
    expect(await tab.page.getByRole('alert').textContent()).toBe('');
  });

  test('[PAGE-93] publishing, taking back and deleting ask first', async () => {
    await made('Public');
    await using tab = await page.open({ chatId: '/workflows' });
    await item(tab, 'Public').getByRole('button', { name: 'Publish' }).click();
    await confirm(tab, 'Publish this workflow?', 'Publish');
    await item(tab, 'Public').getByText('published').waitFor();
    await item(tab, 'Public').getByRole('button', { name: 'Take back' }).click();
    await confirm(tab, 'Take this workflow back?', 'Take back');
    await item(tab, 'Public').getByRole('button', { name: 'Publish' }).waitFor();
    await item(tab, 'Public').getByRole('button', { name: 'Delete' }).click();
    await confirm(tab, 'Delete this workflow?', 'Delete');
    await expect.poll(() => item(tab, 'Public').count(), patience).toBe(0);
  });

  test('[PAGE-45] what a published workflow says before the first message stands over a new chat, with its questions', async () => {
    page.answer(() => ['Soon.']);
    const [start, ...nodes] = plain.nodes;
    const guide = { guideWord: 'Ask me when', guideQuestions: ['When is it?'] };
    const { id } = await made('Guide', { ...plain, nodes: [{ ...start, ...guide }, ...nodes] });
    await page.withClient(({ api }) => api.workflow.publish.mutate({ workflowId: id }));
    await using tab = await page.open();
    await tab.page.getByRole('radio', { name: /^Guide/ }).check();
    await tab.page.getByRole('heading', { name: 'Ask me when' }).waitFor();
    await button(tab, 'When is it?').click();
    await isStatus(tab, 'completed');
    expect(await tab.messages.first().textContent()).toContain('When is it?');
    // Others would have it among theirs from now on.
    await page.withClient(({ api }) => api.workflow.unpublish.mutate({ workflowId: id }));
  });

  test('[PAGE-94] what is wrong stands at its line, in the drawing and in words, and goes when it is put right', async () => {
    await using tab = await page.open({ chatId: '/workflows/new' });
    await isNoted(tab, 'No problems found.');
    const right = textOf(plain);
    const wrong = right.replace('{{start.message}}', '{{nobody.message}}');
    const line = wrong.split('\n').findIndex((text) => text.includes('nobody')) + 1;
    await definition(tab).fill(wrong);
    const mark = tab.page.locator('.json-mark');
    await expect.poll(() => mark.getAttribute('data-line'), patience).toBe(String(line));
    expect(await mark.textContent()).toContain('nobody');
    expect(await tab.page.locator('.json-gutter [data-wrong]').allTextContents()).toEqual([String(line)]);
    const box = await mark.boundingBox();
    const number = await tab.page.locator('.json-gutter [data-wrong]').boundingBox();
    expect(Math.abs((box?.y ?? 0) - (number?.y ?? 100))).toBeLessThan(2);
    await tab.page.locator('.graph-node[data-look=wrong]').getByText('Answer').waitFor();
    expect(await definition(tab).getAttribute('aria-invalid')).toBe('true');
    await tab.page
      .getByRole('list', { name: 'Problems' })
      .getByRole('button', { name: `Line ${line}` })
      .press('Enter');
    const selected = () =>
      definition(tab).evaluate((element) => {
        const { value, selectionStart, selectionEnd } = element as HTMLTextAreaElement;
        return document.activeElement === element ? value.slice(selectionStart, selectionEnd) : null;
      });
    expect(await selected()).toContain('{{nobody.message}}');
    await definition(tab).fill(`${right.slice(0, -1)},`);
    const last = right.split('\n').length;
    await tab.page.getByRole('list', { name: 'Problems' }).getByText('This is no JSON').waitFor();
    expect(await mark.getAttribute('data-line')).toBe(String(last));
    // Nothing is sent that cannot be read.
    await field(tab, 'Name').fill('Broken');
    await button(tab, 'Save').click();
    expect(await selected()).toBe(',');
    await definition(tab).fill(right);
    await isNoted(tab, 'No problems found.');
    expect(await mark.count()).toBe(0);
  });

  test('[PAGE-95] a form and a choice are gone through with the keyboard alone, while the nodes light up', async () => {
    const nodes = [...form.nodes.slice(0, -1), ...approval.nodes.slice(2, -1), form.nodes.at(-1)];
    const edges = [
      { from: 'start', to: 'trip' },
      { from: 'trip', to: 'reply' },
      { from: 'reply', to: 'review' },
      { from: 'review', to: 'done', branch: 'yes' },
      { from: 'review', to: 'trip', branch: 'again' },
      { from: 'done', to: 'end' },
    ];
    const { id } = await made('Booking', { nodes, edges });
    const chatId = await page.withClient(async (client) => {
      const chat = await client.create({ app: { kind: 'workflow', id } });
      return chat.id;
    });
    await using tab = await page.open({ chatId });
    const looks = () =>
      tab.page.locator('.graph-node').evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-look')));
    const panel = (name: string) => tab.page.getByRole('region', { name });
    const { keyboard } = tab.page;
    await tab.send('I want to travel');
    await panel('Where do you want to go?').waitFor();
    await expect.poll(looks, patience).toEqual(['finished', 'asking', 'waiting', 'waiting', 'waiting', 'waiting']);
    await tab.page.reload();
    await panel('Where do you want to go?').waitFor();
    await expect.poll(looks, patience).toEqual(['finished', 'asking', 'waiting', 'waiting', 'waiting', 'waiting']);
    const isFocused = () => panel('Where do you want to go?').evaluate((element) => element === document.activeElement);
    await expect.poll(isFocused, patience).toBe(true);
    for (const key of ['Tab', 'Oslo', 'Tab', '3', 'Tab', 'Summer', 'Tab', 'Tab', 'Enter'])
      await (/^(Tab|Enter)$/.test(key) ? keyboard.press(key) : keyboard.type(key));
    await panel('Review').waitFor();
    await expect.poll(looks, patience).toEqual(['finished', 'finished', 'finished', 'asking', 'waiting', 'waiting']);
    await panel('Review').getByRole('button', { name: 'Yes' }).press('Enter');
    await isStatus(tab, 'completed');
    await expect
      .poll(looks, patience)
      .toEqual(['finished', 'finished', 'finished', 'finished', 'finished', 'finished']);
    const [, answer] = await page.stored(tab);
    const said = answer?.parts.flatMap((part) => (part.type === 'text' ? part.text : [])).join(' ');
    expect(said).toContain('3 nights in Oslo, in Summer.');
    expect(said).toContain('It stays.');
  });

  test.each([
    ['desktop', 'light', 1280],
    ['phone', 'dark', 390],
  ] as const)('[PAGE-31] axe finds nothing wrong with workflows (%s, %s)', async (_, colorScheme, width) => {
    await made(`Of ${colorScheme}`);
    const look = { colorScheme, viewport: { width, height: 844 } };
    await using list = await page.open({ ...look, chatId: '/workflows' });
    await item(list, `Of ${colorScheme}`).waitFor();
    expect(await violations(list.page)).toEqual([]);
    expect(await list.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    await using editor = await page.open({ ...look, chatId: '/workflows/new' });
    await definition(editor).fill(textOf(plain).replace('{{start.message}}', '{{nobody.message}}'));
    await editor.page.locator('.json-mark').waitFor();
    await editor.page.locator('.graph-node').first().waitFor();
    expect(await violations(editor.page)).toEqual([]);
    expect(await editor.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
  });
});
