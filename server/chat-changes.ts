import type { Store } from '../db/store.ts';
import type { Chat } from '../shared/chat.ts';
import type { Feedback } from '../shared/feedback.ts';
import type { ChatId } from '../shared/ids.ts';
import type {
  ArchiveChat,
  CreateChat,
  ExportChat,
  ForkChat,
  GiveFeedback,
  OfChat,
  OfMessage,
  RenameChat,
} from '../shared/inputs.ts';
import type { Limits } from '../shared/limits.ts';
import { newId } from '../shared/new-id.ts';
import { exportChat } from './chat-export.ts';
import type { ExportedChat } from './chat-export.ts';
import type { ChatFeeds } from './chat-feeds.ts';
import type { ChatWatch } from './chat-watch.ts';
import type { User } from './connection.ts';
import type { Dispatcher } from './dispatcher.ts';

export interface ChatChangesOptions {
  readonly store: Store;
  readonly feeds: ChatFeeds;
  readonly watch: ChatWatch;
  readonly dispatcher: Dispatcher;
  readonly limits: Pick<Limits, 'debugChatMs'>;
}

/** Chats that one sweep deletes: a statement that takes no longer than others. What is left is for the next one. */
const chatsPerSweep = 100;

/** What is done to chats themselves, whatever is said in them: each change is stored, then told to whoever watches. */
export class ChatChanges {
  readonly #options: ChatChangesOptions;

  constructor(options: ChatChangesOptions) {
    this.#options = options;
  }

  async create(user: User, { chatId, app, title, draftTitle, debug }: CreateChat): Promise<Chat> {
    const { store, watch } = this.#options;
    const chat = await store.createChat(user.id, {
      chatId: chatId ?? newId<ChatId>(),
      app: app ?? null,
      title: title ?? draftTitle ?? null,
      titleIsDraft: title === undefined && draftTitle !== undefined,
      debug: debug ?? false,
    });
    watch.note(chat.id);
    return chat;
  }

  async rename(user: User, { chatId, title }: RenameChat): Promise<Chat> {
    return this.#changed(chatId, await this.#options.store.rename(user.id, chatId, title));
  }

  async archive(user: User, { chatId, archived }: ArchiveChat): Promise<Chat> {
    return this.#changed(chatId, await this.#options.store.archive(user.id, chatId, archived));
  }

  /** Shows another branch, to everybody who watches; a run that is active on this one goes on. */
  async selectBranch(user: User, { chatId, messageId }: OfMessage): Promise<Chat> {
    return this.#changed(chatId, await this.#options.store.selectBranch(user.id, chatId, messageId));
  }

  async fork(user: User, { chatId, messageId, newChatId = newId<ChatId>(), title }: ForkChat): Promise<Chat> {
    const { store, watch } = this.#options;
    const chat = await store.fork(user.id, { chatId, messageId, newChatId, title: title ?? null });
    watch.note(chat.id);
    return chat;
  }

  async giveFeedback(user: User, { chatId, ...change }: GiveFeedback): Promise<Feedback> {
    const result = await this.#options.store.giveFeedback(user.id, chatId, change);
    this.#options.feeds.publish(chatId, result);
    return result.feedback;
  }

  export(user: User, { chatId, format }: ExportChat): Promise<ExportedChat> {
    return exportChat(this.#options.store, user.id, chatId, format);
  }

  /** Stops the chat's run, tells whoever watches and ends their streams. */
  async delete(user: User, { chatId }: OfChat): Promise<{ chatId: ChatId }> {
    const { dispatcher, feeds, store, watch } = this.#options;
    const deleted = await store.deleteChat(user.id, chatId);
    feeds.publish(chatId, deleted);
    feeds.drop(chatId);
    watch.noteDeleted(user.id, chatId);
    if (deleted.activeRunId) await dispatcher.halt(chatId, deleted.activeRunId, { kind: 'stop' });
    return { chatId };
  }

  async markRead(user: User, { chatId }: OfChat): Promise<{ chatId: ChatId }> {
    await this.#options.store.markRead(user.id, chatId);
    this.#options.watch.note(chatId);
    return { chatId };
  }

  /** Deletes debug chats that nobody has used for long, and ends their streams. */
  async sweepDebugChats(): Promise<void> {
    const { feeds, limits, store } = this.#options;
    for (const deleted of await store.deleteDebugChats(limits.debugChatMs, chatsPerSweep)) {
      feeds.publish(deleted.chatId, deleted);
      feeds.drop(deleted.chatId);
    }
  }

  #changed(chatId: ChatId, change: Awaited<ReturnType<Store['rename']>>): Chat {
    this.#options.feeds.publish(chatId, change);
    return change.chat;
  }
}
