import { driverError, isLost } from './database-errors.ts';
import { PostgresConnection, type OpenClient, type Queries } from './postgres-connection.ts';

/** Connections that are opened as they are needed and replaced when they are lost; in the shape that drizzle uses. */
export class PostgresPool {
  /** Drizzle writes its parsers there; each connection gets them by itself. */
  readonly options = { parsers: {}, serializers: {} };
  readonly #open: OpenClient;
  readonly #size: number;
  readonly #connections = new Set<PostgresConnection>();
  readonly #idle: PostgresConnection[] = [];
  readonly #waiting: (() => void)[] = [];
  readonly #ending = new Set<Promise<void>>();
  #isClosed = false;

  /** @param size connections at most; what comes when all are in use waits, first come first served */
  constructor(open: OpenClient, size: number) {
    this.#open = open;
    this.#size = size;
  }

  /** Begins a tick later, so that the caller can still ask for rows as arrays, as with the driver's own queries. */
  unsafe(...args: Parameters<Queries['unsafe']>): Promise<unknown> & { values(): Promise<unknown> } {
    let asArrays = false;
    const answer = Promise.resolve().then(() =>
      this.#use(async ({ queries }) => {
        const query = queries.unsafe(...args);
        return asArrays ? query.values() : query;
      }),
    );
    const values = () => {
      asArrays = true;
      return answer;
    };
    return Object.assign(answer, { values });
  }

  begin<Result>(work: (tx: Queries) => Promise<Result>): Promise<unknown> {
    return this.#use((connection) => connection.transaction(work));
  }

  /** Waits for what is under way; what comes later or still waits is refused. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const connection of this.#idle.splice(0)) this.#drop(connection);
    this.#wake();
    while (this.#connections.size > 0) await this.#change();
    await Promise.all(this.#ending);
  }

  async #use<Result>(work: (connection: PostgresConnection) => Promise<Result>): Promise<Result> {
    const connection = await this.#take();
    let isGood = true;
    try {
      return await Promise.race([work(connection), connection.lost]);
    } catch (error) {
      const found = driverError(error);
      isGood = !(found && isLost(found));
      throw error;
    } finally {
      if (isGood && !this.#isClosed) this.#idle.push(connection);
      else this.#drop(connection);
      this.#wake();
    }
  }

  async #take(): Promise<PostgresConnection> {
    while (!this.#isClosed) {
      const idle = this.#idle.pop();
      if (idle) return idle;
      if (this.#connections.size < this.#size) return this.#add();
      await this.#change();
    }
    throw Object.assign(new Error('the connections to the database are closed'), { code: 'CONNECTION_ENDED' });
  }

  #add(): PostgresConnection {
    const connection = new PostgresConnection(this.#open);
    this.#connections.add(connection);
    // One that is in use is dropped by whoever uses it.
    connection.lost.catch(() => {
      const index = this.#idle.indexOf(connection);
      if (index !== -1) this.#drop(...this.#idle.splice(index, 1));
    });
    return connection;
  }

  #drop(...connections: PostgresConnection[]): void {
    for (const connection of connections) {
      this.#connections.delete(connection);
      const ending = connection.end().finally(() => this.#ending.delete(ending));
      this.#ending.add(ending);
    }
  }

  /** Resolves when a connection may have become free, in the order in which it was asked for. */
  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    if (this.#isClosed) for (const wake of this.#waiting.splice(0)) wake();
    else this.#waiting.shift()?.();
  }
}
