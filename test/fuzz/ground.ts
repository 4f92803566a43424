import type { Database } from '../../db/connect.ts';
import { createServer } from '../../server/index.ts';
import type { Server } from '../../server/index.ts';
import { ProviderByHand } from './provider.ts';
import { steerable } from './steerable.ts';
import { severable } from './severable-database.ts';
import type { SeverableDatabase } from './severable-database.ts';

/** A server that comes and goes on a database that stays, with a model that is led by hand. */
export class Ground implements AsyncDisposable {
  readonly database: Database;
  readonly provider: ProviderByHand;
  #hold: SeverableDatabase;
  #server: Server;

  static async start(database: Database): Promise<Ground> {
    const provider = await ProviderByHand.start();
    const hold = severable(database);
    return new Ground(database, provider, hold, await startServer(hold, provider));
  }

  private constructor(database: Database, provider: ProviderByHand, hold: SeverableDatabase, server: Server) {
    this.database = database;
    this.provider = provider;
    this.#hold = hold;
    this.#server = server;
  }

  get server(): Server {
    return this.#server;
  }

  /** Another server in place of this one, which may end what it does first. */
  async restart(): Promise<void> {
    await this.#server.close();
    await this.#startAgain();
  }

  /** As after `kill -9`: what was not stored is lost, and what was asked for is not answered. */
  async killAndStart(): Promise<void> {
    await this.#hold.sever();
    await this.#server.close();
    await this.#startAgain();
  }

  /** The database stays open. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.#server.close();
    await this.provider[Symbol.asyncDispose]();
  }

  async #startAgain(): Promise<void> {
    this.#hold = severable(this.database);
    this.#server = await startServer(this.#hold, this.provider);
  }
}

function startServer({ database }: SeverableDatabase, provider: ProviderByHand): Promise<Server> {
  const models = { openaiBaseUrl: provider.url, defaultModel: 'openai:double' };
  return createServer({
    ...models,
    port: 0,
    database,
    logLevel: 'silent',
    titles: false,
    handlers: { assistant: steerable(database, models) },
  });
}
