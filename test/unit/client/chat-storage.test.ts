import { expect, test, vi } from 'vitest';
import { typedError } from '../../../client/call-error.ts';
import { webStorage } from '../../../client/chat-storage.ts';
import type { ChatStorage } from '../../../client/chat-storage.ts';
import { openChatStore } from '../../../client/chat-store.ts';
import { streamChat } from '../../../client/stream.ts';
import { textOf } from '../../../shared/message.ts';
import { at, chatId, message, ScriptedCalls, snapshot } from './scripted-calls.ts';

/** A storage as browsers have it. */
function mapStorage() {
  const items = new Map<string, string>();
  return {
    items,
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  };
}

function openStore(storage: ChatStorage) {
  const calls = new ScriptedCalls();
  const never = new AbortController().signal;
  const backoff = (): number => 0;
  const store = openChatStore(
    {
      backoff,
      storage,
      send: () => Promise.reject(new Error('not here')),
      stop: () => Promise.reject(new Error('not here')),
      respond: () => Promise.reject(new Error('not here')),
      stream: (input, { signal }) => streamChat(calls, input, { backoff, signal, ended: never }),
    },
    chatId,
  );
  const subscription = (index: number) => vi.waitUntil(() => calls.subscriptions[index], { interval: 1 });
  return { store, subscription, [Symbol.dispose]: () => store.close() };
}

async function talk(storage: ChatStorage): Promise<void> {
  using first = openStore(storage);
  const { observer } = await first.subscription(0);
  observer.onEvent(at('c1', snapshot()));
  observer.onEvent(at('c2', { type: 'message.added', message: message('user', 'hello') }));
  await vi.waitUntil(() => first.store.get().view?.messages.length === 1, { interval: 1 });
}

test('[CLT-22] a chat that was open before is there at once and goes on from its cursor', async () => {
  const storage = webStorage(mapStorage());
  await talk(storage);
  using again = openStore(storage);
  expect(again.store.get().status).toBe('ready');
  expect(again.store.get().view?.messages.map(textOf)).toEqual(['hello']);
  expect((await again.subscription(0)).input).toEqual({ chatId, lastEventId: 'c2' });
});

test('[CLT-22] of a chat that is deleted or refused nothing is kept', async () => {
  for (const end of ['deleted', 'refused'] as const) {
    const items = mapStorage();
    await talk(webStorage(items));
    expect(items.items.size).toBe(1);
    using again = openStore(webStorage(items));
    const { observer } = await again.subscription(0);
    if (end === 'deleted') observer.onEvent(at('c3', { type: 'chat.deleted', chatId }));
    else observer.onEnd(typedError('NOT_FOUND', 'gone'));
    await vi.waitUntil(() => items.items.size === 0, { interval: 1 });
  }
});

test('[CLT-22] a storage that fails or holds something else is as if it held nothing', async () => {
  const broken = (): never => {
    throw new Error('quota');
  };
  const wrong = {
    load: () => ({ view: { chat: { id: 'another' } }, cursor: 'c9' }) as never,
    save: broken,
    remove: broken,
  };
  for (const storage of [{ load: broken, save: broken, remove: broken }, wrong]) {
    await talk(storage);
    using again = openStore(storage);
    expect(again.store.get().status).toBe('loading');
  }
});
