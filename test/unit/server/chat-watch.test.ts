import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ChatWatch } from '../../../server/chat-watch.ts';
import type { ChatId } from '../../../shared/ids.ts';
import { newId } from '../../../shared/new-id.ts';
import { sampleChat, userId } from '../../helpers/samples.ts';

const entry = (id: ChatId) => ({ chat: sampleChat({ id }), status: 'idle' as const, unread: false });
const storeOf = (watchedChats: (ids: readonly ChatId[]) => Promise<never[]>) => ({
  watchedList: async () => ({ chats: [], nextCursor: null }),
  watchedChats: async (ids: readonly ChatId[]) => {
    await watchedChats(ids);
    return ids.map((id) => ({ ...entry(id), userId }));
  },
});
const connection = { drained: () => undefined };

describe('the watch', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('[WAT-4] asks once for all that changes together, and not at all while nobody watches', async () => {
    const asked = vi.fn<(ids: readonly ChatId[]) => Promise<never[]>>(async () => []);
    const watch = new ChatWatch(storeOf(asked));
    watch.note(newId());
    await vi.advanceTimersByTimeAsync(1_000);
    expect(asked).not.toHaveBeenCalled();
    const end = new AbortController();
    const events = watch.watch(userId, connection, end.signal);
    expect((await events.next()).value).toMatchObject({ type: 'chats.snapshot' });
    const [one, other] = [newId<ChatId>(), newId<ChatId>()];
    for (const id of [one, other, one]) watch.note(id);
    const next = events.next();
    await vi.advanceTimersByTimeAsync(100);
    expect((await next).value).toMatchObject({ type: 'chats.changed', chat: { id: one } });
    expect((await events.next()).value).toMatchObject({ type: 'chats.changed', chat: { id: other } });
    expect(asked.mock.calls).toEqual([[[one, other]]]);
    end.abort();
    expect((await events.next()).done).toBe(true);
    expect([watch.size, vi.getTimerCount()]).toEqual([0, 0]);
  });

  test('[WAT-4] tells a reader who is far behind the whole list again, and asks again when the database was away', async () => {
    const asked = vi.fn<(ids: readonly ChatId[]) => Promise<never[]>>(async () => []);
    asked.mockRejectedValueOnce(new Error('away'));
    const watch = new ChatWatch(storeOf(asked));
    const end = new AbortController();
    const events = watch.watch(userId, connection, end.signal);
    await events.next();
    for (let count = 0; count < 600; count += 1) watch.note(newId());
    await vi.advanceTimersByTimeAsync(100 + 1_000);
    expect(asked).toHaveBeenCalledTimes(2);
    expect((await events.next()).value).toMatchObject({ type: 'chats.snapshot' });
    end.abort();
    await events.next();
    expect(watch.size).toBe(0);
  });
});
