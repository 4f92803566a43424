import type { Chat } from '../../shared/chat.ts';
import type { WatchedChat } from '../../shared/watch.ts';

export type ChatStatus = WatchedChat['status'];

/** What the server has told of the chats besides what they are: what goes on in them, and which have unread answers. */
export class ChatMarks {
  readonly #told = new Map<string, WatchedChat>();
  /** Up to which message each chat was read. */
  readonly #read = new Map<string, string | null>();

  /** Chats of which the server has told since it began to: it tells of each change of theirs. */
  readonly #followed = new Set<string>();

  /** The server begins to tell anew; what became of other chats meanwhile it does not. */
  begin(): void {
    this.#followed.clear();
  }

  tell(entry: WatchedChat): void {
    this.#followed.add(entry.chat.id);
    this.#set(entry);
  }

  /** What a list said, which may be older than what was told. */
  list(entry: WatchedChat): void {
    if (!this.#followed.has(entry.chat.id)) this.#set(entry);
  }

  #set(entry: WatchedChat): void {
    this.#told.set(entry.chat.id, entry);
    if (!entry.unread) this.#read.set(entry.chat.id, entry.chat.leafMessageId);
  }

  isUnread(chatId: string): boolean {
    return this.#told.get(chatId)?.unread ?? false;
  }

  /** What goes on in the chat, which may be newer than what was told. */
  statusOf(chat: Chat): ChatStatus {
    const told = this.#told.get(chat.id);
    if (chat.activeRunId === null) return told?.status === 'queued' ? 'queued' : 'idle';
    return told?.status === 'waiting' && told.chat.activeRunId === chat.activeRunId ? 'waiting' : 'running';
  }

  /** Whether the server should be told that the chat was read as it is: until then it may count an answer as unread. */
  isNews({ id, leafMessageId }: Chat): boolean {
    return leafMessageId !== null && (this.isUnread(id) || this.#read.get(id) !== leafMessageId);
  }

  read({ id, leafMessageId }: Chat): void {
    this.#read.set(id, leafMessageId);
    const told = this.#told.get(id);
    if (told?.unread) this.#told.set(id, { ...told, unread: false });
  }

  /** The server could not be told. */
  unread({ id }: Chat): void {
    this.#read.delete(id);
  }

  forget(chatId: string): void {
    this.#followed.delete(chatId);
    this.#told.delete(chatId);
    this.#read.delete(chatId);
  }
}
