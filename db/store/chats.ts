import { and, desc, eq, ilike, isNotNull, isNull, sql } from 'drizzle-orm';
import { SwitchboardError } from '../../shared/errors.ts';
import type { App, Chat } from '../../shared/chat.ts';
import type { ChatId, RunId, UserId } from '../../shared/ids.ts';
import { chatsCursor, parseChatsCursor } from '../cursors.ts';
import { defaultAssistantId } from '../default-apps.ts';
import { toChat, type ChatRow } from '../rows.ts';
import { assistants, chats, workflows } from '../schema.ts';
import type { Sql } from '../sql.ts';
import type { Change, ListChats } from '../store.ts';
import { LogEntries, lockChat, noSuchChat, saveChange } from './chat-change.ts';
import { pageOf } from './page.ts';

export interface NewChat {
  readonly chatId: ChatId;
  readonly app: App | null;
  readonly title: string | null;
  readonly debug: boolean;
}

export async function createChat(db: Sql, now: string, userId: UserId, chat: NewChat): Promise<Chat> {
  const existing = await findOwnChat(db, userId, chat.chatId);
  if (existing) return toChat(existing);
  const app = chat.app ?? { kind: 'assistant', id: defaultAssistantId };
  await expectPublished(db, app);
  await db
    .insert(chats)
    .values({
      id: chat.chatId,
      ownerId: userId,
      title: chat.title,
      appKind: app.kind,
      appId: app.id,
      debug: chat.debug,
      createdAt: now,
      updatedAt: now,
    })
    .onConflictDoNothing();
  const created = await findOwnChat(db, userId, chat.chatId);
  if (!created) throw noSuchChat();
  return toChat(created);
}

/** Null when no chat has this id. Errors: `NOT_FOUND` when it is another user's. */
export async function findOwnChat(db: Sql, userId: UserId, chatId: ChatId): Promise<ChatRow | null> {
  const [chat] = await db.select().from(chats).where(eq(chats.id, chatId));
  if (chat && chat.ownerId !== userId) throw noSuchChat();
  return chat ?? null;
}

async function expectPublished(db: Sql, { kind, id }: App): Promise<void> {
  const table = kind === 'assistant' ? assistants : workflows;
  const [found] = await db.select({ published: table.published }).from(table).where(eq(table.id, id));
  if (!found) throw new SwitchboardError('NOT_FOUND', `There is no ${kind} ${id}.`);
  if (!found.published) throw appUnpublished();
}

export function appUnpublished(): SwitchboardError {
  return new SwitchboardError('APP_UNPUBLISHED', 'What answers in this chat is not published (any more).');
}

export async function listChats(
  db: Sql,
  userId: UserId,
  query: ListChats,
): Promise<{ chats: Chat[]; nextCursor: string | null }> {
  const rows = await db
    .select()
    .from(chats)
    .where(
      and(
        eq(chats.ownerId, userId),
        eq(chats.debug, false),
        query.archived === true ? isNotNull(chats.archivedAt) : isNull(chats.archivedAt),
        query.search === undefined ? undefined : ilike(chats.title, containing(query.search)),
        query.cursor === undefined ? undefined : olderThan(query.cursor),
      ),
    )
    .orderBy(desc(chats.updatedAt), desc(chats.id))
    .limit(query.limit + 1);
  const page = pageOf(rows, query.limit, chatsCursor);
  return { chats: page.rows.map(toChat), nextCursor: page.nextCursor };
}

function containing(words: string): string {
  return `%${words.replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
}

function olderThan(cursor: string) {
  const { updatedAt, id } = parseChatsCursor(cursor);
  return sql`(${chats.updatedAt}, ${chats.id}) < (${updatedAt}::timestamptz, ${id}::uuid)`;
}

export function renameChat(db: Sql, now: string, userId: UserId, chatId: ChatId, title: string) {
  return changeChat(db, now, userId, chatId, (chat) => (chat.title === title ? null : { title }));
}

export function archiveChat(db: Sql, now: string, userId: UserId, chatId: ChatId, archived: boolean) {
  return changeChat(db, now, userId, chatId, (chat) =>
    (chat.archivedAt !== null) === archived ? null : { archivedAt: archived ? now : null },
  );
}

/** @param change what becomes different; null when it is like that already, and then nothing is logged */
async function changeChat(
  db: Sql,
  now: string,
  userId: UserId,
  chatId: ChatId,
  change: (chat: ChatRow) => Partial<Pick<ChatRow, 'title' | 'archivedAt'>> | null,
): Promise<Change & { chat: Chat }> {
  return db.transaction(async (tx) => {
    const before = await lockChat(tx, chatId, userId);
    const fields = change(before);
    if (!fields) return { entries: [], chat: toChat(before) };
    const chat = toChat({ ...before, ...fields, updatedAt: now });
    const log = new LogEntries(before);
    log.add({ type: 'chat.updated', chat });
    await saveChange(tx, before, log, { ...fields, updatedAt: now });
    return { entries: log.entries, chat };
  });
}

export async function deleteChat(
  db: Sql,
  userId: UserId,
  chatId: ChatId,
): Promise<Change & { activeRunId: RunId | null }> {
  const [gone] = await db
    .delete(chats)
    .where(and(eq(chats.id, chatId), eq(chats.ownerId, userId)))
    .returning();
  if (!gone) throw noSuchChat();
  return { entries: [{ seq: gone.seq + 1, event: { type: 'chat.deleted', chatId } }], activeRunId: gone.activeRunId };
}
