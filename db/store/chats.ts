import { and, eq, exists, gte, inArray, isNull, lt, not, or, sql } from 'drizzle-orm';
import type { TypedQueryBuilder } from 'drizzle-orm/query-builders/query-builder';
import { SwitchboardError } from '../../shared/errors.ts';
import type { App, Chat } from '../../shared/chat.ts';
import type { ChatId, RunId, ShareId, UserId } from '../../shared/ids.ts';
import { defaultAssistantId } from '../default-apps.ts';
import { toChat, type ChatRow } from '../rows.ts';
import { assistants, chats, files, messageFiles, runs, workflows } from '../schema.ts';
import { longAgo } from '../sql-file-records.ts';
import type { Sql } from '../sql.ts';
import type { Change, ChatLogEntry } from '../store.ts';
import { LogEntries, lockChat, noSuchChat, saveChange } from './chat-change.ts';

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
  const ofOwner = db
    .select({ id: chats.id })
    .from(chats)
    .where(and(eq(chats.id, chatId), eq(chats.ownerId, userId)))
    .for('update');
  const [gone] = await removeChats(db, ofOwner);
  if (!gone) throw noSuchChat();
  return { entries: [deletion(gone)], activeRunId: gone.activeRunId };
}

/**
 * With their files: those that no message of another chat uses are of no use from now on.
 *
 * @param found a query for their ids, which is asked once
 */
async function removeChats(db: Sql, found: TypedQueryBuilder<{ id: typeof chats.id }>) {
  const which = db.$with('which').as(found);
  const gone = db.$with('gone').as(
    db
      .delete(chats)
      .where(inArray(chats.id, db.select({ id: which.id }).from(which)))
      .returning({ id: chats.id, seq: chats.seq, activeRunId: chats.activeRunId }),
  );
  const theirs = db
    .select({ id: messageFiles.fileId })
    .from(messageFiles)
    .innerJoin(gone, eq(gone.id, messageFiles.chatId));
  const released = db
    .$with('released')
    .as(db.update(files).set({ expiresAt: longAgo }).where(inArray(files.id, theirs)).returning({ id: files.id }));
  return db.with(which, gone, released).select().from(gone);
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
  const gone = await removeChats(db, unused);
  return gone.map((chat) => ({ chatId: chat.id, entries: [deletion(chat)] }));
}
