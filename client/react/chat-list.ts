import type { ChatClient } from '../index.ts';
import type { ErrorInfo } from '../call-error.ts';
import { Listeners } from '../listeners.ts';
import type { Chat } from '../../shared/chat.ts';
import type { FoundMessage, ListedChat } from '../../shared/listed-chat.ts';
import { isListed, isMissing, loadRows, withChat, withoutChat } from './chat-rows.ts';
import type { ChatFilter, ChatRow, ChatRows } from './chat-rows.ts';
import type { ChatStatus } from './chat-marks.ts';
import { Reloadable } from './reloadable.ts';

/** A chat as a list shows it. */
export interface ChatItem extends Chat {
  /** An answer has ended in it that its owner has seen nowhere yet. */
  readonly unread: boolean;
  /** An answer is being written in it, or waits for the person. */
  readonly running: boolean;
  /** `waiting`: for an answer of the person; `queued`: for its turn. */
  readonly status: ChatStatus;
  /** Of a search: the newest message that has its words, and a line of it with their places. */
  readonly found?: FoundMessage | undefined;
}

export interface ChatListState {
  /** Last active first. */
  readonly chats: readonly ChatItem[];
  /** Until the first answer, and while a further page is on its way; not while the list is merely refreshed. */
  readonly isLoading: boolean;
  /** Why the newest question failed; it is asked again by itself. */
  readonly error?: ErrorInfo;
  readonly hasMore: boolean;
}

export const unloaded: ChatListState = { chats: [], isLoading: true, hasMore: false };

/** What a list needs to know beyond what the server answers. */
export interface ChatListSource {
  readonly client: Pick<ChatClient, 'api' | 'connection'>;
  /** The chat as its stream tells it, which is newer than any answer. */
  readonly live: (chatId: string) => Chat | null;
  /** Told of every chat that an answer brings, as the server has listed it. */
  readonly notice: (listed: ListedChat) => void;
  isUnread(chatId: string): boolean;
  statusOf(chat: Chat): ChatStatus;
}

/** The chats that match one filter, as many pages as were asked for. */
export class ChatList {
  readonly #source: ChatListSource;
  readonly #filter: ChatFilter;
  readonly #rows: Reloadable<ChatRows>;
  readonly #listeners = new Listeners();
  #pages = 1;
  #state = unloaded;

  constructor(source: ChatListSource, filter: ChatFilter) {
    this.#source = source;
    this.#filter = filter;
    this.#rows = new Reloadable(
      () => this.#load(),
      () => this.update(),
    );
  }

  /** The same object until something changes. */
  get(): ChatListState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  reload(): void {
    this.#rows.reload();
  }

  /** The same because somebody asked for it: shows that it is under way where the last try failed. */
  reloadNow(): void {
    this.#rows.forgive();
    this.#rows.reload();
  }

  loadMore(): void {
    const { isLoading, hasMore, error } = this.#state;
    if (isLoading || !hasMore) return;
    if (!error) this.#pages += 1;
    this.reloadNow();
    this.update();
  }

  /** What a stream told of a chat. */
  show(chat: Chat): void {
    const { value } = this.#rows.get();
    if (!value) return;
    if (isMissing(value, chat, this.#filter)) this.#rows.reload();
    else if (value.chats.some(({ id }) => id === chat.id))
      this.#rows.patch((rows) => withChat(rows, chat, this.#filter));
  }

  /** What the server told of a chat that no stream tells of. */
  tell(chat: Chat): void {
    this.#rows.tell((rows) => this.#with(rows, chat));
  }

  /** A chat that was made or changed here. Which further ones match a search now only the server knows. */
  change(chat: Chat): void {
    this.#rows.change((rows) => this.#with(rows, chat));
  }

  remove(chatId: string): void {
    this.#rows.change((rows) => withoutChat(rows, chatId));
  }

  /** Builds the state anew, after a mark has changed. */
  update(): void {
    const { value, error } = this.#rows.get();
    const known = new Map(this.#state.chats.map((item) => [item.id as string, item]));
    this.#state = {
      chats: (value?.chats ?? []).map((chat) => this.#item(chat, known.get(chat.id))),
      isLoading: this.#isLoading(value, error),
      hasMore: value?.hasMore ?? false,
      ...(error && this.#isWorthTelling(error) && { error }),
    };
    this.#listeners.notify();
  }

  close(): void {
    this.#rows.close();
  }

  #with(rows: ChatRows, chat: Chat): ChatRows {
    return isListed(rows, chat) || isMissing(rows, chat, this.#filter) ? withChat(rows, chat, this.#filter) : rows;
  }

  async #load(): Promise<ChatRows> {
    const { client, live, notice } = this.#source;
    let rows = await loadRows(client.api, this.#filter, this.#pages, notice);
    for (const { id } of rows.chats) {
      const chat = live(id);
      if (chat) rows = withChat(rows, chat, this.#filter);
    }
    return rows;
  }

  /** The item that is shown already where nothing about it changed, so that its row need not be rendered again. */
  #item(chat: ChatRow, known: ChatItem | undefined): ChatItem {
    const status = this.#source.statusOf(chat);
    const item = { ...chat, unread: this.#source.isUnread(chat.id), running: chat.activeRunId !== null, status };
    return known && isSame(known, item) ? known : item;
  }

  #isLoading(value: ChatRows | null, error: ErrorInfo | undefined): boolean {
    if (error && this.#isWorthTelling(error)) return false;
    return value === null || value.pages < this.#pages;
  }

  /** What a lost connection cut off is asked again when it is back: that is no failure, it merely takes longer. */
  #isWorthTelling(error: ErrorInfo): boolean {
    const { status } = this.#source.client.connection.get();
    return error.code !== null || status === 'open' || status === 'closed';
  }
}

function isSame(one: ChatItem, other: ChatItem): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
