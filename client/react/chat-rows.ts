import type { ChatClient } from '../index.ts';
import type { Chat } from '../../shared/chat.ts';
import type { FoundMessage, ListedChat } from '../../shared/listed-chat.ts';

/** Which chats a list shows. */
export interface ChatFilter {
  /** Words to find in titles and messages; empty for all chats. */
  readonly search: string;
  readonly archived: boolean;
}

/** A chat of a list, with the message in which a search has found its words. */
export interface ChatRow extends Chat {
  readonly found?: FoundMessage | undefined;
}

/** The first pages of a list, last active first. */
export interface ChatRows {
  readonly chats: readonly ChatRow[];
  readonly pages: number;
  readonly hasMore: boolean;
}

/** Chats in one page. */
const pageLength = 50;

/** @param onListed told of every chat as the server has listed it */
export async function loadRows(
  api: ChatClient['api'],
  filter: ChatFilter,
  pages: number,
  onListed: (listed: ListedChat) => void,
): Promise<ChatRows> {
  const { search, archived } = filter;
  const chats = new Map<string, ChatRow>();
  let cursor: string | null = null;
  for (let page = 0; page < pages && (page === 0 || cursor !== null); page += 1) {
    const answer: { chats: ListedChat[]; nextCursor: string | null } = await api.chat.list.query({
      limit: pageLength,
      ...(search !== '' && { search }),
      ...(archived && { archived }),
      ...(cursor !== null && { cursor }),
    });
    // A chat that moved up between two questions is in both answers.
    for (const listed of answer.chats) {
      const { status: _, unread: _unread, ...chat } = listed;
      chats.set(chat.id, chat);
      onListed(listed);
    }
    cursor = answer.nextCursor;
  }
  return { chats: [...chats.values()], pages, hasMore: cursor !== null };
}

/** The rows with the chat as it is now, at its place; without it where it is filed elsewhere by now. */
export function withChat(rows: ChatRows, chat: Chat, filter: ChatFilter): ChatRows {
  const others = rows.chats.filter(({ id }) => id !== chat.id);
  if (!isFiled(chat, filter)) return others.length === rows.chats.length ? rows : { ...rows, chats: others };
  const found = rows.chats.find(({ id }) => id === chat.id)?.found;
  return { ...rows, chats: [...others, found ? { ...chat, found } : chat].toSorted(lastActiveFirst) };
}

export function withoutChat(rows: ChatRows, chatId: string): ChatRows {
  const chats = rows.chats.filter(({ id }) => id !== chatId);
  return chats.length === rows.chats.length ? rows : { ...rows, chats };
}

export function isListed(rows: ChatRows, chat: Chat): boolean {
  return rows.chats.some(({ id }) => id === chat.id);
}

/** Whether the chat should be among the rows although it is not, as far as can be told without asking the server. */
export function isMissing(rows: ChatRows, chat: Chat, filter: ChatFilter): boolean {
  if (isListed(rows, chat) || filter.search !== '' || !isFiled(chat, filter)) return false;
  const last = rows.chats.at(-1);
  return !rows.hasMore || last === undefined || lastActiveFirst(chat, last) < 0;
}

function isFiled(chat: Chat, filter: ChatFilter): boolean {
  return (chat.archivedAt !== null) === filter.archived;
}

/** As the server orders them. Times are ISO 8601 in UTC with milliseconds, so that they compare as text. */
function lastActiveFirst(one: Chat, other: Chat): number {
  if (one.updatedAt !== other.updatedAt) return one.updatedAt < other.updatedAt ? 1 : -1;
  return one.id < other.id ? 1 : -1;
}
