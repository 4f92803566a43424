import { setImmediate as nextTurn } from 'node:timers/promises';
import { protocol, type PGlite, type QueryOptions, type Results, type Transaction } from '@electric-sql/pglite';

const { serialize, messages } = protocol;
type Answer = Awaited<ReturnType<PGlite['execProtocolStream']>>;

interface Statement {
  readonly name: string;
  readonly parameterTypes: readonly number[];
  readonly fields: Results['fields'];
}

/** Statements that are kept. Past it they are parsed each time; only what is built for each call anew comes so far. */
const keptStatements = 500;

/**
 * What drizzle needs of PGlite, with every statement parsed and planned once instead of each time: that is more than
 * half of the cost of a short one, and it is paid on the thread that streams.
 */
export class PreparedPglite implements Pick<PGlite, 'query' | 'transaction'> {
  readonly #pglite: PGlite;
  readonly #statements = new Map<string, Statement>();
  #isClosed = false;
  /** Whether something has run in this turn of the event loop. */
  #hasRun = false;

  constructor(pglite: PGlite) {
    this.#pglite = pglite;
  }

  query<Row>(query: string, params: unknown[] = [], options: QueryOptions = {}): Promise<Results<Row>> {
    return this.#isClosed
      ? Promise.reject(closedError())
      : this.#pglite._runExclusiveTransaction(async () => {
          await this.#othersTurn();
          return this.#run<Row>(query, params, options);
        });
  }

  transaction<Result>(callback: (tx: Transaction) => Promise<Result>): Promise<Result> {
    if (this.#isClosed) return Promise.reject(closedError());
    return this.#pglite.transaction(async (tx) => {
      await this.#othersTurn();
      return callback(
        Object.assign(tx, {
          query: <Row>(query: string, params: unknown[] = [], options: QueryOptions = {}) =>
            this.#run<Row>(query, params, options),
        }),
      );
    });
  }

  /** Waits for what is under way; what comes later is refused. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#pglite._runExclusiveTransaction(async () => {});
    await this.#pglite.close();
  }

  /**
   * Statements and transactions that wait for each other would follow without a gap, and hold up every socket until the
   * last of them: a hundred messages at once were a pause of half a second in everybody's answers. So one begins in each
   * turn of the event loop; the first of it at once.
   */
  async #othersTurn(): Promise<void> {
    if (this.#hasRun) await nextTurn();
    this.#hasRun = true;
    setImmediate(() => (this.#hasRun = false));
  }

  #run<Row>(query: string, params: unknown[], options: QueryOptions): Promise<Results<Row>> {
    return this.#pglite._runExclusiveQuery(async () => {
      const statement = this.#statements.get(query) ?? (await this.#prepare(query));
      const answer = await this.#exchange([
        serialize.bind({ statement: statement.name, values: this.#toValues(params, statement) }),
        serialize.execute(),
        serialize.sync(),
      ]);
      return { fields: statement.fields, rows: this.#toRows(answer, statement, options) as Row[] };
    });
  }

  async #prepare(query: string): Promise<Statement> {
    const isKept = this.#statements.size < keptStatements;
    const name = isKept ? `kept_${this.#statements.size}` : '';
    const answer = await this.#exchange([
      serialize.parse({ name, text: query }),
      serialize.describe({ type: 'S', name }),
      serialize.sync(),
    ]);
    const statement = {
      name,
      parameterTypes:
        answer.find((message) => message instanceof messages.ParameterDescriptionMessage)?.dataTypeIDs ?? [],
      fields: answer.find((message) => message instanceof messages.RowDescriptionMessage)?.fields ?? [],
    };
    if (isKept) this.#statements.set(query, statement);
    return statement;
  }

  #toValues(params: readonly unknown[], { parameterTypes }: Statement): (string | null)[] {
    return params.map((value, index) => {
      if (value === null || value === undefined) return null;
      const serializer = this.#pglite.serializers[parameterTypes[index] ?? 0];
      return serializer ? serializer(value) : (value as string);
    });
  }

  #toRows(answer: Answer, { fields }: Statement, { parsers, rowMode }: QueryOptions): unknown[] {
    const columns = fields.map(({ name, dataTypeID }) => ({
      name,
      parse: parsers?.[dataTypeID] ?? this.#pglite.parsers[dataTypeID] ?? String,
      dataTypeID,
    }));
    const toValues = (row: (string | null)[]) =>
      columns.map(({ parse, dataTypeID }, index) => {
        const value = row[index] ?? null;
        return value === null ? null : parse(value, dataTypeID);
      });
    const rows = answer
      .filter((message) => message instanceof messages.DataRowMessage)
      .map((row) => toValues(row.fields));
    if (rowMode === 'array') return rows;
    return rows.map((row) => Object.fromEntries(columns.map(({ name }, index) => [name, row[index]])));
  }

  #exchange(parts: readonly Uint8Array[]): Promise<Answer> {
    return this.#pglite.execProtocolStream(new Uint8Array(Buffer.concat(parts)), { syncToFs: false });
  }
}

function closedError(): Error {
  return Object.assign(new Error('the embedded database is closed'), { code: 'CONNECTION_ENDED' });
}
