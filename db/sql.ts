import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core';

/**
 * Either driver, or a transaction of one. Inside a transaction only the transaction may be asked: the embedded database
 * has one connection, and another query would wait for it for ever.
 */
export type Sql = PgDatabase<PgQueryResultHKT>;

/** Several reads that see one moment. */
export function readAtOnce<Result>(db: Sql, read: (tx: Sql) => Promise<Result>): Promise<Result> {
  return db.transaction(read, { isolationLevel: 'repeatable read', accessMode: 'read only' });
}
