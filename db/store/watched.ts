import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { ChatId, UserId } from '../../shared/ids.ts';
import type { WatchedChat } from '../../shared/watch.ts';
import { chatsCursor } from '../cursors.ts';
import { toChat } from '../rows.ts';
import { chatEvents, chats, runs } from '../schema.ts';
import type { Sql } from '../sql.ts';
import { pageOf } from './page.ts';

/** The beginning of the list that `listChats` goes on with. */
export async function watchedList(
  db: Sql,
  userId: UserId,
  limit: number,
): Promise<{ chats: WatchedChat[]; nextCursor: string | null }> {
  const rows = await selectWatched(db)
    .where(and(eq(chats.ownerId, userId), eq(chats.debug, false), isNull(chats.archivedAt)))
    .orderBy(desc(chats.updatedAt), desc(chats.id))
    .limit(limit + 1);
  const page = pageOf(rows, limit, ({ chat }) => chatsCursor(chat));
  return { chats: page.rows.map(toWatched), nextCursor: page.nextCursor };
}

export async function watchedChats(db: Sql, chatIds: readonly ChatId[]): Promise<(WatchedChat & { userId: UserId })[]> {
  const rows = await selectWatched(db).where(and(inArray(chats.id, [...chatIds]), eq(chats.debug, false)));
  return rows.map((row) => ({ ...toWatched(row), userId: row.chat.ownerId }));
}

/** Chats with what goes on in them; both are found by index. */
export function selectWatched(db: Sql) {
  return db
    .select({
      chat: chats,
      status: sql<WatchedChat['status']>`coalesce(
        (select ${runs.status} from ${runs} where ${runs.id} = ${chats.activeRunId}),
        (select 'queued' from ${runs} where ${runs.chatId} = ${chats.id} and ${runs.status} = 'queued' limit 1),
        'idle')`,
      unread: sql<boolean>`exists (
        select 1 from ${chatEvents}
        where ${chatEvents.chatId} = ${chats.id} and ${chatEvents.seq} > ${chats.readSeq}
          and ${chatEvents.type} = 'message.completed')`,
    })
    .from(chats);
}

type Row = Awaited<ReturnType<typeof selectWatched>>[number];

export function toWatched({ chat, status, unread }: Row): WatchedChat {
  return { chat: toChat(chat), status, unread };
}

/** Everything until now is read. False when it was already. Errors: none; a chat that is missing or another's is left alone. */
export async function markRead(db: Sql, userId: UserId, chatId: ChatId): Promise<boolean> {
  const changed = await db
    .update(chats)
    .set({ readSeq: sql`${chats.seq}` })
    .where(and(eq(chats.id, chatId), eq(chats.ownerId, userId), sql`${chats.readSeq} < ${chats.seq}`))
    .returning({ id: chats.id });
  return changed.length > 0;
}
