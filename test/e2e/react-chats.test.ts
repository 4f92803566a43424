import { describe, expect, test } from 'vitest';
import { newId } from '../../shared/new-id.ts';
import { noBrowser } from '../helpers/browser.ts';
import { reactVersions } from '../helpers/react-page.ts';
import type { ReactTab } from '../helpers/react-page.ts';
import { patience, reactSetUp } from '../helpers/react-set-up.ts';

describe.skipIf(noBrowser).each(reactVersions)('useChats with React %s', (version) => {
  const given = reactSetUp(version);

  const titles = (tab: ReactTab, list: string) => tab.list(list).locator('li').allTextContents();
  /** The whole list has the chats of other tests too, so each test looks at its own by a search. */
  async function lists(tab: ReactTab, list: string, expected: string[]): Promise<void> {
    await expect.poll(() => titles(tab, list), patience).toEqual(expected);
  }
  /** The marks of a chat in the list: '', 'running', 'unread' or both. */
  async function marks(tab: ReactTab, title: string): Promise<string> {
    const item = tab.list('all').getByText(title, { exact: true });
    return item.evaluate(({ dataset }) => ['running', 'unread'].filter((mark) => dataset[mark] === 'true').join(' '));
  }

  test('[RCT-14] the chats are last active first, and a search finds words of the title', async () => {
    const name = newId();
    const [first] = [await given.create(`${name} Apples`), await given.create(`${name} Pears`)];
    await using tab = await given.open();
    await tab.show({ lists: { found: { search: name } } });
    await lists(tab, 'found', [`${name} Pears`, `${name} Apples`]);
    expect(await tab.list('found').getAttribute('data-loading')).toBe('false');
    await tab.show({ lists: { found: { search: `${name} app` } } });
    await lists(tab, 'found', [`${name} Apples`]);
    await tab.show({ lists: { found: { search: name } } });
    await given.other.send({ chatId: first.id, text: 'up' });
    await tab.act(({ list: { found } }) => found?.reload());
    await lists(tab, 'found', [`${name} Apples`, `${name} Pears`]);
  });

  test('[RCT-15] while the answer to another search is on its way the chats of the last one stay', async () => {
    const name = newId();
    await given.create(`${name} Apples`);
    await given.create(`${name} Pears`);
    await using tab = await given.open();
    await tab.show({ lists: { found: { search: name } } });
    await lists(tab, 'found', [`${name} Pears`, `${name} Apples`]);
    await tab.page.evaluate(() => {
      const seen: number[] = [];
      new MutationObserver(() => seen.push(document.querySelectorAll('[data-list] li').length)).observe(document.body, {
        childList: true,
        subtree: true,
        attributes: true,
      });
      Object.assign(globalThis, { seen });
    });
    await tab.show({ lists: { found: { search: `${name} Pears` } } });
    await lists(tab, 'found', [`${name} Pears`]);
    expect(await tab.page.evaluate('Math.min(...seen)')).toBe(1);
  });

  test('[RCT-16] long lists come a page at a time', async () => {
    const name = newId();
    await Promise.all(Array.from({ length: 51 }, () => given.create(name)));
    await using tab = await given.open();
    await tab.show({ lists: { found: { search: name } } });
    await expect.poll(async () => (await titles(tab, 'found')).length, patience).toBe(50);
    expect(await tab.list('found').getAttribute('data-more')).toBe('true');
    await tab.act(({ list: { found } }) => found?.loadMore());
    await expect.poll(async () => (await titles(tab, 'found')).length, patience).toBe(51);
    expect(await tab.list('found').getAttribute('data-more')).toBe('false');
  });

  test('[RCT-17] what is created, renamed, archived or deleted here shows at once, in every list', async () => {
    const name = newId();
    await using tab = await given.open();
    await tab.show({ lists: { all: {}, archived: { archived: true } } });
    await tab.act(({ list: { all } }, title) => all?.create({ title }), name);
    expect((await titles(tab, 'all'))[0]).toBe(name);
    await tab.act(({ list: { all } }) => all?.rename(all.chats[0]?.id ?? '', `${all.chats[0]?.title} again`));
    expect((await titles(tab, 'all'))[0]).toBe(`${name} again`);
    await tab.act(({ list: { all } }) => all?.archive(all.chats[0]?.id ?? '', true));
    expect(await titles(tab, 'all')).not.toContain(`${name} again`);
    await expect.poll(async () => (await titles(tab, 'archived'))[0], patience).toBe(`${name} again`);
    await tab.act(({ list: { archived } }) => archived?.remove(archived.chats[0]?.id ?? ''));
    expect(await titles(tab, 'archived')).not.toContain(`${name} again`);
  });

  test('[RCT-18] a chat is created once under its id, and its first message is sent with it', async () => {
    given.answers('welcome');
    const chatId = newId();
    await using tab = await given.open();
    await tab.show({ lists: { all: {} } });
    await tab.act(({ list: { all } }, id) => all?.create({ chatId: id, title: 'first', text: 'hello' }), chatId);
    await tab.show({ lists: { all: {} }, chats: { a: chatId } });
    await expect.poll(() => tab.chat('a').locator('ol li').allTextContents(), patience).toEqual(['hello', 'welcome']);
    await tab.act(({ list: { all } }, id) => all?.create({ chatId: id, title: 'first' }), chatId);
    await expect.poll(async () => (await titles(tab, 'all')).filter((title) => title === 'first').length).toBe(1);
    expect(tab.calls('chat.send')).toBe(1);
    await tab.act(({ list: { all } }, id) => all?.remove(id), chatId);
  });

  test('[RCT-19] an answer that goes on in a chat that is not shown is marked, and then unread until it is shown', async () => {
    const spoken = given.dictate();
    const name = newId();
    const chat = await given.create(name);
    await using tab = await given.open();
    await tab.show({ lists: { all: {} }, chats: { a: chat.id } });
    await expect.poll(() => marks(tab, name), patience).toBe('');
    await tab.act(({ chat: { a } }) => a?.send('hello'));
    await expect.poll(() => marks(tab, name), patience).toBe('running');
    await tab.show({ lists: { all: {} } });
    await expect.poll(() => marks(tab, name), patience).toBe('running');
    spoken.end();
    await expect.poll(() => marks(tab, name), patience).toBe('unread');
    await tab.show({ lists: { all: {} }, chats: { b: chat.id } });
    await expect.poll(() => marks(tab, name), patience).toBe('');
  });

  test('[RCT-20] an answer that somebody else asked for is told in every list, and read wherever it is shown', async () => {
    const spoken = given.dictate();
    const name = newId();
    const chat = await given.create(name);
    await using tab = await given.open();
    await using other = await given.open();
    for (const each of [tab, other]) {
      await each.show({ lists: { all: {} } });
      await expect.poll(() => marks(each, name), patience).toBe('');
    }
    await given.other.send({ chatId: chat.id, text: 'hello' });
    for (const each of [tab, other]) await expect.poll(() => marks(each, name), patience).toBe('running');
    spoken.end();
    for (const each of [tab, other]) await expect.poll(() => marks(each, name), patience).toBe('unread');
    await tab.show({ lists: { all: {} }, chats: { a: chat.id } });
    for (const each of [tab, other]) await expect.poll(() => marks(each, name), patience).toBe('');
    await given.other.api.chat.delete.mutate({ chatId: chat.id });
    await expect.poll(() => titles(other, 'all'), patience).not.toContain(name);
  });

  test('[RCT-19] an unread answer is still unread after a reload', async () => {
    given.answers('fine');
    const name = newId();
    const chat = await given.create(name);
    await given.other.send({ chatId: chat.id, text: 'hello' });
    await using tab = await given.open();
    await tab.show({ lists: { all: {} } });
    await expect.poll(() => titles(tab, 'all'), patience).toContain(name);
    await expect.poll(() => marks(tab, name), patience).toBe('unread');
  });
});
