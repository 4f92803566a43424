import type { Chat } from '../../shared/chat.ts';
import type { WatchEvent } from '../../shared/watch.ts';
import { ChatList, unloaded } from './chat-list.ts';
import type { ChatListSource, ChatListState } from './chat-list.ts';
import type { ChatFilter } from './chat-rows.ts';
import { refreshing } from './refreshing.ts';
import type { Surroundings } from './surroundings.ts';
import { Usage } from './usage.ts';
import { watchChats } from './watch-chats.ts';

interface OpenList {
  readonly list: ChatList;
  readonly shown: Usage;
}

/** The lists of chats that are shown, one for each filter, kept fresh as long as there is one. */
export class ChatLists {
  readonly #source: ChatListSource;
  readonly #onEvent: (event: WatchEvent) => void;
  readonly #around: Surroundings;
  readonly #lists = new Map<string, OpenList>();
  #stopRefreshing: (() => void) | null = null;

  /** @param onEvent told what the server tells of the user's chats while a list is shown */
  constructor(source: ChatListSource, onEvent: (event: WatchEvent) => void, around: Surroundings) {
    this.#source = source;
    this.#onEvent = onEvent;
    this.#around = around;
  }

  /** What is known of the list; asks nothing. */
  get(filter: ChatFilter): ChatListState {
    return this.#lists.get(keyOf(filter))?.list.get() ?? unloaded;
  }

  /** Asks for the list where it is not there, and calls the listener after each change. Returns what ends that. */
  show(filter: ChatFilter, listener: () => void): () => void {
    const known = this.find(filter);
    const { list, shown } = this.#open(filter);
    // What a search finds by now nobody tells: whoever comes back to it asks again.
    if (known && !shown.isUsed && filter.search !== '') list.reload();
    const unsubscribe = list.subscribe(listener);
    const end = shown.begin();
    return () => {
      unsubscribe();
      end();
    };
  }

  /** The list while it is shown. */
  find(filter: ChatFilter): ChatList | null {
    return this.#lists.get(keyOf(filter))?.list ?? null;
  }

  each(act: (list: ChatList) => void): void {
    for (const { list } of this.#lists.values()) act(list);
  }

  /** A chat that was made or changed here: shown at once wherever it belongs. */
  change(chat: Chat): void {
    this.each((list) => list.change(chat));
  }

  closeAll(): void {
    for (const key of this.#lists.keys()) this.#close(key);
  }

  #open(filter: ChatFilter): OpenList {
    const key = keyOf(filter);
    const known = this.#lists.get(key);
    if (known) return known;
    const open = { list: new ChatList(this.#source, filter), shown: new Usage(() => this.#close(key)) };
    this.#lists.set(key, open);
    this.#stopRefreshing ??= this.#startRefreshing();
    open.list.reload();
    return open;
  }

  #close(key: string): void {
    const open = this.#lists.get(key);
    open?.shown.cancel();
    open?.list.close();
    this.#lists.delete(key);
    if (this.#lists.size > 0) return;
    this.#stopRefreshing?.();
    this.#stopRefreshing = null;
  }

  #startRefreshing(): () => void {
    const reload = (): void => this.each((list) => list.reload());
    const stop = refreshing(this.#source.client.connection, this.#around, reload);
    const stopWatching = watchChats(this.#source.client, this.#onEvent);
    return () => {
      stop();
      stopWatching();
    };
  }
}

function keyOf({ search, archived }: ChatFilter): string {
  return `${archived ? 'archived' : 'current'} ${search}`;
}
