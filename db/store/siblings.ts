import { sql } from 'drizzle-orm';
import type { ChatId, MessageId } from '../../shared/ids.ts';
import type { Message } from '../../shared/message.ts';
import { messages } from '../schema.ts';
import type { Sql } from '../sql.ts';
import { statement } from '../statement.ts';

/** Tells each of these messages of one chat which others stand in its place on other branches. */
export async function withSiblings(db: Sql, chatId: ChatId, found: readonly Message[]): Promise<Message[]> {
  const parents = [...new Set(found.map(({ parentId }) => parentId))];
  const others = await findSiblings(db, {
    chatId,
    parents: JSON.stringify(parents.filter((id) => id !== null)),
    withRoots: parents.includes(null),
  });
  const idsOf = Map.groupBy(others, ({ parentId }) => parentId);
  return found.map((message) => {
    const ids = idsOf.get(message.parentId)?.map(({ id }) => id);
    return ids ? { ...message, siblings: { index: ids.indexOf(message.id), ids } } : message;
  });
}

/** How many messages stand in one place. */
export async function countSiblings(db: Sql, chatId: ChatId, parentId: MessageId | null): Promise<number> {
  const parents = JSON.stringify(parentId === null ? [] : [parentId]);
  const found = await findSiblings(db, { chatId, parents, withRoots: parentId === null });
  return Math.max(1, found.length);
}

/** Where there are several: in the order in which they were made. */
const findSiblings = statement(
  sql`
    with child as (
      select message.id, message.parent_id, message.seq
      from json_array_elements_text(${sql.placeholder('parents')}::json) as parent (id) cross join lateral (
        select id, parent_id, seq from ${messages} as message
        where message.chat_id = ${sql.placeholder('chatId')}::uuid and message.parent_id = parent.id::uuid
        offset 0
      ) as message
      union all
      select id, parent_id, seq from ${messages} as message
      where message.chat_id = ${sql.placeholder('chatId')}::uuid and message.parent_id is null
        and ${sql.placeholder('withRoots')}::boolean
    ), counted as (
      select *, count(*) over (partition by parent_id) as siblings from child
    )
    select id, parent_id from counted where siblings > 1 order by seq`,
  { id: messages.id, parentId: messages.parentId },
);
