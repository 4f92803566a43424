import { getTableColumns, sql } from 'drizzle-orm';
import type { ChatId, MessageId } from '../../shared/ids.ts';
import type { Message } from '../../shared/message.ts';
import { toMessage } from '../rows.ts';
import { messages, summaries } from '../schema.ts';
import type { Sql } from '../sql.ts';
import { statement } from '../statement.ts';
import type { Conversation, Summary } from '../store.ts';
import { branchPath, columnsOf } from './branch-path.ts';

/** Oldest first. */
export async function messagesBefore(db: Sql, chatId: ChatId, messageId: MessageId, limit: number): Promise<Message[]> {
  const [, ...before] = await branchPath(db, { chatId, from: messageId, limit: limit + 1 });
  return before.map(toMessage).toReversed();
}

interface Before {
  readonly chatId: ChatId;
  readonly from: MessageId;
  readonly limit: number;
}

export async function conversationBefore(db: Sql, { limit, ...before }: Before): Promise<Conversation> {
  const [, ...path] = await pathToSummary(db, { ...before, limit: limit + 1 });
  const last = path.at(-1);
  const summary = last?.summary ? { messageId: last.id, text: last.summary } : null;
  const after = summary ? path.slice(0, -1) : path;
  return { summary, messages: after.map(toMessage).toReversed() };
}

/**
 * Up to the root like `branchPath`, or to a message that has a summary. That of the first one, which is to be answered,
 * would be of later turns.
 */
const pathToSummary = statement(
  sql`
    with recursive path as (
      select ${columnsOf('message')}, 1 as depth, null::text as summary
      from ${messages} as message
      where message.chat_id = ${sql.placeholder('chatId')}::uuid and message.id = ${sql.placeholder('from')}::uuid
      union all
      select ${columnsOf('message')}, path.depth + 1, message.summary
      from path cross join lateral (
        select parent.*, (
          select text from ${summaries} as summary
          where summary.chat_id = parent.chat_id and summary.message_id = parent.id
        ) as summary
        from ${messages} as parent
        where parent.id = path.parent_id and parent.chat_id = path.chat_id
        offset 0
      ) as message
      where path.depth < ${sql.placeholder('limit')}::integer and path.summary is null
    )
    select ${columnsOf('path')}, path.summary from path order by depth`,
  { ...getTableColumns(messages), summary: summaries.text },
);

/** Only of a message that is there: its chat may have been deleted. */
export async function keepSummary(db: Sql, now: string, chatId: ChatId, summary: Summary): Promise<void> {
  await db.execute(sql`
    insert into ${summaries} (chat_id, message_id, text, created_at)
    select chat_id, id, ${summary.text}, ${now}::timestamptz from ${messages}
    where chat_id = ${chatId} and id = ${summary.messageId}
    on conflict do nothing`);
}
