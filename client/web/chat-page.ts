import type { ChatClient } from '../index.ts';
import type { Chat } from '../../shared/chat.ts';

/** The newest chats, last active first. */
export interface ChatPage {
  readonly chats: readonly Chat[];
  readonly hasMore: boolean;
}

/** Chats that one question brings. */
const pageLength = 50;

export async function loadChats(api: ChatClient['api'], pages: number): Promise<ChatPage> {
  const chats = new Map<string, Chat>();
  let cursor: string | null = null;
  for (let page = 0; page < pages && (page === 0 || cursor !== null); page += 1) {
    const answer: { chats: Chat[]; nextCursor: string | null } = await api.chat.list.query({
      limit: pageLength,
      ...(cursor !== null && { cursor }),
    });
    // A chat that moved up between two questions is in both answers.
    for (const chat of answer.chats) chats.set(chat.id, chat);
    cursor = answer.nextCursor;
  }
  return { chats: [...chats.values()], hasMore: cursor !== null };
}
