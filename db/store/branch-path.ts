import { getTableColumns, sql } from 'drizzle-orm';
import type { ChatId, MessageId } from '../../shared/ids.ts';
import type { MessageRow } from '../rows.ts';
import { messages } from '../schema.ts';
import type { Sql } from '../sql.ts';
import { statement } from '../statement.ts';

interface Path {
  readonly chatId: ChatId;
  /** The newest message of it. */
  readonly from: MessageId;
  readonly limit: number;
  /** Of the messages as the database has them, without the oldest one. */
  readonly maxBytes?: number;
}

const columns = getTableColumns(messages);

/** The columns of a message under a name for its table. */
export function columnsOf(table: string) {
  const names = Object.values(columns).map(({ name }) => sql`${sql.identifier(table)}.${sql.identifier(name)}`);
  return sql.join(names, sql`, `);
}

/**
 * From a message up to the root of its chat, newest first: each step is one look into the primary key, and there are no
 * more of them than messages asked for. `lateral` and `offset 0` keep the database from joining whole tables instead.
 *
 * @param weighed whether it also ends where the bytes asked for are used up; costs a look at every text
 */
function pathUp(weighed: boolean) {
  const bytesOf = (table: string) =>
    weighed ? sql`octet_length(${sql.identifier(table)}.parts::text)::bigint` : sql`0::bigint`;
  const room = weighed ? sql` and path.newer_bytes + path.bytes <= ${sql.placeholder('maxBytes')}::bigint` : sql``;
  return statement(
    sql`
      with recursive path as (
        select ${columnsOf('message')}, 1 as depth, 0::bigint as newer_bytes, ${bytesOf('message')} as bytes
        from ${messages} as message
        where message.chat_id = ${sql.placeholder('chatId')}::uuid and message.id = ${sql.placeholder('from')}::uuid
        union all
        select ${columnsOf('message')}, path.depth + 1, path.newer_bytes + path.bytes, ${bytesOf('message')}
        from path cross join lateral (
          select * from ${messages} as parent
          where parent.id = path.parent_id and parent.chat_id = path.chat_id
          offset 0
        ) as message
        where path.depth < ${sql.placeholder('limit')}::integer${room}
      )
      select ${columnsOf('path')} from path order by depth`,
    columns,
  );
}

const wholePath = pathUp(false);
const weighedPath = pathUp(true);

/** Newest first; nothing when the chat has no such message. */
export function branchPath(db: Sql, { maxBytes, ...path }: Path): Promise<MessageRow[]> {
  return maxBytes === undefined ? wholePath(db, { ...path }) : weighedPath(db, { ...path, maxBytes });
}
