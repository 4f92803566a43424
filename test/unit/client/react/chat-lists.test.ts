import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { typedError } from '../../../../client/call-error.ts';
import { Workspace } from '../../../../client/react/workspace.ts';
import type { MessageId, RunId } from '../../../../shared/ids.ts';
import { newId } from '../../../../shared/new-id.ts';
import { chatOf, FakeClient, FakeSurroundings, watchedOf } from './fake-client.ts';

const all = { search: '', archived: false };
const lingerMs = 5_000;
const nothing = (): void => {};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

function setUp() {
  const fake = new FakeClient();
  const around = new FakeSurroundings();
  const workspace = new Workspace(fake.client, around);
  const { lists, openChats } = workspace;
  return { fake, around, workspace, lists, openChats, ids: () => lists.get(all).chats.map(({ id }) => id) };
}

test('[RCT-21] lists with the same filter are one, asked once; the last one leaves nothing behind', async () => {
  const { fake, lists } = setUp();
  const ends = [
    lists.show(all, nothing),
    lists.show({ ...all }, nothing),
    lists.show({ ...all, search: 'x' }, nothing),
  ];
  expect(fake.lists.map(({ input }) => input)).toEqual([{ limit: 50 }, { limit: 50, search: 'x' }]);
  ends.forEach((end) => end());
  expect(vi.getTimerCount()).toBe(2);
  vi.advanceTimersByTime(lingerMs);
  expect(lists.get(all)).toEqual({ chats: [], isLoading: true, hasMore: false });
});

test('[RCT-12] a list is asked for each time the connection opens', async () => {
  const { fake, lists } = setUp();
  const end = lists.show(all, nothing);
  await fake.lists[0]?.answer({ chats: [], nextCursor: null });
  fake.connect({ status: 'waiting', attempt: 1, retryInMs: 1, code: 1006 });
  fake.connect({ status: 'connecting', attempt: 1 });
  expect(fake.lists).toHaveLength(1);
  fake.connect({ status: 'open' });
  expect(fake.lists).toHaveLength(2);
  end();
  vi.advanceTimersByTime(lingerMs);
});

test('[RCT-28] each chat of a list says whether it is unread; what the server tells of one is newer, until it begins anew', async () => {
  const { fake, lists } = setUp();
  const end = lists.show(all, nothing);
  const [far, near] = [chatOf(), chatOf()];
  const state = () => lists.get(all).chats.map(({ id, unread }) => [id, unread]);
  await fake.lists[0]?.answer({
    chats: [
      { ...near, unread: true },
      { ...far, unread: true },
    ],
    nextCursor: null,
  });
  expect(state()).toEqual([
    [near.id, true],
    [far.id, true],
  ]);
  fake.tell({ type: 'chats.snapshot', chats: [watchedOf(near)], nextCursor: null });
  await fake.lists[1]?.answer({ chats: [{ ...near, unread: true }, far], nextCursor: null });
  expect(state()).toEqual([
    [near.id, false],
    [far.id, false],
  ]);
  fake.tell({ type: 'chats.snapshot', chats: [], nextCursor: null });
  await fake.lists[2]?.answer({ chats: [{ ...near, unread: true }, far], nextCursor: null });
  expect(state()[0]).toEqual([near.id, true]);
  end();
  vi.advanceTimersByTime(lingerMs);
});

test('[RCT-29] what a search has found in a chat stays when the chat changes', async () => {
  const { fake, lists } = setUp();
  const filter = { ...all, search: 'x' };
  const end = lists.show(filter, nothing);
  const chat = chatOf();
  const found = { messageId: newId<MessageId>(), role: 'user', excerpt: 'x', marks: [] } as const;
  await fake.lists[0]?.answer({ chats: [{ ...chat, found: { ...found, marks: [] } }], nextCursor: null });
  fake.tell({ type: 'chats.changed', ...watchedOf({ ...chat, title: 'Another' }, { unread: true }) });
  expect(lists.get(filter).chats).toMatchObject([{ title: 'Another', unread: true, found }]);
  end();
  vi.advanceTimersByTime(lingerMs);
});

