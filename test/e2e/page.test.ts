import { describe, expect, test } from 'vitest';
import { textOf } from '../../shared/message.ts';
import { noBrowser } from '../helpers/browser.ts';
import { isStatus, pageUnderTest, patience, says } from '../helpers/browser-page.ts';

describe.skipIf(noBrowser)('a conversation on the page', () => {
  const page = pageUnderTest();

  test('[PAGE-1] a message shows at once and its answer grows while it is written', async () => {
    const spoken = page.dictate();
    await using tab = await page.open();
    await tab.send('How does a rainbow\ncome about?');
    await isStatus(tab, 'streaming');
    expect(await tab.messages.first().locator('.text').textContent()).toBe('How does a rainbow\ncome about?');
    spoken.say('Light ');
    await says(tab, 'Light');
    spoken.say('enters\n', 'a drop');
    await says(tab, 'Light enters\na drop');
    spoken.end();
    await isStatus(tab, 'completed');
    expect(await tab.answer()).toBe('Light enters\na drop');
    expect((await page.stored(tab)).map(textOf)).toEqual(['How does a rainbow\ncome about?', 'Light enters\na drop']);
  });

  test('[PAGE-2] a reload in the middle of an answer shows all of it and goes on to its end', async () => {
    const spoken = page.dictate();
    await using tab = await page.open();
    await tab.send('count');
    spoken.say('one two ');
    await says(tab, 'one two');
    await tab.page.reload();
    await says(tab, 'one two');
    await isStatus(tab, 'streaming');
    spoken.say('three');
    await says(tab, 'one two three');
    spoken.say(' four');
    spoken.end();
    await isStatus(tab, 'completed');
    expect(await tab.answer()).toBe('one two three four');
    expect((await page.stored(tab)).map(textOf)).toEqual(['count', 'one two three four']);
    expect(await tab.messages.count()).toBe(2);
  });

  test('[PAGE-3] stop keeps what was written, marked as stopped, and ends the request to the model', async () => {
    const spoken = page.dictate();
    await using tab = await page.open();
    const aborted = page.provider.aborted();
    await tab.send('go on for ever');
    spoken.say('for ever and');
    await says(tab, 'for ever and');
    await tab.page.getByRole('button', { name: 'Stop' }).click();
    await isStatus(tab, 'stopped');
    await tab.page.getByText('Stopped.', { exact: true }).waitFor();
    await tab.page.getByRole('button', { name: 'Stop' }).waitFor({ state: 'detached' });
    expect(await tab.answer()).toBe('for ever and');
    expect((await page.stored(tab)).at(-1)).toMatchObject({ status: 'stopped', parts: [{ text: 'for ever and' }] });
    await expect.poll(() => page.provider.aborted(), patience).toBe(aborted + 1);
  });

  test('[PAGE-4] two tabs of one chat show the same growing answer, whichever of them sent', async () => {
    const spoken = page.dictate();
    await using first = await page.open();
    await first.send('from the first');
    spoken.say('heard');
    await says(first, 'heard');
    await using second = await page.open({ chatId: new URL(first.page.url()).hash.slice(1) });
    await says(second, 'heard');
    spoken.say(' by both');
    await Promise.all([says(first, 'heard by both'), says(second, 'heard by both')]);
    spoken.end();
    await Promise.all([isStatus(first, 'completed'), isStatus(second, 'completed')]);

    const later = page.dictate();
    await second.send('from the second');
    later.say('again');
    await Promise.all([says(first, 'again'), says(second, 'again')]);
    later.end();
    await expect.poll(() => first.page.locator('[data-status=completed]').count(), patience).toBe(4);
    await expect.poll(() => second.page.locator('[data-status=completed]').count(), patience).toBe(4);
    expect(await first.messages.allTextContents()).toEqual(await second.messages.allTextContents());
  });

  test('[PAGE-5] a message sent while an answer is written waits visibly, and can be withdrawn', async () => {
    const spoken = page.dictate();
    await using tab = await page.open();
    await tab.send('first');
    spoken.say('busy');
    await says(tab, 'busy');
    await tab.send('second');
    await tab.send('third');
    const waiting = tab.page.locator('[data-status=queued]');
    await expect.poll(() => waiting.locator('.text').allTextContents(), patience).toEqual(['second', 'third']);
    await waiting.first().getByRole('button', { name: 'Withdraw' }).click();
    await expect.poll(() => waiting.locator('.text').allTextContents(), patience).toEqual(['third']);
    const next = page.dictate();
    next.say('done');
    next.end();
    spoken.end();
    await says(tab, 'done');
    await isStatus(tab, 'completed');
    expect((await page.stored(tab)).map(textOf)).toEqual(['first', 'busy', 'third', 'done']);
  });

  test('[PAGE-6] an answer that failed says why, and what came before it stays', async () => {
    const spoken = page.dictate();
    await using tab = await page.open();
    await tab.send('break');
    spoken.say('half of it');
    await says(tab, 'half of it');
    spoken.say({ end: 'reset' });
    await isStatus(tab, 'failed');
    expect(await tab.answer()).toBe('half of it');
    const { error } = (await page.stored(tab)).at(-1) ?? {};
    expect(error).toBeDefined();
    const trouble = tab.page.locator('[data-status=failed] .trouble');
    expect(await trouble.locator('.said').textContent()).toBe(`${error?.message} ${error?.code}`);
    expect(await trouble.textContent()).toContain('The answer broke off');
  });

  test('[PAGE-7] reasoning is folded away until it is asked for', async () => {
    const spoken = page.dictate();
    await using tab = await page.open();
    await tab.send('think');
    spoken.say({ reasoning: 'first the drops' }, 'the answer');
    await says(tab, 'the answer');
    const reasoning = tab.page.getByText('first the drops');
    expect(await reasoning.isVisible()).toBe(false);
    await tab.page.getByText('Reasoning', { exact: true }).click();
    await reasoning.waitFor();
    spoken.end();
    await isStatus(tab, 'completed');
    expect(await reasoning.isVisible()).toBe(true);
  });

  test('[PAGE-8] a finished answer is read out once, after its end', async () => {
    const spoken = page.dictate();
    await using tab = await page.open();
    const live = tab.page.locator('[data-live=answer]');
    await tab.send('tell me');
    spoken.say('one thing');
    await says(tab, 'one thing');
    expect(await live.textContent()).toBe('');
    spoken.end();
    await expect.poll(() => live.textContent(), patience).toBe('The answer is complete. one thing');
    await tab.page.reload();
    await isStatus(tab, 'completed');
    expect(await live.textContent()).toBe('');
  });
});
