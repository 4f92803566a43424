import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLogger } from '../../../server/logger.ts';
import { MessageIndexer } from '../../../server/message-indexer.ts';
import type { ChatId } from '../../../shared/ids.ts';
import { newId } from '../../../shared/new-id.ts';

const chats = (count: number) => Array.from({ length: count }, () => newId<ChatId>());

describe('the indexer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('[SRC-1] writes what ends together together, few chats in a statement, and what was left by the last process', async () => {
    const [left, ended] = [chats(3), chats(12)];
    const written: (readonly ChatId[])[] = [];
    const indexMessages = async (some: readonly ChatId[]) => void written.push(some);
    const indexer = new MessageIndexer({ indexMessages, unindexed: async () => left }, createLogger('silent'));
    await indexer.start();
    for (const chatId of [...ended, ...ended]) indexer.note(chatId);
    expect(written).toEqual([]);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(written.map((some) => some.length)).toEqual([8, 7]);
    expect(new Set(written.flat())).toEqual(new Set([...left, ...ended]));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(written).toHaveLength(2);
    await indexer.close();
  });

  test('[SRC-1] goes on after a failure, and leaves nothing behind when it is closed', async () => {
    const indexMessages = vi.fn<() => Promise<void>>(() => Promise.reject(new Error('away')));
    const indexer = new MessageIndexer({ indexMessages, unindexed: async () => [] }, createLogger('silent'));
    indexer.note(newId());
    await vi.advanceTimersByTimeAsync(2_000);
    indexer.note(newId());
    await vi.advanceTimersByTimeAsync(2_000);
    expect(indexMessages).toHaveBeenCalledTimes(2);
    indexer.note(newId());
    await indexer.close();
    indexer.note(newId());
    expect(vi.getTimerCount()).toBe(0);
    expect(indexMessages).toHaveBeenCalledTimes(2);
  });
});
