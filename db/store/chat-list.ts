import { and, desc, eq, ilike, isNotNull, isNull, or, sql } from 'drizzle-orm';
import type { UserId } from '../../shared/ids.ts';
import type { ListedChat } from '../../shared/listed-chat.ts';
import { chatsCursor, parseChatsCursor } from '../cursors.ts';
import { chats, messageWords } from '../schema.ts';
import type { Sql } from '../sql.ts';
import type { ListChats } from '../store.ts';
import { foundMessages } from './found-messages.ts';
import { wordsQuery } from './message-words.ts';
import { pageOf } from './page.ts';
import { selectWatched, toWatched } from './watched.ts';

export async function listChats(
  db: Sql,
  userId: UserId,
  query: ListChats,
): Promise<{ chats: ListedChat[]; nextCursor: string | null }> {
  const { search } = query;
  const rows = await selectWatched(db)
    .where(
      and(
        eq(chats.ownerId, userId),
        eq(chats.debug, false),
        query.archived === true ? isNotNull(chats.archivedAt) : isNull(chats.archivedAt),
        search === undefined ? undefined : isFound(search),
        query.cursor === undefined ? undefined : olderThan(query.cursor),
      ),
    )
    .orderBy(desc(chats.updatedAt), desc(chats.id))
    .limit(query.limit + 1);
  const page = pageOf(rows, query.limit, ({ chat }) => chatsCursor(chat));
  const ids = page.rows.map(({ chat }) => chat.id);
  const messages = search === undefined ? null : await foundMessages(db, ids, search);
  const listed = page.rows.map((row): ListedChat => {
    const { chat, status, unread } = toWatched(row);
    const found = messages?.get(chat.id);
    return { ...chat, status, unread, ...(found && { found }) };
  });
  return { chats: listed, nextCursor: page.nextCursor };
}

/** By its title, which contains the search as it is, or by a message that has a word beginning with each of its words. */
function isFound(search: string) {
  const query = wordsQuery(search);
  const inTitle = ilike(chats.title, containing(search));
  if (query === null) return inTitle;
  const inMessages = sql`select chat_id from ${messageWords} where words @@ to_tsquery('simple', ${query})`;
  return or(inTitle, sql`${chats.id} in (${inMessages})`);
}

function containing(words: string): string {
  return `%${words.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}

function olderThan(cursor: string) {
  const { updatedAt, id } = parseChatsCursor(cursor);
  return sql`(${chats.updatedAt}, ${chats.id}) < (${updatedAt}::timestamptz, ${id}::uuid)`;
}