test('[RCT-20] what the server tells shows at once: what goes on, what is unread, what is new and what is gone', async () => {
  const { fake, lists, ids } = setUp();
  const end = lists.show(all, nothing);
  const [older, newer] = [chatOf(), chatOf()];
  await fake.lists[0]?.answer({ chats: [newer, older], nextCursor: null });
  const running = { ...older, activeRunId: newId<RunId>(), updatedAt: '2027-01-01T00:00:00.000Z' };
  const state = () => lists.get(all).chats.map(({ id, status, unread }) => [id, status, unread]);
  fake.tell({ type: 'chats.changed', ...watchedOf(running) });
  expect(state()).toEqual([
    [older.id, 'running', false],
    [newer.id, 'idle', false],
  ]);
  fake.tell({ type: 'chats.changed', ...watchedOf(running, { status: 'waiting' }) });
  fake.tell({ type: 'chats.changed', ...watchedOf(newer, { status: 'queued' }) });
  expect(state()).toEqual([
    [older.id, 'waiting', false],
    [newer.id, 'queued', false],
  ]);
  fake.tell({ type: 'chats.changed', ...watchedOf({ ...running, activeRunId: null }, { unread: true }) });
  expect(state()[0]).toEqual([older.id, 'idle', true]);
  const made = chatOf({ updatedAt: '2027-01-02T00:00:00.000Z' });
  fake.tell({ type: 'chats.changed', ...watchedOf(made) });
  fake.tell({ type: 'chats.deleted', chatId: newer.id });
  expect(ids()).toEqual([made.id, older.id]);
  end();
  vi.advanceTimersByTime(lingerMs);
});

test('[RCT-20] one subscription serves all lists; one that ends is opened again, and none stays', async () => {
  const { fake, lists } = setUp();
  const ends = [lists.show(all, nothing), lists.show({ ...all, archived: true }, nothing)];
  await fake.lists[0]?.answer({ chats: [], nextCursor: null });
  await fake.lists[1]?.answer({ chats: [], nextCursor: null });
  expect(fake.watchers).toHaveLength(1);
  fake.watchers[0]?.onError(new Error('ended'));
  vi.advanceTimersByTime(10_000);
  expect(fake.watchers).toHaveLength(2);
  fake.tell({ type: 'chats.snapshot', chats: [watchedOf(chatOf(), { unread: true })], nextCursor: null });
  expect(lists.get(all).chats).toMatchObject([{ unread: true }]);
  expect(fake.lists).toHaveLength(4);
  fake.watchers[1]?.onError(new Error('ended'));
  ends.forEach((end) => end());
  vi.advanceTimersByTime(lingerMs);
  vi.advanceTimersByTime(10_000);
  expect(fake.watchers.filter(({ isOpen }) => isOpen !== false)).toHaveLength(fake.watchers.length - 1);
});

test('[RCT-20] what is told while the list is asked for is not undone by the answer', async () => {
  const { fake, lists, ids } = setUp();
  const end = lists.show(all, nothing);
  const chat = chatOf();
  await fake.lists[0]?.answer({ chats: [chat], nextCursor: null });
  lists.find(all)?.reload();
  fake.tell({ type: 'chats.changed', ...watchedOf({ ...chat, archivedAt: chat.updatedAt }) });
  await fake.lists[1]?.answer({ chats: [chat], nextCursor: null });
  expect(ids()).toEqual([]);
  expect(fake.lists).toHaveLength(3);
  end();
  vi.advanceTimersByTime(lingerMs);
});

test('[RCT-20] a list is asked for again when somebody comes back to the page', async () => {
  const { fake, around, lists } = setUp();
  const end = lists.show(all, nothing);
  await fake.lists[0]?.answer({ chats: [], nextCursor: null });
  vi.advanceTimersByTime(60_000);
  expect(fake.lists).toHaveLength(1);
  around.listeners.notify();
  expect(fake.lists).toHaveLength(2);
  end();
  vi.advanceTimersByTime(lingerMs);
});

