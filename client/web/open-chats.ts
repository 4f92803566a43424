import type { ChatClient, ChatStore } from '../index.ts';

/** The chats that this page holds open, so that what was written in one survives a look at another. */
export interface OpenChats {
  /** The chat's store, opened where there is none or where it has failed. */
  get(chatId: string): ChatStore;
  /** Closes every other chat, except those with messages that are on their way or could not be sent. */
  closeOthers(chatId: string | null): void;
}

export function createOpenChats(client: Pick<ChatClient, 'open'>): OpenChats {
  const stores = new Map<string, ChatStore>();
  return {
    get(chatId) {
      const known = stores.get(chatId);
      if (known && known.get().status !== 'failed') return known;
      known?.close();
      const store = client.open(chatId);
      stores.set(chatId, store);
      return store;
    },
    closeOthers(chatId) {
      for (const [id, store] of stores) {
        if (id === chatId || store.get().pending.length > 0) continue;
        store.close();
        stores.delete(id);
      }
    },
  };
}
