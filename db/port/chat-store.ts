import type { App, Chat } from '../../shared/chat.ts';
import type { ChatView } from '../../shared/events.ts';
import type { Feedback } from '../../shared/feedback.ts';
import type { ChatId, MessageId, RunId, ShareId, UserId } from '../../shared/ids.ts';
import type { Message } from '../../shared/message.ts';
import type { NodeProgress } from '../../shared/node-progress.ts';
import type { InputRequest, Run } from '../../shared/run.ts';
import type { Change, ChatLogEntry, ChatPlace } from './chat-log.ts';
import type { Page } from './page.ts';

/** A chat's durable state at one moment; everything in it was read in one transaction. */
export interface StoredChat extends ChatPlace {
  readonly chat: Chat;
  readonly activeRun: Run | null;
  readonly pendingInput: InputRequest | null;
  readonly queue: Run[];
  /** How far the active run's nodes have come, as recorded, where it has any. */
  readonly nodes?: NodeProgress[];
}

/** A view and the place in the chat log that it stands at. */
export interface StoredView extends ChatPlace {
  readonly view: ChatView;
}

/** What is absent stays as it was. */
export interface FeedbackChange {
  readonly messageId: MessageId;
  readonly rating?: Feedback['rating'] | undefined;
  /** Null or empty: none any more. */
  readonly comment?: string | null | undefined;
  /** Whether it was copied once more. */
  readonly copied?: boolean | undefined;
}

/** Chats, what is read of them, and what is done to them as a whole. */
export interface ChatStore {
  /** A repeated `chatId` returns the chat that exists. Errors: `NOT_FOUND` for an unknown app or a foreign chat, `APP_UNPUBLISHED`. */
  createChat(
    userId: UserId,
    chat: {
      readonly chatId: ChatId;
      readonly app: App | null;
      readonly title: string | null;
      readonly titleIsDraft?: boolean;
      readonly debug: boolean;
    },
  ): Promise<Chat>;
  chat(userId: UserId, chatId: ChatId): Promise<StoredChat>;
  /** Asked whenever a stream goes on. */
  place(userId: UserId, chatId: ChatId): Promise<ChatPlace>;
  /** The chat and the newest page of the branch that is shown, within the limits of a snapshot. */
  view(userId: UserId, chatId: ChatId): Promise<StoredView>;
  /** The branch that is shown: newest page first, oldest message first inside it. A streaming message has what was recorded of it. */
  history(userId: UserId, chatId: ChatId, page: Page): Promise<{ messages: Message[]; nextCursor: string | null }>;
  /**
   * Entries after `seq`, oldest first, at most `limit`. The log keeps type and ids; content is read from its own table
   * and shown as it was then: an answer that has been completed since was added `streaming`, without parts.
   */
  entries(chatId: ChatId, seq: number, limit: number): Promise<ChatLogEntry[]>;
  rename(userId: UserId, chatId: ChatId, title: string): Promise<Change & { chat: Chat }>;
  /** The title of a chat that has none, or a draft; one that somebody gave it stays. */
  titleIfNone(userId: UserId, chatId: ChatId, title: string): Promise<Change & { chat: Chat }>;
  archive(userId: UserId, chatId: ChatId, archived: boolean): Promise<Change & { chat: Chat }>;
  /** Shares the chat under this id, or keeps the one under which it is shared already. */
  share(userId: UserId, chatId: ChatId, shareId: ShareId): Promise<Change & { chat: Chat }>;
  unshare(userId: UserId, chatId: ChatId): Promise<Change & { chat: Chat }>;
  /** Which chat is shared under this id, and whose it is; null when none is. */
  sharedChat(shareId: ShareId): Promise<{ chatId: ChatId; userId: UserId } | null>;
  /** What the owner thinks of an answer. Errors: `NOT_FOUND`, `CONFLICT_BUSY` while it is being written. */
  giveFeedback(userId: UserId, chatId: ChatId, change: FeedbackChange): Promise<Change & { feedback: Feedback }>;
  /** Takes everything of the chat with it; `activeRunId` is what has to be stopped. */
  deleteChat(userId: UserId, chatId: ChatId): Promise<Change & { activeRunId: RunId | null }>;
  /**
   * Deletes debug chats of everybody that nothing was said in, and in which no run ended, for so many milliseconds; at
   * most `limit`, those first that were used least lately. None in which a run is active or waits.
   */
  deleteDebugChats(unusedMs: number, limit: number): Promise<(Change & { chatId: ChatId })[]>;
}