test('[RCT-19] a chat that is shown is marked as read once its answer has ended, if the page is looked at', async () => {
  const { fake, around, lists, openChats } = setUp();
  const chat = chatOf({ leafMessageId: newId<MessageId>() });
  const ends = [lists.show(all, nothing), openChats.show(chat.id, nothing)];
  await fake.lists[0]?.answer({ chats: [chat], nextCursor: null });
  fake.tell({ type: 'chats.changed', ...watchedOf(chat) });
  const running = { ...chat, activeRunId: newId<RunId>() };
  fake.store(chat.id).view({ chat: running });
  expect(fake.read).toEqual([]);
  const answered = { ...chat, leafMessageId: newId<MessageId>() };
  fake.store(chat.id).view({ chat: answered });
  expect(fake.read).toEqual([chat.id]);
  fake.tell({ type: 'chats.changed', ...watchedOf(answered) });
  expect(fake.read).toHaveLength(1);
  around.isLookedAt = false;
  const more = { ...chat, leafMessageId: newId<MessageId>() };
  fake.store(chat.id).view({ chat: more });
  expect(fake.read).toHaveLength(1);
  around.isLookedAt = true;
  around.listeners.notify();
  await fake.lists.at(-1)?.answer({ chats: [more], nextCursor: null });
  expect(fake.read).toEqual([chat.id, chat.id]);
  ends.forEach((end) => end());
  vi.advanceTimersByTime(lingerMs);
});

test('[RCT-19] a chat that could not be marked as read is marked the next time', async () => {
  const { fake, openChats } = setUp();
  const chat = chatOf({ leafMessageId: newId<MessageId>() });
  fake.refusesReading = true;
  const end = openChats.show(chat.id, nothing);
  fake.store(chat.id).view({ chat });
  await vi.advanceTimersByTimeAsync(0);
  fake.refusesReading = false;
  fake.store(chat.id).view({ chat: { ...chat, title: 'Another' } });
  fake.store(chat.id).view({ chat: { ...chat, title: 'A third' } });
  expect(fake.read).toEqual([chat.id, chat.id]);
  end();
  vi.advanceTimersByTime(lingerMs);
});

test('[RCT-20] of a chat that is open its stream tells, before and after every answer, and nobody asks', async () => {
  const { fake, lists, openChats, ids } = setUp();
  const ends = [lists.show(all, nothing)];
  const [older, newer] = [chatOf(), chatOf()];
  await fake.lists[0]?.answer({ chats: [newer, older], nextCursor: null });
  ends.push(openChats.show(older.id, nothing));
  const running = { ...older, activeRunId: newId<RunId>(), updatedAt: '2027-01-01T00:00:00.000Z' };
  fake.store(older.id).view({ chat: running });
  expect(lists.get(all).chats).toMatchObject([{ id: older.id, running: true }, { id: newer.id }]);
  vi.advanceTimersByTime(60_000);
  expect(fake.lists).toHaveLength(1);
  lists.find(all)?.reload();
  await fake.lists[1]?.answer({ chats: [newer, older], nextCursor: null });
  expect(lists.get(all).chats[0]?.running).toBe(true);
  fake.store(older.id).set({ status: 'deleted' });
  expect(ids()).toEqual([newer.id]);
  ends.forEach((end) => end());
  vi.advanceTimersByTime(lingerMs);
});

test('[RCT-20] a chat that a stream tells of and the list lacks makes it ask again', async () => {
  const { fake, lists, openChats } = setUp();
  const ends = [lists.show(all, nothing), lists.show({ ...all, search: 'x' }, nothing)];
  await fake.lists[0]?.answer({ chats: [], nextCursor: null });
  await fake.lists[1]?.answer({ chats: [], nextCursor: null });
  const chat = chatOf();
  ends.push(openChats.show(chat.id, nothing));
  fake.store(chat.id).view({ chat });
  expect(fake.lists.slice(2).map(({ input }) => input.search)).toEqual([undefined]);
  ends.forEach((end) => end());
  vi.advanceTimersByTime(lingerMs);
});

