import { type GetColumnData, type SQL } from 'drizzle-orm';
import { PgDialect, type PgColumn } from 'drizzle-orm/pg-core';
import type { Sql } from './sql.ts';

type Columns = Record<string, PgColumn>;
type RowOf<Selected extends Columns> = { [Name in keyof Selected]: GetColumnData<Selected[Name]> };

/** Runs a statement with values for its placeholders. */
type Statement<Values, Row> = (db: Sql, values: Values) => Promise<Row[]>;

const dialect = new PgDialect();

/**
 * A statement whose text is made once; drizzle makes that of a query anew for each call, which costs the thread that
 * streams as much as having the embedded database run it. So what every message needs is written like this.
 *
 * @param columns what it returns, in its order: read as these columns are
 */
export function statement<Values extends Record<string, unknown>, Selected extends Columns>(
  text: SQL,
  columns: Selected,
): Statement<Values, RowOf<Selected>> {
  const query = dialect.sqlToQuery(text);
  const fields = Object.entries(columns).map(([name, field]) => ({ path: [name], field }));
  const prepare = (db: Sql) => db._.session.prepareQuery(query, fields, undefined, true);
  const prepared = new WeakMap<Sql, ReturnType<typeof prepare>>();
  return (db, values) => {
    const known = prepared.get(db) ?? prepare(db);
    prepared.set(db, known);
    return known.execute(values) as Promise<RowOf<Selected>[]>;
  };
}
