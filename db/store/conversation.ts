import { and, desc, eq, lt } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { ChatId, MessageId } from '../../shared/ids.ts';
import type { Message } from '../../shared/message.ts';
import { toMessage } from '../rows.ts';
import { messages } from '../schema.ts';
import type { Sql } from '../sql.ts';

/** Oldest first. Without the chat an id that several chats have is refused: it could be anybody's. */
export async function messagesBefore(
  db: Sql,
  messageId: MessageId,
  limit: number,
  chatId: ChatId | undefined,
): Promise<Message[]> {
  const chat = chatId ?? (await onlyChatOf(db, messageId));
  if (chat === null) return [];
  const last = alias(messages, 'last');
  const rows = await db
    .select({ message: messages })
    .from(last)
    .innerJoin(messages, and(eq(messages.chatId, last.chatId), lt(messages.seq, last.seq)))
    .where(and(eq(last.chatId, chat), eq(last.id, messageId)))
    .orderBy(desc(messages.seq))
    .limit(limit);
  return rows.map(({ message }) => toMessage(message)).toReversed();
}

async function onlyChatOf(db: Sql, messageId: MessageId): Promise<ChatId | null> {
  const found = await db.select({ chatId: messages.chatId }).from(messages).where(eq(messages.id, messageId)).limit(2);
  if (found.length > 1) throw new Error(`message ${messageId} is in several chats: say in which`);
  return found[0]?.chatId ?? null;
}