test('[RCT-17] an answer from before a change does not undo it', async () => {
  const { fake, lists, ids } = setUp();
  const end = lists.show(all, nothing);
  const [one, other] = [chatOf(), chatOf()];
  await fake.lists[0]?.answer({ chats: [other, one], nextCursor: null });
  const list = lists.find(all);
  list?.reload();
  list?.remove(other.id);
  expect(ids()).toEqual([one.id]);
  await fake.lists[1]?.answer({ chats: [other, one], nextCursor: null });
  expect(ids()).toEqual([one.id]);
  await fake.lists[2]?.answer({ chats: [one], nextCursor: null });
  lists.change({ ...one, archivedAt: one.updatedAt });
  expect(ids()).toEqual([]);
  end();
  vi.advanceTimersByTime(lingerMs);
});

test('[RCT-16] a longer list is asked for whole, and a chat that moved between two pages is listed once', async () => {
  const { fake, lists, ids } = setUp();
  const end = lists.show(all, nothing);
  const [third, second, first] = [chatOf(), chatOf(), chatOf()];
  await fake.lists[0]?.answer({ chats: [first, second], nextCursor: 'more' });
  expect(lists.get(all)).toMatchObject({ isLoading: false, hasMore: true });
  lists.find(all)?.loadMore();
  lists.find(all)?.loadMore();
  expect(lists.get(all).isLoading).toBe(true);
  await fake.lists[1]?.answer({ chats: [first, second], nextCursor: 'more' });
  expect(fake.lists[2]?.input.cursor).toBe('more');
  await fake.lists[2]?.answer({ chats: [second, third], nextCursor: null });
  expect(ids()).toEqual([first.id, second.id, third.id]);
  expect(lists.get(all)).toMatchObject({ isLoading: false, hasMore: false });
  expect(fake.lists).toHaveLength(3);
  end();
  vi.advanceTimersByTime(lingerMs);
});

test('[RCT-23] a refusal is told; what a lost connection cut off is not, since it is asked again', async () => {
  const { fake, lists } = setUp();
  const end = lists.show(all, nothing);
  fake.connect({ status: 'waiting', attempt: 1, retryInMs: 1, code: 1006 });
  await fake.lists[0]?.fail(new Error('cut'));
  expect(lists.get(all)).toEqual({ chats: [], isLoading: true, hasMore: false });
  fake.connect({ status: 'open' });
  await fake.lists[1]?.fail(typedError('UNAVAILABLE', 'the database is away'));
  expect(lists.get(all)).toMatchObject({ isLoading: false, error: { code: 'UNAVAILABLE' } });
  lists.find(all)?.reloadNow();
  expect(lists.get(all)).toEqual({ chats: [], isLoading: true, hasMore: false });
  await fake.lists[2]?.answer({ chats: [], nextCursor: null });
  expect(lists.get(all)).toEqual({ chats: [], isLoading: false, hasMore: false });
  end();
  vi.advanceTimersByTime(lingerMs);
});

test('[RCT-10] the state and each of its items are the same objects until they change', async () => {
  const { fake, lists } = setUp();
  const end = lists.show(all, nothing);
  const [one, other] = [chatOf(), chatOf()];
  await fake.lists[0]?.answer({ chats: [other, one], nextCursor: null });
  const before = lists.get(all);
  expect(lists.get(all)).toBe(before);
  lists.find(all)?.reload();
  await fake.lists[1]?.answer({ chats: [{ ...other, title: 'Another' }, { ...one }], nextCursor: null });
  const after = lists.get(all);
  expect(after.chats[0]).not.toBe(before.chats[0]);
  expect(after.chats[1]).toBe(before.chats[1]);
  end();
  vi.advanceTimersByTime(lingerMs);
});

test('[RCT-22] once no provider is mounted, everything is closed, also what was busy; StrictMode closes nothing', () => {
  const { fake, lists, openChats, workspace } = setUp();
  workspace.mount()();
  const end = workspace.mount();
  lists.show(all, nothing);
  openChats.show('a', nothing);
  fake.store('a').set({ pending: [{ messageId: 'm', text: 'x', status: 'failed' }] });
  vi.advanceTimersByTime(lingerMs);
  expect(fake.store('a').isOpen).toBe(true);
  end();
  vi.advanceTimersByTime(lingerMs);
  expect(fake.store('a').isOpen).toBe(false);
});
