import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { OpenChats } from '../../../../client/react/open-chats.ts';
import type { ChatsObserver } from '../../../../client/react/open-chats.ts';
import { run } from '../scripted-calls.ts';
import { chatOf, FakeClient, viewOf } from './fake-client.ts';

const lingerMs = 5_000;
const nothing = (): void => {};

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

function setUp() {
  const fake = new FakeClient();
  const onChat = vi.fn<ChatsObserver['onChat']>();
  const onDeleted = vi.fn<ChatsObserver['onDeleted']>();
  return { fake, onChat, onDeleted, openChats: new OpenChats(fake.client, { onChat, onDeleted }) };
}

test('[RCT-2] however many show a chat, and however often they come and go, it is opened once', () => {
  const { fake, openChats } = setUp();
  expect(openChats.get('a').status).toBe('loading');
  expect(fake.opened).toBe(0);
  const ends = [openChats.show('a', nothing), openChats.show('a', nothing)];
  ends.forEach((end) => end());
  const end = openChats.show('a', nothing);
  vi.advanceTimersByTime(lingerMs * 2);
  expect(fake.opened).toBe(1);
  expect(fake.store('a').isOpen).toBe(true);
  end();
  end();
  vi.advanceTimersByTime(lingerMs - 1);
  expect(fake.store('a').isOpen).toBe(true);
  vi.advanceTimersByTime(1);
  expect(fake.store('a').isOpen).toBe(false);
  expect(openChats.get('a').status).toBe('loading');
});

test('[RCT-4] a chat with an active answer or a queue stays open until a while after their end', () => {
  const { fake, openChats } = setUp();
  const end = openChats.show('a', nothing);
  const activeRun = run();
  fake.store('a').view({ activeRun });
  end();
  vi.advanceTimersByTime(lingerMs * 2);
  fake.store('a').view({ activeRun: null, queue: [run({ status: 'queued' })] });
  vi.advanceTimersByTime(lingerMs * 2);
  expect(fake.store('a').isOpen).toBe(true);
  // What is paused is not waited for.
  fake.store('a').view({ chat: { ...chatOf(), queuePaused: true } });
  vi.advanceTimersByTime(lingerMs);
  expect(fake.store('a').isOpen).toBe(false);
});

test('[RCT-6] a chat with a message that is on its way or failed stays open, but not once the chat is deleted', () => {
  const { fake, openChats, onDeleted } = setUp();
  void openChats.use('a').send('hello');
  const message = { messageId: 'm', text: 'hello' };
  fake.store('a').set({ pending: [{ ...message, status: 'sending' }] });
  vi.advanceTimersByTime(lingerMs * 2);
  fake.store('a').set({ pending: [{ ...message, status: 'failed' }], status: 'failed' });
  vi.advanceTimersByTime(lingerMs * 2);
  expect(fake.store('a').isOpen).toBe(true);
  fake.store('a').set({ status: 'deleted' });
  expect(onDeleted).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(lingerMs);
  expect(fake.store('a').isOpen).toBe(false);
});

test('[RCT-19] the chat itself is told of when it has changed, with whether it is shown, and not at every token', () => {
  const { fake, openChats, onChat } = setUp();
  const end = openChats.show('a', nothing);
  const chat = chatOf();
  fake.store('a').view(viewOf(chat));
  fake.store('a').view({ messages: [] });
  expect(onChat.mock.calls).toEqual([[chat]]);
  end();
  const changed = { ...chat, title: 'Another' };
  fake.store('a').view({ chat: changed });
  expect(onChat.mock.lastCall).toEqual([changed]);
  openChats.show('a', nothing)();
  expect(onChat.mock.lastCall).toEqual([changed]);
  vi.advanceTimersByTime(lingerMs);
});

test('[RCT-22] closing all closes busy chats too and leaves no timer', () => {
  const { fake, openChats } = setUp();
  openChats.show('a', nothing);
  fake.store('a').view({ activeRun: run() });
  openChats.use('b');
  openChats.closeAll();
  expect([...fake.stores.values()].map(({ isOpen }) => isOpen)).toEqual([false, false]);
});

test('[RCT-2] an answer that was asked for before a chat was closed does not close it once it is shown again', async () => {
  const { fake, openChats } = setUp();
  const leave = openChats.show('a', nothing);
  fake.store('a').view({ nextCursor: 'older' });
  openChats.use('a').loadEarlier();
  leave();
  vi.advanceTimersByTime(lingerMs);
  expect(fake.store('a').isOpen).toBe(false);
  const end = openChats.show('a', nothing);
  await fake.histories[0]?.answer({ messages: [], nextCursor: null });
  vi.advanceTimersByTime(lingerMs * 2);
  expect(fake.store('a').isOpen).toBe(true);
  end();
  vi.advanceTimersByTime(lingerMs);
});
