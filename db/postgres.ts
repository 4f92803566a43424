import { drizzle } from 'drizzle-orm/postgres-js';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import { migrate } from 'drizzle-orm/postgres-js/migrator';
import postgres from 'postgres';
import { ConnectError } from './connect-error.ts';
import type { OpenSql } from './connect.ts';
import { driverError } from './database-errors.ts';
import { describeUrl, parseDatabaseUrl } from './database-url.ts';
import { migrations } from './migrate.ts';
import { PostgresPool } from './postgres-pool.ts';
import type { Sql } from './sql.ts';

interface FoundServer {
  readonly version: string;
  readonly number: number;
  readonly encoding: string;
}

const oldestVersion = 150_000;

/** Connections at most. A transaction takes about a millisecond, so a few serve thousands of chats. */
const poolSize = 10;

/** Seconds until a server that does not answer counts as away. */
const connectTimeout = 5;

/** Any number; all of us have to use the same one. */
const migrationLock = 7_235_911;

/** Connections to a server that come back after it was away. Errors: `ConnectError`. */
export async function openPostgres(databaseUrl: string): Promise<OpenSql> {
  const url = parseDatabaseUrl(databaseUrl);
  await prepare(url);
  const pool = new PostgresPool((onclose) => createClient(url, onclose), poolSize);
  const db = drizzle(pool as unknown as postgres.Sql);
  return { db: db as unknown as Sql, close: () => pool.close() };
}

/** With one connection. */
function createClient(url: URL, onclose = () => {}): postgres.Sql {
  return postgres(url.href, {
    max: 1,
    connect_timeout: connectTimeout,
    max_lifetime: null,
    backoff: () => 0.05,
    // It asks for the types of arrays, which we do not use, and fails where nobody can catch it.
    fetch_types: false,
    onclose,
    onnotice: () => {},
    connection: { application_name: 'switchboard', TimeZone: 'UTC' },
  });
}

/** Looks at the server and migrates, on one connection, which is closed again. */
async function prepare(url: URL): Promise<void> {
  const client = createClient(url);
  try {
    await withinConnectTimeout(expectUsable(client));
    // Two servers that start at the same time must not migrate at the same time.
    await client`select pg_advisory_lock(${migrationLock})`;
    await migrate(drizzle(client), migrations);
  } catch (error) {
    throw error instanceof ConnectError ? error : connectError(url, error);
  } finally {
    await client.end({ timeout: 0 });
  }
}

/** A server as it is, without a change to it. */
export interface PostgresState {
  /** Without password. */
  readonly address: string;
  readonly version: string;
  /** Migrations that the next start would run; below 0 when the database knows more of them than we do. */
  readonly pending: number;
}

/** Errors: `ConnectError`, the same as for `openPostgres`. */
export async function inspectPostgres(databaseUrl: string): Promise<PostgresState> {
  const url = parseDatabaseUrl(databaseUrl);
  const client = createClient(url);
  try {
    const { version } = await withinConnectTimeout(expectUsable(client));
    return {
      address: describeUrl(url),
      version,
      pending: readMigrationFiles(migrations).length - (await countRun(client)),
    };
  } catch (error) {
    throw error instanceof ConnectError ? error : connectError(url, error);
  } finally {
    await client.end({ timeout: 0 });
  }
}

async function countRun(client: postgres.Sql): Promise<number> {
  const [table] = await client<{ name: string | null }[]>`select to_regclass('switchboard.migrations')::text as name`;
  if (!table?.name) return 0;
  const [run] = await client<{ count: number }[]>`select count(*)::int as count from switchboard.migrations`;
  return run?.count ?? 0;
}

/** What answers the telephone and hangs up again, as a proxy before a dead server does, is tried for ever by the driver. */
async function withinConnectTimeout<Result>(answer: Promise<Result>): Promise<Result> {
  const late = Object.assign(new Error(`no answer in ${connectTimeout} s`), { code: 'CONNECT_TIMEOUT' });
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(late), connectTimeout * 1_000);
  });
  try {
    return await Promise.race([answer, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

async function expectUsable(client: postgres.Sql): Promise<FoundServer> {
  const [found] = await client<FoundServer[]>`
    select current_setting('server_version') as version, current_setting('server_version_num')::int as number,
      current_setting('server_encoding') as encoding`;
  if (!found) throw new Error('no answer to a question about its version');
  checkServer(found);
  return found;
}

/** Errors: `ConnectError`. */
export function checkServer(found: FoundServer): void {
  if (found.number < oldestVersion) {
    throw new ConnectError(`DATABASE_URL: expected Postgres 15 or newer, got ${found.version}; upgrade the server`);
  }
  if (found.encoding !== 'UTF8') {
    throw new ConnectError(
      `DATABASE_URL: expected a database with the encoding UTF8, got ${found.encoding}; create one with encoding 'UTF8'`,
    );
  }
}

const fixes: Readonly<Record<string, string>> = {
  '28P01': 'check user and password',
  '28000': 'check the user, and what pg_hba.conf allows it',
  '3D000': 'create that database, or name one that exists',
  '42501': 'give the user the right to create a schema in the database',
  CONNECT_TIMEOUT: 'check host and port, and that no firewall is between',
  ECONNREFUSED: 'check host and port, and that the server runs',
  ENOTFOUND: 'check the name of the host',
  EAI_AGAIN: 'check the name of the host',
};

function connectError(url: URL, error: unknown): ConnectError {
  const found = driverError(error);
  const reason = found ? `${found.message} (${found.code})` : String(error);
  const fix = fixes[found?.code ?? ''] ?? 'check that it is the address of a Postgres server that you may use';
  return new ConnectError(`DATABASE_URL: expected a Postgres server at ${describeUrl(url)}, got: ${reason}; ${fix}`);
}
