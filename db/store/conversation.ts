import { and, desc, eq, lt } from 'drizzle-orm';
import { alias } from 'drizzle-orm/pg-core';
import type { ChatId, MessageId } from '../../shared/ids.ts';
import type { Message } from '../../shared/message.ts';
import { toMessage } from '../rows.ts';
import { messages } from '../schema.ts';
import type { Sql } from '../sql.ts';

/** Oldest first. */
export async function messagesBefore(db: Sql, chatId: ChatId, messageId: MessageId, limit: number): Promise<Message[]> {
  const last = alias(messages, 'last');
  const rows = await db
    .select({ message: messages })
    .from(last)
    .innerJoin(messages, and(eq(messages.chatId, last.chatId), lt(messages.seq, last.seq)))
    .where(and(eq(last.chatId, chatId), eq(last.id, messageId)))
    .orderBy(desc(messages.seq))
    .limit(limit);
  return rows.map(({ message }) => toMessage(message)).toReversed();
}
