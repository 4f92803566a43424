import { and, eq, exists, gt, inArray, isNotNull, isNull, lte, or, sql, type SQL } from 'drizzle-orm';
import { SwitchboardError } from '../shared/errors.ts';
import type { FileId } from '../shared/ids.ts';
import { limits } from '../shared/limits.ts';
import type { FileRecords, StoredFile } from './file-records.ts';
import { chats, files, messageFiles } from './schema.ts';
import type { Sql } from './sql.ts';
import { withStoreErrors } from './store-errors.ts';

/** When what goes at once expires: before the now of whoever asks at the same moment. */
export const longAgo = new Date(0).toISOString();

/** @param clock milliseconds since 1970, for tests */
export function sqlFileRecords(db: Sql, clock: () => number = Date.now): FileRecords {
  const at = (ms: number) => new Date(ms).toISOString();
  return withStoreErrors<FileRecords>({
    begin: async (ownerId, { fileId, name, mediaType }) => {
      const createdAt = clock();
      const expiresAt = at(createdAt + limits.unusedFileMs);
      await db.insert(files).values({ id: fileId, ownerId, name, mediaType, createdAt: at(createdAt), expiresAt });
    },
    complete: async (userId, fileId, size) => {
      const isOwn = and(eq(files.id, fileId), eq(files.ownerId, userId));
      const [row] = await db.update(files).set({ size }).where(isOwn).returning();
      return toStoredFile(row, fileId);
    },
    file: async (userId, fileId) => {
      const isOwn = and(eq(files.id, fileId), eq(files.ownerId, userId), isOfUse(db, at(clock())));
      const [row] = await db.select().from(files).where(isOwn);
      return toStoredFile(row, fileId);
    },
    sharedFile: async (shareId, fileId) => {
      const [found] = await db
        .select({ file: files })
        .from(messageFiles)
        .innerJoin(chats, eq(chats.id, messageFiles.chatId))
        .innerJoin(files, eq(files.id, messageFiles.fileId))
        .where(and(eq(messageFiles.fileId, fileId), eq(chats.shareId, shareId)))
        .limit(1);
      return toStoredFile(found?.file, fileId);
    },
    unused: async (limit) => findUnused(db, at(clock()), limit),
    forget: async (fileIds) => {
      if (fileIds.length > 0) await db.delete(files).where(inArray(files.id, [...fileIds]));
    },
  });
}

/** Whole, and used by a message or not yet too old. */
export function isOfUse(db: Sql, now: string): SQL | undefined {
  return and(isNotNull(files.size), or(isNull(files.expiresAt), gt(files.expiresAt, now), isUsed(db)));
}

function isUsed(db: Sql): SQL {
  return exists(
    db
      .select({ found: sql`1` })
      .from(messageFiles)
      .where(eq(messageFiles.fileId, files.id)),
  );
}

/**
 * Holds them before it looks whether a message names them, so that none begins to in between: what is found here is found by
 * nobody else any more.
 */
function findUnused(db: Sql, now: string, limit: number): Promise<FileId[]> {
  return db.transaction(async (tx) => {
    const old = await tx
      .select({ id: files.id })
      .from(files)
      .where(lte(files.expiresAt, now))
      .orderBy(files.expiresAt)
      .limit(limit)
      .for('update', { skipLocked: true });
    const ids = old.map(({ id }) => id);
    if (ids.length === 0) return [];
    const looked = await tx
      .update(files)
      .set({ expiresAt: sql`case when ${isUsed(tx)} then null else ${longAgo}::timestamptz end` })
      .where(inArray(files.id, ids))
      .returning({ id: files.id, expiresAt: files.expiresAt });
    return looked.filter(({ expiresAt }) => expiresAt !== null).map(({ id }) => id);
  });
}

/** Errors: `NOT_FOUND`. */
function toStoredFile(row: typeof files.$inferSelect | undefined, fileId: FileId): StoredFile {
  if (!row) throw noSuchFile(fileId);
  const { name, mediaType, size } = row;
  return { fileId: row.id, name, mediaType, size: size ?? 0 };
}

export function noSuchFile(fileId: FileId): SwitchboardError {
  return new SwitchboardError('NOT_FOUND', `There is no file ${fileId}; upload it first.`);
}
