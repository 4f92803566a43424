import { and, desc, eq, exists, gte, ilike, inArray, isNotNull, isNull, lt, not, or, sql } from 'drizzle-orm';
import { SwitchboardError } from '../../shared/errors.ts';
import type { App, Chat } from '../../shared/chat.ts';
import type { ChatId, RunId, ShareId, UserId } from '../../shared/ids.ts';
import { chatsCursor, parseChatsCursor } from '../cursors.ts';
import { defaultAssistantId } from '../default-apps.ts';
import { toChat, type ChatRow } from '../rows.ts';
import { assistants, chats, messageWords, runs, workflows } from '../schema.ts';
import type { Sql } from '../sql.ts';
import type { Change, ChatLogEntry, ListChats } from '../store.ts';
import { LogEntries, lockChat, noSuchChat, saveChange } from './chat-change.ts';
import { wordsQuery } from './message-words.ts';
import { pageOf } from './page.ts';

export interface NewChat {
  readonly chatId: ChatId;
  readonly app: App | null;
  readonly title: string | null;
  readonly titleIsDraft?: boolean;
  readonly debug: boolean;
}

export async function createChat(db: Sql, now: string, userId: UserId, chat: NewChat): Promise<Chat> {
  const existing = await findOwnChat(db, userId, chat.chatId);
  if (existing) return toChat(existing);
  const app = chat.app ?? { kind: 'assistant', id: defaultAssistantId };
  await expectUsable(db, app, userId);
  await db
    .insert(chats)
    .values({
      id: chat.chatId,
      ownerId: userId,
      title: chat.title,
      titleIsDraft: chat.titleIsDraft ?? false,
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

/** Errors: `NOT_FOUND`, also for what is another user's and not published; `APP_UNPUBLISHED` for what was everybody's. */
async function expectUsable(db: Sql, { kind, id }: App, userId: UserId): Promise<void> {
  const apps = kind === 'assistant' ? assistants : workflows;
  const [found] = await db
    .select({ published: apps.published, ownerId: apps.ownerId })
    .from(apps)
    .where(and(eq(apps.id, id), isNull(apps.deletedAt)));
  const isUsable = found && (found.published || found.ownerId === userId);
  if (found && !isUsable && found.ownerId === null) throw appUnpublished();
  if (!isUsable) throw new SwitchboardError('NOT_FOUND', `There is no ${kind} ${id}.`);
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
        query.search === undefined ? undefined : found(query.search),
        query.cursor === undefined ? undefined : olderThan(query.cursor),
      ),
    )
    .orderBy(desc(chats.updatedAt), desc(chats.id))
    .limit(query.limit + 1);
  const page = pageOf(rows, query.limit, chatsCursor);
  return { chats: page.rows.map(toChat), nextCursor: page.nextCursor };
}

/** By its title, which contains the search as it is, or by a message that has a word beginning with each of its words. */
function found(search: string) {
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

export function renameChat(db: Sql, now: string, userId: UserId, chatId: ChatId, title: string) {
  return changeChat(db, now, userId, chatId, (chat) =>
    chat.title === title && !chat.titleIsDraft ? null : { title, titleIsDraft: false },
  );
}

export function titleIfNone(db: Sql, now: string, userId: UserId, chatId: ChatId, title: string) {
  return changeChat(db, now, userId, chatId, ({ title: before, titleIsDraft, updatedAt }) =>
    before === null || titleIsDraft ? { title, titleIsDraft: false, updatedAt } : null,
  );
}

export function archiveChat(db: Sql, now: string, userId: UserId, chatId: ChatId, archived: boolean) {
  return changeChat(db, now, userId, chatId, (chat) =>
    (chat.archivedAt !== null) === archived ? null : { archivedAt: archived ? now : null },
  );
}

/** Shares it under this id, unless it is shared already. */
export function shareChat(db: Sql, now: string, userId: UserId, chatId: ChatId, shareId: ShareId) {
  return changeChat(db, now, userId, chatId, (chat) =>
    chat.shareId === null ? { shareId, updatedAt: chat.updatedAt } : null,
  );
}

export function unshareChat(db: Sql, now: string, userId: UserId, chatId: ChatId) {
  return changeChat(db, now, userId, chatId, (chat) =>
    chat.shareId === null ? null : { shareId: null, updatedAt: chat.updatedAt },
  );
}

export async function findShared(db: Sql, shareId: ShareId): Promise<{ chatId: ChatId; userId: UserId } | null> {
  const [found] = await db
    .select({ chatId: chats.id, userId: chats.ownerId })
    .from(chats)
    .where(eq(chats.shareId, shareId));
  return found ?? null;
}

/** @param change what becomes different; null when it is like that already, and then nothing is logged */
async function changeChat(
  db: Sql,
  now: string,
  userId: UserId,
  chatId: ChatId,
  change: (
    chat: ChatRow,
  ) => Partial<Pick<ChatRow, 'title' | 'titleIsDraft' | 'archivedAt' | 'shareId' | 'updatedAt'>> | null,
): Promise<Change & { chat: Chat }> {
  return db.transaction(async (tx) => {
    const before = await lockChat(tx, chatId, userId);
    const fields = change(before);
    if (!fields) return { entries: [], chat: toChat(before) };
    const changed = { updatedAt: now, ...fields };
    const chat = toChat({ ...before, ...changed });
    const log = new LogEntries(before);
    log.add({ type: 'chat.updated', chat });
    await saveChange(tx, before, log, changed);
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
  return { entries: [deletion(gone)], activeRunId: gone.activeRunId };
}

function deletion({ id, seq }: Pick<ChatRow, 'id' | 'seq'>): ChatLogEntry {
  return { seq: seq + 1, event: { type: 'chat.deleted', chatId: id } };
}

/**
 * In one statement, so that nothing is written to them in between: chats that somebody holds are left for the next time.
 *
 * @param before when they were used last, at the latest: ISO 8601
 */
export async function deleteDebugChats(
  db: Sql,
  before: string,
  limit: number,
): Promise<(Change & { chatId: ChatId })[]> {
  const recent = db
    .select({ found: sql`1` })
    .from(runs)
    .where(and(eq(runs.chatId, chats.id), or(isNull(runs.endedAt), gte(runs.endedAt, before))));
  const unused = db
    .select({ id: chats.id })
    .from(chats)
    .where(and(eq(chats.debug, true), lt(chats.updatedAt, before), isNull(chats.activeRunId), not(exists(recent))))
    .orderBy(chats.updatedAt)
    .limit(limit)
    .for('update', { skipLocked: true });
  const gone = await db.delete(chats).where(inArray(chats.id, unused)).returning({ id: chats.id, seq: chats.seq });
  return gone.map((chat) => ({ chatId: chat.id, entries: [deletion(chat)] }));
}
