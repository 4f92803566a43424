import { drizzle } from 'drizzle-orm/postgres-js';
import type postgres from 'postgres';
import { driverError, isLost } from './database-errors.ts';

/** What drizzle uses of a client, and of a transaction in it. */
interface Queries {
  unsafe: postgres.Sql['unsafe'];
}

/** Seconds in which what is under way on a lost client may still come to its end. */
const farewell = 1;

/** Milliseconds in which a connection that is lost has to say that it is closed. */
const closeTimeout = 1_000;

/**
 * postgres.js 3.4.9 for a server that may go away, with every statement prepared once per connection.
 *
 * The driver survives that alone only by luck. Whatever is sent on a closed connection that is held for a transaction,
 * such as the rollback, throws where nobody can catch it and ends the process (its issue 1208), and a connection that
 * closes just after it was written to is stuck from then on. So nothing more is sent in a transaction whose connection
 * is lost, and after the first closed connection all further work goes to a new client.
 */
export class PostgresClient {
  readonly #open: (onclose: () => void) => postgres.Sql;
  readonly #lost = new WeakSet<postgres.Sql>();
  readonly #retired = new Set<Promise<void>>();
  #client: postgres.Sql;
  #isClosed = false;

  /** @param open makes a client; without `max_lifetime`, so that connections close for a reason only */
  constructor(open: (onclose: () => void) => postgres.Sql) {
    this.#open = open;
    this.#client = this.#start();
  }

  get options(): postgres.Sql['options'] {
    return this.#client.options;
  }

  readonly unsafe: postgres.Sql['unsafe'] = (...args) => prepared(this.#client).unsafe(...args);

  begin<Result>(work: (tx: Queries) => Promise<Result>): Promise<unknown> {
    const client = this.#client;
    return client.begin(async (tx) => {
      try {
        return await work(prepared(tx));
      } catch (error) {
        const found = driverError(error);
        if (found && isLost(found)) await this.#untilKnownOpen(client);
        throw error;
      }
    });
  }

  /**
   * Keeps the driver from rolling back on a connection that is lost: never resolves when one of the client's has
   * closed. The close is then what rejects the transaction.
   */
  #untilKnownOpen(client: postgres.Sql): Promise<void> {
    return new Promise((resolve) => {
      setTimeout(() => {
        if (!this.#lost.has(client)) resolve();
      }, closeTimeout).unref();
    });
  }

  /** Waits for what is under way. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all([this.#client.end({ timeout: farewell }), ...this.#retired]);
  }

  #start(): postgres.Sql {
    const client = this.#open(() => this.#replace(client));
    // Sets the client's parsers as drizzle wants them.
    drizzle(client);
    return client;
  }

  #replace(lost: postgres.Sql): void {
    this.#lost.add(lost);
    if (this.#isClosed || lost !== this.#client) return;
    this.#client = this.#start();
    const end = lost.end({ timeout: farewell }).finally(() => this.#retired.delete(end));
    this.#retired.add(end);
  }
}

function prepared(client: Queries): Queries {
  return { unsafe: (query, parameters, options) => client.unsafe(query, parameters, { ...options, prepare: true }) };
}
