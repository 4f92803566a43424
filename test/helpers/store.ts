import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import type { OpenSql } from '../../db/connect.ts';
import { migrated } from '../../db/embedded.ts';
import { sqlStore } from '../../db/sql-store.ts';
import type { Sql } from '../../db/sql.ts';
import type { Store } from '../../db/store.ts';

export interface OpenStore extends AsyncDisposable {
  readonly store: Store;
  /** For what the port does not offer, such as taking an app out of circulation. */
  readonly db: Sql;
}

/** A fresh embedded database in memory, in about 0.3 s: `await using opened = await openStore()`. */
export async function openStore(clock?: () => number): Promise<OpenStore> {
  return storeOn(await migrated(await freshPglite()), clock);
}

/** Makes a `DATA_DIR` with an empty database in it, so that the server that opens it first need not. */
export async function prepareDataDir(path: string): Promise<void> {
  await mkdir(path, { recursive: true });
  await (await freshPglite(join(path, 'postgres'))).close();
}

export function storeOn({ db, close }: OpenSql, clock?: () => number): OpenStore {
  return { db, store: sqlStore(db, clock), [Symbol.asyncDispose]: close };
}

const cache = new URL('../../node_modules/.cache/switchboard/', import.meta.url);

/** Making a cluster takes 2 s, loading a copy of an empty one a tenth of it; so one is kept beside the packages. */
async function freshPglite(dataDir?: string): Promise<PGlite> {
  const { version } = JSON.parse(
    await readFile(new URL('../../node_modules/@electric-sql/pglite/package.json', import.meta.url), 'utf8'),
  ) as { version: string };
  const kept = fileURLToPath(new URL(`empty-cluster-${version}.tar`, cache));
  try {
    const loadDataDir = new Blob([await readFile(kept)]);
    return await PGlite.create({ ...(dataDir !== undefined && { dataDir }), loadDataDir });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    const pglite = await PGlite.create(dataDir === undefined ? {} : { dataDir });
    await keep(pglite, kept);
    return pglite;
  }
}

/** Appears at once, because several test files may do this at the same time. */
async function keep(pglite: PGlite, path: string): Promise<void> {
  const draft = `${path}.${process.pid}.${crypto.randomUUID()}`;
  await mkdir(cache, { recursive: true });
  await writeFile(draft, Buffer.from(await (await pglite.dumpDataDir('none')).arrayBuffer()));
  await rename(draft, path);
}
