import { describe, expect, test } from 'vitest';
import { limits } from '../../shared/limits.ts';
import { newId } from '../../shared/new-id.ts';
import { noBrowser } from '../helpers/browser.ts';
import { reactVersions } from '../helpers/react-page.ts';
import type { ReactTab } from '../helpers/react-page.ts';
import { patience, reactSetUp } from '../helpers/react-set-up.ts';
import { startTcpProxy } from '../helpers/tcp-proxy.ts';

/** Milliseconds, longer than a chat that nobody shows stays open. */
const lingered = 6_000;

describe.skipIf(noBrowser).each(reactVersions)('useChat with React %s', (version) => {
  const given = reactSetUp(version);

  const answerIn = (tab: ReactTab, name: string) => tab.chat(name).locator('li[data-role=assistant]').last();
  async function says(tab: ReactTab, name: string, text: string): Promise<void> {
    await expect.poll(() => answerIn(tab, name).textContent(), patience).toBe(text);
  }
  const isStatus = (tab: ReactTab, name: string, status: string) =>
    tab.chat(name).locator(`li[data-role=assistant][data-status=${status}]`).last().waitFor();

  test('[RCT-1] a message is pending at once, and its answer grows while it is written', async () => {
    const spoken = given.dictate();
    const chat = await given.create('Rainbows');
    await using tab = await given.open();
    await tab.show({ chats: { a: chat.id } });
    await expect.poll(() => tab.chat('a').getAttribute('data-status'), patience).toBe('ready');
    const pending = await tab.page.evaluate(() => {
      const shown = new Promise<string | null>((resolve) => {
        const look = (): void => resolve(document.querySelector('[data-pending] li')?.textContent ?? null);
        new MutationObserver(look).observe(document.body, { childList: true, subtree: true });
      });
      void controls.chat['a']?.send('How come?');
      return shown;
    });
    expect(pending).toBe('How come?');
    spoken.say('Light ');
    await says(tab, 'a', 'Light ');
    spoken.say('bends');
    await says(tab, 'a', 'Light bends');
    expect(await tab.chat('a').locator('[data-active]').textContent()).toBe('answering');
    spoken.end();
    await isStatus(tab, 'a', 'completed');
    expect(await tab.chat('a').locator('[data-ended]').textContent()).toBe('completed');
    expect(await tab.chat('a').locator('h2').textContent()).toBe('Rainbows');
    expect(await tab.chat('a').locator('ol li').allTextContents()).toEqual(['How come?', 'Light bends']);
    expect(await tab.chat('a').locator('[data-pending] li').count()).toBe(0);
    expect(tab.calls('chat.send')).toBe(1);
  });

  test('[RCT-2] components that show one chat share one stream, and StrictMode opens no second one', async () => {
    given.answers('shared');
    const chat = await given.create();
    await using tab = await given.open();
    // One component alone, whose effects StrictMode begins, ends and begins again.
    await tab.show({ chats: { a: chat.id } });
    expect(await tab.page.evaluate(() => [controls.mounted, controls.opened])).toEqual([2, 1]);
    await tab.show({ chats: { a: chat.id, b: chat.id } });
    await tab.act(({ chat: { a } }) => a?.send('hello'));
    await isStatus(tab, 'a', 'completed');
    await says(tab, 'b', 'shared');
    expect(tab.calls('chat.stream')).toBe(1);
    expect(given.streams()).toBe(1);
    expect(await tab.page.evaluate(() => [controls.mounted, controls.opened])).toEqual([4, 1]);
  });

  test('[RCT-3] a chat that is shown again soon costs no second stream; one that is not is closed', async () => {
    const chat = await given.create();
    await using tab = await given.open();
    await tab.show({ chats: { a: chat.id } });
    await expect.poll(() => tab.chat('a').getAttribute('data-status'), patience).toBe('ready');
    await tab.show({});
    await tab.show({ chats: { b: chat.id } });
    expect(await tab.chat('b').getAttribute('data-status')).toBe('ready');
    expect(tab.calls('chat.stream')).toBe(1);
    await tab.show({});
    await tab.pass(lingered);
    await expect.poll(() => given.streams(), patience).toBe(0);
    expect(await tab.page.locator('[data-connection]').textContent()).toBe('open');
  });

  test('[RCT-4] a chat that one looked away from stays open until its answer has ended', async () => {
    const spoken = given.dictate();
    const chat = await given.create();
    await using tab = await given.open();
    await tab.show({ chats: { a: chat.id } });
    await tab.act(({ chat: { a } }) => a?.send('hello'));
    spoken.say('one ');
    await says(tab, 'a', 'one ');
    const other = await given.create();
    await tab.show({ chats: { other: other.id } });
    await tab.show({});
    await tab.pass(lingered);
    // The other chat is closed now, so the first one would have been, too.
    await expect.poll(() => given.streams(), patience).toBe(1);
    spoken.say('two');
    spoken.end();
    await expect
      .poll(() => tab.page.evaluate((id) => controls.client.api.chat.get.query({ chatId: id }), chat.id), patience)
      .toMatchObject({ activeRun: null });
    await tab.pass(lingered);
    await expect.poll(() => given.streams(), patience).toBe(0);
    expect(tab.calls('chat.stream')).toBe(2);
  });

  test('[RCT-5] stop keeps the text so far; a queued message can be withdrawn, and its end is told', async () => {
    const spoken = given.dictate();
    const chat = await given.create();
    await using tab = await given.open();
    await tab.show({ chats: { a: chat.id } });
    await tab.act(({ chat: { a } }) => a?.send('first'));
    spoken.say('so far');
    await says(tab, 'a', 'so far');
    await tab.act(({ chat: { a } }) => a?.send('second'));
    await expect.poll(() => tab.chat('a').locator('[data-queue]').textContent(), patience).toBe('second');
    await tab.act(({ chat: { a } }) => a?.withdraw(a.queue[0]?.id ?? ''));
    await expect.poll(() => tab.chat('a').locator('[data-queue] li').count(), patience).toBe(0);
    expect(await tab.chat('a').locator('[data-ended]').textContent()).toBe('stopped');
    expect(await tab.chat('a').locator('[data-active]').textContent()).toBe('answering');
    await tab.act(({ chat: { a } }) => a?.stop());
    await isStatus(tab, 'a', 'stopped');
    expect(await tab.chat('a').locator('ol li').allTextContents()).toEqual(['first', 'so far']);
  });

  test('[RCT-6] a message that is refused stays, failed, also while nobody shows its chat, until it is discarded', async () => {
    const chat = await given.create();
    await using tab = await given.open();
    await tab.show({ chats: { a: chat.id } });
    await tab.act(({ chat: { a } }, length) => a?.send('x'.repeat(length)).catch(() => {}), limits.messageText + 1);
    const failed = tab.chat('a').locator('[data-pending] [data-status=failed]');
    await failed.waitFor();
    const other = await given.create();
    await tab.show({ chats: { other: other.id } });
    await expect.poll(() => given.streams(), patience).toBe(2);
    await tab.show({});
    await tab.pass(lingered);
    await expect.poll(() => given.streams(), patience).toBe(1);
    await tab.show({ chats: { b: chat.id } });
    await tab.chat('b').locator('[data-pending] [data-status=failed]').waitFor();
    await tab.act(({ chat: { b } }) => b?.discard(b.pending[0]?.messageId ?? ''));
    await expect.poll(() => tab.chat('b').locator('[data-pending] li').count(), patience).toBe(0);
  });

  test('[RCT-7] earlier messages come a page at a time, in front of the others', async () => {
    given.answers('ok');
    const chat = await given.create();
    const { other } = given;
    for (let turn = 0; turn < 26; turn += 1) {
      const { runId, cursor } = await other.send({ chatId: chat.id, text: `question ${turn}` });
      for await (const event of other.stream({ chatId: chat.id, lastEventId: cursor })) {
        if (event.type === 'run.ended' && event.runId === runId) break;
      }
    }
    await using tab = await given.open();
    await tab.show({ chats: { a: chat.id } });
    const messages = tab.chat('a').locator('ol li');
    await expect.poll(() => messages.count(), patience).toBe(50);
    expect(await tab.chat('a').getAttribute('data-earlier')).toBe('has');
    await tab.act(({ chat: { a } }) => a?.earlier.load());
    await expect.poll(() => messages.count(), patience).toBe(52);
    expect(await tab.chat('a').getAttribute('data-earlier')).toBe('none');
    expect(await tab.chat('a').locator('li[data-role=user]').allTextContents()).toEqual(
      Array.from({ length: 26 }, (_, turn) => `question ${turn}`),
    );
  });

  test('[RCT-8] a chat that is not there is failed with the code, and can be tried again once it is', async () => {
    const chatId = newId();
    await using tab = await given.open();
    await tab.show({ chats: { a: chatId } });
    await expect.poll(() => tab.chat('a').getAttribute('data-status'), patience).toBe('failed');
    expect(await tab.chat('a').locator('[data-error]').textContent()).toBe('NOT_FOUND');
    await given.other.api.chat.create.mutate({ chatId });
    await tab.act(({ chat: { a } }) => a?.reopen());
    await expect.poll(() => tab.chat('a').getAttribute('data-status'), patience).toBe('ready');
    expect(await tab.chat('a').locator('[data-error]').textContent()).toBe('');
  });

  test('[RCT-9] renaming and deleting show at once, and everywhere', async () => {
    const chat = await given.create('Before');
    await using tab = await given.open();
    await tab.show({ chats: { a: chat.id }, lists: { all: { search: '' } } });
    await tab.list('all').getByText('Before').waitFor();
    await tab.act(({ chat: { a } }) => a?.rename('After'));
    await expect.poll(() => tab.chat('a').locator('h2').textContent(), patience).toBe('After');
    await tab.list('all').getByText('After').waitFor();
    await tab.act(({ chat: { a } }) => a?.remove());
    await expect.poll(() => tab.chat('a').getAttribute('data-status'), patience).toBe('deleted');
    await tab.list('all').getByText('After').waitFor({ state: 'detached' });
  });

  test('[RCT-26] messages are edited, answered again and shown in another version, and answers are rated', async () => {
    given.answers('fine');
    const chat = await given.create();
    await using tab = await given.open();
    await tab.show({ chats: { a: chat.id } });
    const said = () => tab.chat('a').locator('ol li').allTextContents();
    await tab.act(({ chat: { a } }) => a?.send('first'));
    await isStatus(tab, 'a', 'completed');
    given.answers('better');
    await tab.act(({ chat: { a } }) => a?.regenerate(a.messages[1]?.id ?? ''));
    await expect.poll(said, patience).toEqual(['first', 'better']);
    await isStatus(tab, 'a', 'completed');
    await tab.act(({ chat: { a } }) => a?.giveFeedback(a.messages[1]?.id ?? '', { rating: 'like', comment: 'yes' }));
    const feedback = () => tab.page.evaluate(() => controls.chat['a']?.messages[1]?.feedback);
    await expect.poll(feedback, patience).toEqual({ rating: 'like', comment: 'yes', copied: 0 });
    await tab.act(({ chat: { a } }) => a?.selectBranch(a.messages[1]?.siblings?.ids[0] ?? ''));
    await expect.poll(said, patience).toEqual(['first', 'fine']);
    await tab.act(({ chat: { a } }) => a?.edit(a.messages[0]?.id ?? '', 'other'));
    await expect.poll(said, patience).toEqual(['other', 'better']);
    await isStatus(tab, 'a', 'completed');
  });

  test('[RCT-27] what waits is edited and moved; what waits no more is refused', async () => {
    const spoken = given.dictate();
    const chat = await given.create();
    await using tab = await given.open();
    await tab.show({ chats: { a: chat.id } });
    const queue = () => tab.chat('a').locator('[data-queue] li').allTextContents();
    for (const text of ['busy', 'one', 'two']) await tab.act(({ chat: { a } }, words) => a?.send(words), text);
    spoken.say('so');
    await expect.poll(queue, patience).toEqual(['one', 'two']);
    await tab.act(({ chat: { a } }) => a?.moveQueued(a.queue[1]?.id ?? '', a.queue[0]?.id ?? null));
    await expect.poll(queue, patience).toEqual(['two', 'one']);
    await tab.act(({ chat: { a } }) => a?.editQueued(a.queue[0]?.id ?? '', '2'));
    await expect.poll(queue, patience).toEqual(['2', 'one']);
    const refused = await tab.page.evaluate(() => {
      const { a } = controls.chat;
      return a?.editQueued(a.activeRun?.id ?? '', 'late').catch((error: Error) => error.message);
    });
    expect(refused).toContain('is not waiting in the chat');
    given.answers('done');
    spoken.end();
    await expect.poll(() => tab.chat('a').locator('[data-active]').textContent(), patience).toBe('idle');
    // Between two runs it is idle as well.
    const asked = () => tab.chat('a').locator('li[data-role=user]').allTextContents();
    await expect.poll(asked, patience).toEqual(['busy', '2', 'one']);
  });

  test('[RCT-10] the functions stay the same while the chat changes', async () => {
    given.answers('one ', 'two');
    const chat = await given.create();
    await using tab = await given.open();
    await tab.show({ chats: { a: chat.id } });
    await expect.poll(() => tab.chat('a').getAttribute('data-status'), patience).toBe('ready');
    await tab.act(({ chat: { a } }) => a?.send('hello'));
    await isStatus(tab, 'a', 'completed');
    expect(await tab.chat('a').locator('output').textContent()).toBe('0');
  });

  test('[RCT-11] outside a provider the error names the hook and what is missing', async () => {
    await using tab = await given.open({ query: '&bare' });
    tab.expectProblems(/ChatProvider|error boundary|above error occurred/);
    const message = await tab.page.getByRole('alert').textContent();
    expect(message).toMatch(/^useConnection: expected a <ChatProvider client=\{…\}> above this component, found none/);
  });

  test('[RCT-12] the connection is told, and what went on while it was away shows when it is back', async () => {
    given.answers('meanwhile');
    const chat = await given.create();
    await using proxy = await startTcpProxy(given.url);
    await using tab = await given.open({ server: proxy.url });
    tab.expectProblems(/WebSocket connection to .* failed/);
    const connection = tab.page.locator('[data-connection]');
    await tab.show({ chats: { a: chat.id }, lists: { all: {} } });
    await expect.poll(() => connection.textContent(), patience).toBe('open');
    await expect.poll(() => tab.chat('a').getAttribute('data-status'), patience).toBe('ready');
    proxy.pause();
    proxy.cutAll();
    await expect.poll(() => connection.textContent(), patience).not.toBe('open');
    await given.other.send({ chatId: chat.id, text: 'hello' });
    await given.create('Made meanwhile');
    expect(await tab.list('all').getByText('Made meanwhile').count()).toBe(0);
    proxy.resume();
    proxy.cutAll();
    await says(tab, 'a', 'meanwhile');
    await tab.list('all').getByText('Made meanwhile').waitFor();
    expect(await connection.textContent()).toBe('open');
  });

  test('[RCT-13] the catalog and the client of the provider are there', async () => {
    await using tab = await given.open();
    await expect.poll(() => tab.page.locator('[data-catalog]').textContent(), patience).toContain('Assistant');
    expect(await tab.page.locator('[data-client]').textContent()).toBe('same');
  });
});
