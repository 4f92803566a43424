import type { ChatId, UserId } from '../../shared/ids.ts';
import type { ListedChat } from '../../shared/listed-chat.ts';
import type { WatchedChat } from '../../shared/watch.ts';
import type { Page } from './page.ts';

export interface ListChats extends Page {
  readonly search?: string | undefined;
  readonly archived?: boolean | undefined;
}

/** Lists of chats, what is unread in them, and what a search finds. */
export interface ListStore {
  /** Last active first, each with what goes on in it; of a search with the message that it has found. */
  chats(userId: UserId, query: ListChats): Promise<{ chats: ListedChat[]; nextCursor: string | null }>;
  /** Everything of the chat is read. Errors: `NOT_FOUND`. */
  markRead(userId: UserId, chatId: ChatId): Promise<void>;
  /** The beginning of the user's list, last active first, as lists show it. */
  watchedList(userId: UserId, limit: number): Promise<{ chats: WatchedChat[]; nextCursor: string | null }>;
  /** These chats as lists show them, and whose they are; without debug chats and those that are gone. */
  watchedChats(chatIds: readonly ChatId[]): Promise<(WatchedChat & { userId: UserId })[]>;
  /** Makes what was said in these chats known to the search; those in which something is being written are left out. */
  indexMessages(chatIds: readonly ChatId[]): Promise<void>;
  /** Chats that `indexMessages` has not seen since something was said in them. */
  unindexed(): Promise<ChatId[]>;
}
