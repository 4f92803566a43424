import { expect, test, vi } from 'vitest';
import { EarlierMessages } from '../../../../client/react/earlier-messages.ts';
import type { ChatView } from '../../../../shared/events.ts';
import type { Message } from '../../../../shared/message.ts';
import { message } from '../scripted-calls.ts';
import { chatOf, FakeClient, viewOf } from './fake-client.ts';

/** A conversation of which each message follows the one before. */
function talk(length: number): Message[] {
  const messages: Message[] = [];
  for (let index = 0; index < length; index += 1) {
    messages.push(message('user', String(index), { parentId: messages.at(-1)?.id ?? null }));
  }
  return messages;
}

function setUp() {
  const fake = new FakeClient();
  const heard = vi.fn<() => void>();
  const chat = chatOf();
  const view = (messages: Message[], nextCursor: string | null): ChatView => ({
    ...viewOf(chat),
    messages,
    nextCursor,
  });
  return {
    fake,
    heard,
    view,
    earlier: new EarlierMessages((cursor) => fake.client.api.chat.history.query({ chatId: chat.id, cursor }), heard),
  };
}

test('[RCT-7] pages are loaded one after the other, each from where the last one ended', async () => {
  const { fake, earlier, view, heard } = setUp();
  const all = talk(6);
  earlier.fit(null, view(all.slice(4), 'at-4'));
  expect(earlier.state).toEqual({ has: true, isLoading: false });
  void earlier.load();
  void earlier.load();
  expect(fake.histories.map(({ input }) => input.cursor)).toEqual(['at-4']);
  expect(earlier.state.isLoading).toBe(true);
  await fake.histories[0]?.answer({ messages: all.slice(2, 4), nextCursor: 'at-2' });
  void earlier.load();
  await fake.histories[1]?.answer({ messages: all.slice(0, 2), nextCursor: null });
  expect(earlier.messages).toEqual(all.slice(0, 4));
  expect(earlier.state).toEqual({ has: false, isLoading: false });
  expect(heard).toHaveBeenCalledTimes(4);
  await earlier.load();
  expect(fake.histories).toHaveLength(2);
});

test('[RCT-7] a page that does not come says why and can be asked for again', async () => {
  const { fake, earlier, view } = setUp();
  earlier.fit(null, view(talk(1), 'older'));
  void earlier.load();
  await fake.histories[0]?.fail(new Error('away'));
  expect(earlier.state).toEqual({ has: true, isLoading: false, error: { code: null, message: 'away' } });
  void earlier.load();
  expect(earlier.state).toEqual({ has: true, isLoading: true });
  await fake.histories[1]?.answer({ messages: [], nextCursor: null });
  expect(earlier.state).toEqual({ has: false, isLoading: false });
});

test('[RCT-7] a view that begins later, as after a snapshot, keeps what it joins on', async () => {
  const { fake, earlier, view } = setUp();
  const all = talk(8);
  const before = view(all.slice(4, 6), 'at-4');
  earlier.fit(null, before);
  void earlier.load();
  await fake.histories[0]?.answer({ messages: all.slice(2, 4), nextCursor: 'at-2' });
  earlier.fit(before, view(all.slice(5), 'at-5'));
  expect(earlier.messages).toEqual(all.slice(2, 5));
  void earlier.load();
  expect(fake.histories[1]?.input.cursor).toBe('at-2');
});

test('[RCT-7] where there is a gap, or another branch, what was loaded is let go', () => {
  const { fake, earlier, view } = setUp();
  const all = talk(8);
  const before = view(all.slice(2, 4), 'at-2');
  earlier.fit(null, before);
  earlier.fit(before, view(all.slice(6), 'at-6'));
  expect(earlier.messages).toEqual([]);
  const branch = { ...(all[7] as Message), parentId: all[0]?.id ?? null };
  earlier.fit(view(all.slice(6), 'at-6'), view([branch], 'at-7'));
  expect(earlier.messages).toEqual([]);
  void earlier.load();
  expect(fake.histories[0]?.input.cursor).toBe('at-7');
});

test('[RCT-7] a page that was asked for before the view moved is not taken', async () => {
  const { fake, earlier, view } = setUp();
  const all = talk(8);
  const before = view(all.slice(2, 4), 'at-2');
  earlier.fit(null, before);
  void earlier.load();
  earlier.fit(before, view(all.slice(6), 'at-6'));
  await fake.histories[0]?.answer({ messages: all.slice(0, 2), nextCursor: null });
  expect(earlier.messages).toEqual([]);
  expect(earlier.state).toEqual({ has: true, isLoading: false });
});
