import { and, eq } from 'drizzle-orm';
import { SwitchboardError } from '../../shared/errors.ts';
import type { ChatId, MessageId } from '../../shared/ids.ts';
import type { MessageRow } from '../rows.ts';
import { messages } from '../schema.ts';
import type { Sql } from '../sql.ts';

/** Errors: `NOT_FOUND` when the chat has no such message. */
export async function findMessage(tx: Sql, chatId: ChatId, messageId: MessageId): Promise<MessageRow> {
  const [message] = await tx
    .select()
    .from(messages)
    .where(and(eq(messages.id, messageId), eq(messages.chatId, chatId)));
  if (!message) throw new SwitchboardError('NOT_FOUND', `The chat has no message ${messageId}.`);
  return message;
}
