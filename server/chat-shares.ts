import type { Store } from '../db/store.ts';
import type { Chat } from '../shared/chat.ts';
import type { ChatView } from '../shared/events.ts';
import type { ChatId, ShareId, UserId } from '../shared/ids.ts';
import type { OfChat, OfShare, ShareHistory, StreamChat, StreamShare } from '../shared/inputs.ts';
import type { ChatFeeds } from './chat-feeds.ts';
import { newShareId, notShared, sharedEvents, sharedMessage, sharedView } from './chat-share.ts';
import type { StreamedEvent } from './chat-stream.ts';
import type { Connection, User } from './connection.ts';

export interface ChatSharesOptions {
  readonly store: Pick<Store, 'share' | 'unshare' | 'sharedChat' | 'view' | 'history'>;
  readonly feeds: Pick<ChatFeeds, 'publish'>;
  /** The stream of a chat, as its owner has it. */
  readonly stream: (
    connection: Connection,
    user: User,
    input: StreamChat,
    signal: AbortSignal,
  ) => AsyncIterable<StreamedEvent>;
}

/** Chats that their owners let others read, and what those read. */
export class ChatShares {
  readonly #options: ChatSharesOptions;

  constructor(options: ChatSharesOptions) {
    this.#options = options;
  }

  /** Shares the chat with whoever has the id; one that is shared already keeps its id. */
  async share(user: User, { chatId }: OfChat): Promise<{ shareId: ShareId }> {
    const shareId = newShareId();
    const { feeds, store } = this.#options;
    const change = await store.share(user.id, chatId, shareId);
    feeds.publish(chatId, change);
    return { shareId: change.chat.shareId ?? shareId };
  }

  /** From now on nobody else reads it; streams of those who do end. */
  async unshare(user: User, { chatId }: OfChat): Promise<Chat> {
    const { feeds, store } = this.#options;
    const change = await store.unshare(user.id, chatId);
    feeds.publish(chatId, change);
    return change.chat;
  }

  /** The chat that is shared under this id, as `stream` tells it, without what is its owner's. Errors: also `NOT_FOUND`. */
  async *stream(
    connection: Connection,
    { shareId, lastEventId }: StreamShare,
    signal: AbortSignal,
  ): AsyncGenerator<StreamedEvent, void, void> {
    const { chatId, userId } = await this.#shared(shareId);
    yield* sharedEvents(this.#options.stream(connection, { id: userId }, { chatId, lastEventId }, signal), shareId);
  }

  async view({ shareId }: OfShare): Promise<ChatView> {
    const { chatId, userId } = await this.#shared(shareId);
    return sharedView((await this.#options.store.view(userId, chatId)).view);
  }

  async history({ shareId, cursor, limit }: ShareHistory) {
    const { chatId, userId } = await this.#shared(shareId);
    const page = await this.#options.store.history(userId, chatId, { cursor, limit });
    return { ...page, messages: page.messages.map(sharedMessage) };
  }

  async #shared(shareId: ShareId): Promise<{ chatId: ChatId; userId: UserId }> {
    const found = await this.#options.store.sharedChat(shareId);
    if (!found) throw notShared();
    return found;
  }
}
