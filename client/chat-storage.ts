import type { ChatView } from '../shared/events.ts';

/** A view and the cursor that stands just after it: what a stream needs to go on without a snapshot. */
export interface KeptView {
  readonly view: ChatView;
  readonly cursor: string;
}

/** Where the views of open chats outlive their page. Whatever it throws counts as nothing kept. */
export interface ChatStorage {
  load(chatId: string): KeptView | null;
  save(chatId: string, kept: KeptView): void;
  remove(chatId: string): void;
}

/** What `localStorage` and `sessionStorage` have in common. */
export interface WebStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
}

/** Names the shape of what is kept, so that a later one is not taken for it. */
const prefix = 'switchboard:view:1:';

/** Keeps views in the browser: `webStorage(sessionStorage)` for as long as the tab is there, `localStorage` for good. */
export function webStorage(storage: WebStorage): ChatStorage {
  return {
    load(chatId) {
      const kept = storage.getItem(prefix + chatId);
      return kept === null ? null : (JSON.parse(kept) as KeptView);
    },
    save: (chatId, kept) => storage.setItem(prefix + chatId, JSON.stringify(kept)),
    remove: (chatId) => storage.removeItem(prefix + chatId),
  };
}
