import type { ChatClient } from '../index.ts';
import type { Chat } from '../../shared/chat.ts';
import { SharedChat, unopened } from './shared-chat.ts';
import type { SharedChatState } from './shared-chat.ts';
import { Usage } from './usage.ts';

/** Told about what the open chats bring, whoever shows them. */
export interface ChatsObserver {
  /** The chat itself is another than before: a message, the beginning or end of an answer, a new title. */
  onChat(chat: Chat): void;
  onDeleted(chatId: string): void;
}

interface OpenChat {
  readonly shared: SharedChat;
  readonly shown: Usage;
  /** What the observer was told last. */
  told: Pick<SharedChatState, 'chat' | 'status'>;
}

/**
 * The chats that are open: each has one stream, shared by every component that shows it.
 *
 * One that nobody shows any more is closed a little later, except while an answer is being written or waited for in it,
 * so that its end is noticed, and while it has messages that are on their way or could not be sent.
 */
export class OpenChats {
  readonly #client: Pick<ChatClient, 'open' | 'api'>;
  readonly #observer: ChatsObserver;
  readonly #chats = new Map<string, OpenChat>();

  constructor(client: Pick<ChatClient, 'open' | 'api'>, observer: ChatsObserver) {
    this.#client = client;
    this.#observer = observer;
  }

  /** What is known of the chat; opens nothing. */
  get(chatId: string): SharedChatState {
    return this.#chats.get(chatId)?.shared.get() ?? unopened;
  }

  /** The chat as its open stream tells it; null where there is none. */
  live(chatId: string): Chat | null {
    const { status, chat } = this.get(chatId);
    return status === 'ready' ? chat : null;
  }

  isShown(chatId: string): boolean {
    return this.#chats.get(chatId)?.shown.isUsed ?? false;
  }

  /** Shows the chat: opens it where it is not, and calls the listener after each change. Returns what ends that. */
  show(chatId: string, listener: () => void): () => void {
    const { shared, shown } = this.#open(chatId);
    const unsubscribe = shared.subscribe(listener);
    const end = shown.begin();
    const { chat } = shared.get();
    if (chat) this.#observer.onChat(chat);
    return () => {
      unsubscribe();
      end();
    };
  }

  /** To do something in the chat, whether or not anybody shows it. */
  use(chatId: string): SharedChat {
    const { shared, shown } = this.#open(chatId);
    shown.expire();
    return shared;
  }

  closeAll(): void {
    for (const chatId of this.#chats.keys()) this.#close(chatId);
  }

  #open(chatId: string): OpenChat {
    const known = this.#chats.get(chatId);
    if (known) return known;
    const { api } = this.#client;
    const shared = new SharedChat(this.#client.open(chatId), (cursor) => api.chat.history.query({ chatId, cursor }));
    const open: OpenChat = { shared, shown: new Usage(() => this.#closeIdle(chatId)), told: unopened };
    this.#chats.set(chatId, open);
    shared.subscribe(() => this.#onChange(chatId, open));
    return open;
  }

  #onChange(chatId: string, open: OpenChat): void {
    const { told, shown, shared } = open;
    const { chat, status } = shared.get();
    open.told = { chat, status };
    if (status === 'deleted' && told.status !== status) this.#observer.onDeleted(chatId);
    if (status === 'ready' && chat && told.chat !== chat) this.#observer.onChat(chat);
    if (!shared.isBusy) shown.expire();
  }

  #closeIdle(chatId: string): void {
    if (!this.#chats.get(chatId)?.shared.isBusy) this.#close(chatId);
  }

  #close(chatId: string): void {
    const open = this.#chats.get(chatId);
    open?.shown.cancel();
    open?.shared.close();
    this.#chats.delete(chatId);
  }
}
