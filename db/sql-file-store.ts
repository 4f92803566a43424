import { and, eq, inArray, sql } from 'drizzle-orm';
import type { FileId } from '../shared/ids.ts';
import type { FileStore } from './file-store.ts';
import { filePieces } from './schema.ts';
import type { Sql } from './sql.ts';
import { storeError } from './database-errors.ts';

/** Keeps the bytes of files in the database, a row for each piece. They go with the file's record. */
export function sqlFileStore(db: Sql): FileStore {
  return {
    async write(fileId, pieces) {
      let position = 0;
      for await (const piece of pieces) {
        // In a text, because the two drivers write bytes differently.
        const bytes = sql<string>`decode(${Buffer.from(piece).toString('base64')}, 'base64')`;
        await asStore(db.insert(filePieces).values({ fileId, position, bytes }));
        position += 1;
      }
    },
    async *read(fileId) {
      for (let position = 0; ; position += 1) {
        const piece = await asStore(readPiece(db, fileId, position));
        if (piece === undefined) return;
        yield Buffer.from(piece, 'base64');
      }
    },
    async delete(fileIds) {
      if (fileIds.length === 0) return;
      await asStore(db.delete(filePieces).where(inArray(filePieces.fileId, [...fileIds])));
    },
  };
}

async function readPiece(db: Sql, fileId: FileId, position: number): Promise<string | undefined> {
  const [row] = await db
    .select({ bytes: sql<string>`encode(${filePieces.bytes}, 'base64')` })
    .from(filePieces)
    .where(and(eq(filePieces.fileId, fileId), eq(filePieces.position, position)));
  return row?.bytes;
}

/** What a query fails with carries the bytes. */
async function asStore<Result>(query: PromiseLike<Result>): Promise<Result> {
  try {
    return await query;
  } catch (error) {
    throw storeError(error);
  }
}
