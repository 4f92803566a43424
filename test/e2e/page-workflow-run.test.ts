import { describe, expect, test } from 'vitest';
import type { ChatHandler, HandlerEvent } from '../../server/handlers/handler.ts';
import { newId } from '../../shared/new-id.ts';
import { noBrowser } from '../helpers/browser.ts';
import type { Tab } from '../helpers/browser.ts';
import { violations } from '../helpers/browser-axe.ts';
import { isStatus, pageUnderTest, patience } from '../helpers/browser-page.ts';
import { gate } from '../helpers/scripted-server.ts';
import { workflowId } from '../helpers/store-chat.ts';

/** The nodes of the seeded workflow. */
const titles = { start: 'Start', summary: 'Summary', closing: 'Closing line', end: 'End' } as const;
type NodeId = keyof typeof titles;

const started = (nodeId: NodeId, inputs?: Record<string, unknown>): HandlerEvent => ({
  type: 'node.started',
  nodeId,
  title: titles[nodeId],
  ...(inputs && { inputs }),
});
const finished = (nodeId: NodeId, fields: object = {}): HandlerEvent => ({
  type: 'node.finished',
  nodeId,
  title: titles[nodeId],
  durationMs: 1_500,
  ...fields,
});

const panelOf = (tab: Tab) => tab.page.getByRole('region', { name: 'Steps of this answer' });
const stepOf = (tab: Tab, nodeId: NodeId) => panelOf(tab).locator(`.step[data-node=${nodeId}]`);
const looksOf = (tab: Tab) =>
  panelOf(tab)
    .locator('.step')
    .evaluateAll((steps) => steps.map((step) => `${step.getAttribute('data-node')} ${step.getAttribute('data-look')}`));
const drawnLooks = (tab: Tab) =>
  panelOf(tab)
    .locator('.graph-node')
    .evaluateAll((nodes) => nodes.map((node) => node.getAttribute('data-look')));
async function isAt(tab: Tab, looks: readonly string[]): Promise<void> {
  await expect.poll(() => looksOf(tab), patience).toEqual(looks);
}

describe.skipIf(noBrowser)('a workflow on the page', () => {
  let work: ChatHandler['run'];
  const page = pageUnderTest({ handlers: { workflow: { run: (...given) => work(...given) } } });

  /** A chat with a workflow that does this, and is at it. */
  const chatDoing = (run: ChatHandler['run']) => {
    work = run;
    return page.withClient(async (client) => {
      const { id: chatId } = await client.create({ app: { kind: 'workflow', id: workflowId } });
      await client.send({ chatId, text: 'a long text' });
      return chatId;
    });
  };

  test('[PAGE-90] its nodes light up as they run, in the graph and in words, and a reload in the middle shows the same', async () => {
    const first = gate();
    const second = gate();
    const chatId = await chatDoing(async function* () {
      yield started('start');
      yield finished('start', { outputs: { message: 'a long text' } });
      yield started('summary', { prompt: 'Sum up' });
      await first.passed;
      yield { type: 'text', text: 'It is short.' };
      yield finished('summary');
      yield started('closing');
      await second.passed;
      yield finished('closing');
      yield started('end');
      yield finished('end');
    });
    await using tab = await page.open({ chatId });
    const middle = ['start finished', 'summary running', 'closing waiting', 'end waiting'];
    await isAt(tab, middle);
    await panelOf(tab).locator('.react-flow__edge').first().waitFor({ state: 'attached' });
    await expect.poll(() => drawnLooks(tab), patience).toEqual(['finished', 'running', 'waiting', 'waiting']);
    expect(await panelOf(tab).locator('[data-live=run]').textContent()).toBe('1 of 4 steps, at Summary');
    await tab.page.reload();
    await isAt(tab, middle);
    await expect.poll(() => drawnLooks(tab), patience).toEqual(['finished', 'running', 'waiting', 'waiting']);
    await stepOf(tab, 'start').locator('summary').press('Enter');
    await stepOf(tab, 'start').getByText('"message": "a long text"').waitFor();
    first.open();
    await isAt(tab, ['start finished', 'summary finished', 'closing running', 'end waiting']);
    second.open();
    await isStatus(tab, 'completed');
    await isAt(tab, ['start finished', 'summary finished', 'closing finished', 'end finished']);
    expect(await stepOf(tab, 'summary').textContent()).toContain('done · 1.5 s');
    expect(await panelOf(tab).locator('[data-live=run]').textContent()).toBe('4 of 4 steps, completed');
  });

  test('[PAGE-91] a node that waits for a person says so, one that fails with why, and one that is left out that it was not needed', async () => {
    const chatId = await chatDoing(async function* ({ resumed }) {
      if (resumed === null) {
        yield started('start');
        yield finished('start');
        yield started('summary');
        yield { type: 'ask', input: { id: newId(), kind: 'choice', prompt: 'Go on?', schema: { enum: ['yes'] } } };
        return;
      }
      yield finished('summary', { error: { code: 'MODEL_UNAVAILABLE', message: 'the model is on strike' } });
      throw new Error('the test wants it to fail');
    });
    await using tab = await page.open({ chatId });
    await isAt(tab, ['start finished', 'summary asking', 'closing waiting', 'end waiting']);
    await stepOf(tab, 'summary').getByText('waits for you').waitFor();
    await tab.page.getByRole('button', { name: 'yes' }).click();
    await isStatus(tab, 'failed');
    await isAt(tab, ['start finished', 'summary failed', 'closing skipped', 'end skipped']);
    await stepOf(tab, 'summary').locator('summary').click();
    await stepOf(tab, 'summary').getByText('the model is on strike').waitFor();
    expect(await stepOf(tab, 'closing').textContent()).toContain('not needed');
  });

  test.each([
    ['desktop', 'light', 1280],
    ['phone', 'dark', 390],
  ] as const)(
    '[PAGE-31] axe finds nothing wrong with the steps of a workflow (%s, %s)',
    async (_, colorScheme, width) => {
      const hold = gate();
      const chatId = await chatDoing(async function* () {
        yield started('start', { message: 'a long text' });
        yield finished('start', { outputs: { message: 'a long text' } });
        yield finished('summary', { error: { code: 'MODEL_UNAVAILABLE', message: 'the model is on strike' } });
        yield started('closing');
        await hold.passed;
      });
      await using tab = await page.open({ chatId, colorScheme, viewport: { width, height: 844 } });
      const summary = panelOf(tab).locator('summary').first();
      await summary.waitFor();
      const isPhone = width < 700;
      expect(await panelOf(tab).locator('.step').count()).toBe(isPhone ? 0 : 4);
      if (isPhone) await summary.press('Enter');
      await stepOf(tab, 'start').locator('summary').press('Enter');
      await panelOf(tab).locator('.graph-node[data-look=failed]').waitFor();
      expect(await violations(tab.page)).toEqual([]);
      expect(await tab.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      hold.open();
      await isStatus(tab, 'completed');
    },
  );
});
