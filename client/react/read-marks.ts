import type { Chat } from '../../shared/chat.ts';

type Seen = Pick<Chat, 'leafMessageId' | 'activeRunId' | 'updatedAt'>;

/**
 * Which chats have something that was not seen: an answer that ended while nobody here showed its chat.
 *
 * Kept in memory. A chat that is met for the first time counts as read, since nobody knows what was seen of it elsewhere.
 */
export class ReadMarks {
  readonly #onChange: () => void;
  readonly #seen = new Map<string, Seen>();
  readonly #unread = new Set<string>();

  /** @param onChange called after a chat has become unread or read */
  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  isUnread(chatId: string): boolean {
    return this.#unread.has(chatId);
  }

  /** Somebody sees the chat as it is. */
  look(chat: Chat): void {
    this.#seen.set(chat.id, chat);
    if (this.#unread.delete(chat.id)) this.#onChange();
  }

  /** The chat has become this while nobody showed it. */
  notice(chat: Chat): void {
    const seen = this.#seen.get(chat.id);
    if (!seen) this.#seen.set(chat.id, chat);
    else if (!this.#unread.has(chat.id) && hasNews(seen, chat)) {
      this.#unread.add(chat.id);
      this.#onChange();
    }
  }

  forget(chatId: string): void {
    this.#seen.delete(chatId);
    this.#unread.delete(chatId);
  }
}

/** What is older than what was seen, as a late answer of the server may be, is no news. */
function hasNews(seen: Seen, chat: Chat): boolean {
  if (chat.updatedAt < seen.updatedAt) return false;
  const hasEnded = seen.activeRunId !== null && seen.activeRunId !== chat.activeRunId;
  return hasEnded || (chat.activeRunId === null && seen.leafMessageId !== chat.leafMessageId);
}
