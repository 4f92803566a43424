import { sql } from 'drizzle-orm';
import type { ChatId, UserId } from '../../shared/ids.ts';
import type { RunRow } from '../rows.ts';
import { chats, runs } from '../schema.ts';
import type { Sql } from '../sql.ts';
import { statement } from '../statement.ts';
import type { ChatPlace } from '../store.ts';

export interface OwnedChat {
  readonly userId: UserId;
  readonly chatId: ChatId;
}

/** How far the logs of these chats have come; null for one that is missing or another's. */
export async function chatPlaces(db: Sql, asked: readonly OwnedChat[]): Promise<(ChatPlace | null)[]> {
  const records = asked.map(({ userId, chatId }, index) => ({ index, owner_id: userId, chat_id: chatId }));
  const found = await findPlaces(db, { asked: JSON.stringify(records) });
  const placeOf = new Map(found.map((row) => [row.index, row]));
  return asked.map((_, index) => {
    const row = placeOf.get(index);
    return row ? { seq: row.seq, suspended: suspensionOf(row) } : null;
  });
}

/** The newest question of a chat's active run. */
export function suspensionOf({ id, suspendedSeq }: Pick<RunRow, 'id' | 'suspendedSeq'>): ChatPlace['suspended'] {
  return suspendedSeq === null ? null : { runId: id, seq: suspendedSeq };
}

const findPlaces = statement(
  sql`
    select asked.index, chat.seq, run.id, run.suspended_seq
    from json_to_recordset(${sql.placeholder('asked')}::json) as asked (index integer, owner_id text, chat_id uuid)
      join ${chats} as chat on chat.id = asked.chat_id and chat.owner_id = asked.owner_id
      left join ${runs} as run on run.id = chat.active_run_id`,
  { index: chats.seq, seq: chats.seq, id: runs.id, suspendedSeq: runs.suspendedSeq },
);
