import { existsSync } from 'node:fs';
import { access, constants, mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { PGlite } from '@electric-sql/pglite';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/pglite';
import { migrate } from 'drizzle-orm/pglite/migrator';
import { ConnectError, notWritable } from './connect-error.ts';
import type { OpenSql } from './connect.ts';
import { takeDataLock, type DataLock } from './data-lock.ts';
import { migrations } from './migrate.ts';
import { PreparedPglite } from './prepared-pglite.ts';
import { chatEvents, chats, messages, runs, runSlices } from './schema.ts';
import type { Sql } from './sql.ts';

/** Postgres in this process, with one connection, in a folder that is locked; or in memory. Errors: `ConnectError`. */
export async function openEmbedded(dataDir: string | null): Promise<OpenSql> {
  if (dataDir === null) return openPglite(undefined, 'the embedded database in memory');
  const folder = resolve(dataDir);
  await makeWritable(folder);
  const lock = await takeDataLock(folder);
  try {
    return withLock(await openPglite(join(folder, 'postgres'), `DATA_DIR: the embedded database in ${folder}`), lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function makeWritable(folder: string): Promise<void> {
  try {
    await makeFolder(folder);
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    throw notWritable(folder, reasonOf(cause), cause);
  }
}

/**
 * Makes the folder and those above it. Node's own way of doing that asks for ever where a file system answers that what
 * is there is missing, as /proc does.
 */
async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'EEXIST') return;
    if (code !== 'ENOENT' || existsSync(dirname(folder))) throw error;
    await makeFolder(dirname(folder));
    await makeFolder(folder);
  }
}

async function openPglite(folder: string | undefined, name: string): Promise<OpenSql> {
  let pglite: PGlite | undefined;
  try {
    pglite = await PGlite.create(folder === undefined ? {} : { dataDir: folder });
    const open = await migrated(pglite);
    // Nothing does this in the background here; where little has changed it takes a millisecond.
    await open.db.execute(sql`vacuum ${chats}, ${messages}, ${runs}, ${chatEvents}, ${runSlices}`);
    return open;
  } catch (cause) {
    await pglite?.close().catch(() => {});
    throw new ConnectError(
      `${name} does not open (${reasonOf(cause)}); was it written by a newer version? Put a copy of it back, or name an empty folder to begin anew`,
      { cause },
    );
  }
}

/** Takes an open one over, for tests too. */
export async function migrated(pglite: PGlite): Promise<OpenSql> {
  await migrate(drizzle(pglite), migrations);
  // Statements are planned once, often while the tables are still small, and nothing gathers statistics that would have
  // them planned again. A plan that reads a whole table would stay when the table has grown.
  await pglite.exec('set enable_seqscan = off');
  const prepared = new PreparedPglite(pglite);
  const db = drizzle(prepared as unknown as PGlite);
  return { db: db as unknown as Sql, close: () => prepared.close() };
}

function withLock({ db, close }: OpenSql, lock: DataLock): OpenSql {
  return {
    db,
    close: async () => {
      try {
        await close();
      } finally {
        await lock.release();
      }
    },
  };
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
