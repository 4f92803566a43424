import { sql } from 'drizzle-orm';
import type { ChatId, UserId } from '../../shared/ids.ts';
import { chats } from '../schema.ts';
import type { Sql } from '../sql.ts';
import { statement } from '../statement.ts';

export interface OwnedChat {
  readonly userId: UserId;
  readonly chatId: ChatId;
}

/** How far the logs of these chats have come; null for one that is missing or another's. */
export async function chatSeqs(db: Sql, asked: readonly OwnedChat[]): Promise<(number | null)[]> {
  const records = asked.map(({ userId, chatId }, index) => ({ index, owner_id: userId, chat_id: chatId }));
  const found = await findSeqs(db, { asked: JSON.stringify(records) });
  const seqOf = new Map(found.map(({ index, seq }) => [index, seq]));
  return asked.map((_, index) => seqOf.get(index) ?? null);
}

const findSeqs = statement(
  sql`
    select asked.index, chat.seq
    from json_to_recordset(${sql.placeholder('asked')}::json) as asked (index integer, owner_id text, chat_id uuid)
      join ${chats} as chat on chat.id = asked.chat_id and chat.owner_id = asked.owner_id`,
  // Numbers both.
  { index: chats.seq, seq: chats.seq },
);
