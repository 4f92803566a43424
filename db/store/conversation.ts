import type { ChatId, MessageId } from '../../shared/ids.ts';
import type { Message } from '../../shared/message.ts';
import { toMessage } from '../rows.ts';
import type { Sql } from '../sql.ts';
import { branchPath } from './branch-path.ts';

/** Oldest first. */
export async function messagesBefore(db: Sql, chatId: ChatId, messageId: MessageId, limit: number): Promise<Message[]> {
  const [, ...before] = await branchPath(db, { chatId, from: messageId, limit: limit + 1 });
  return before.map(toMessage).toReversed();
}
