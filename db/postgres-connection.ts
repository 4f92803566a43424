import { drizzle } from 'drizzle-orm/postgres-js';
import type postgres from 'postgres';
import { driverError, isLost } from './database-errors.ts';

/** What drizzle uses of a client, and of a transaction in it. */
export interface Queries {
  readonly unsafe: postgres.Sql['unsafe'];
}

/** Opens a client with one connection, which tells when that has closed. */
export type OpenClient = (onclose: () => void) => postgres.Sql;

/** Milliseconds in which a server that ended a connection has closed it, too. */
const closeTimeout = 1_000;

/**
 * One connection, for one query or transaction at a time, until it is lost. Every statement is prepared once.
 *
 * postgres.js 3.4.9 brings lost connections back to life, and that goes wrong: what is sent in between throws where
 * nobody can catch it, which ends the process (its issue 1208), or gets stuck in front of the next handshake. So a
 * connection is not used again after it has closed, and nothing is sent in a transaction after it was lost.
 */
export class PostgresConnection {
  /** Rejects when the connection has closed; it is of no use from then on. */
  readonly lost: Promise<never>;
  readonly #client: postgres.Sql;
  #isLost = false;

  constructor(open: OpenClient) {
    const { promise, reject } = Promise.withResolvers<never>();
    this.lost = promise;
    this.#client = open(() => {
      this.#isLost = true;
      reject(Object.assign(new Error('the connection to the database has closed'), { code: 'CONNECTION_CLOSED' }));
    });
    // Sets the client's parsers as drizzle wants them.
    drizzle(this.#client);
  }

  get queries(): Queries {
    return prepared(this.#client);
  }

  async transaction<Result>(work: (tx: Queries) => Promise<Result>): Promise<unknown> {
    return this.#client.begin(async (tx) => {
      try {
        return await work(prepared(tx));
      } catch (error) {
        const found = driverError(error);
        if (found && isLost(found)) await this.#untilKnownOpen();
        throw error;
      }
    });
  }

  /** To be called when nothing is under way. */
  end(): Promise<void> {
    return this.#client.end({ timeout: 0 });
  }

  /** Keeps the driver from rolling back on a lost connection: its close is what rejects the transaction then. */
  #untilKnownOpen(): Promise<void> {
    return new Promise((resolve) => {
      setTimeout(() => {
        if (!this.#isLost) resolve();
      }, closeTimeout).unref();
    });
  }
}

function prepared(client: Queries): Queries {
  return { unsafe: (query, parameters, options) => client.unsafe(query, parameters, { ...options, prepare: true }) };
}
