import { existsSync } from 'node:fs';
import { mkdtemp, rmdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { notWritable } from './connect-error.ts';
import { holderOf } from './data-lock.ts';
import { inspectPostgres } from './postgres.ts';
import type { PostgresState } from './postgres.ts';

interface EmbeddedState {
  readonly folder: string;
  /** Whether there is a database in it already. */
  readonly exists: boolean;
  /** The pid of the server that has it open. */
  readonly heldBy: number | null;
}

export type DatabaseState =
  | ({ readonly kind: 'embedded' } & EmbeddedState)
  | ({ readonly kind: 'server' } & PostgresState);

/** What `connect` would find, without a change to it. Errors: `ConnectError` for what would keep it from connecting. */
export async function inspectDatabase(options: {
  readonly databaseUrl?: string | undefined;
  readonly dataDir: string;
}): Promise<DatabaseState> {
  if (options.databaseUrl) return { kind: 'server', ...(await inspectPostgres(options.databaseUrl)) };
  return { kind: 'embedded', ...(await inspectFolder(resolve(options.dataDir))) };
}

async function inspectFolder(folder: string): Promise<EmbeddedState> {
  await tryWriting(folder);
  return { folder, exists: existsSync(join(folder, 'postgres', 'PG_VERSION')), heldBy: await holderOf(folder) };
}

/** Permissions alone tell little: file systems may be full or read-only, and root is refused nothing else. */
async function tryWriting(folder: string): Promise<void> {
  let existing = folder;
  while (!existsSync(existing) && dirname(existing) !== existing) existing = dirname(existing);
  try {
    await rmdir(await mkdtemp(join(existing, '.switchboard-doctor-')));
  } catch (cause) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw notWritable(folder, reason, cause);
  }
}
