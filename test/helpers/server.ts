import { expect, vi } from 'vitest';
import { createServer } from '../../server/index.ts';
import type { Server, ServerOptions } from '../../server/index.ts';
import { createLogger } from '../../server/logger.ts';
import { startModelProvider } from './model-provider.ts';
import { openDatabase } from './open-database.ts';
import type { ModelProvider, ModelProviderOptions } from './model-provider.ts';

export interface TestServer extends AsyncDisposable {
  readonly server: Server;
  readonly url: string;
  /** Waits until no connection, stream or run is left; fails when one stays. */
  settled(): Promise<void>;
}

/** A whole server on a free port, its database in memory. Leaving its scope proves that nothing was left behind. */
export async function startServer(options: ServerOptions = {}): Promise<TestServer> {
  const isElsewhere = ['databaseUrl', 'dataDir', 'filesDir', 'database'].some((option) => option in options);
  const server = await createServer({
    port: 0,
    dataDir: null,
    titles: false,
    logger: createLogger('silent'),
    ...(!isElsewhere && { database: await openDatabase() }),
    ...options,
  });
  const settled = () =>
    vi.waitFor(() => expect(server.census()).toEqual({ connections: 0, runs: 0, streams: 0 }), { timeout: 5_000 });
  return {
    server,
    url: server.url,
    settled,
    [Symbol.asyncDispose]: async () => {
      await server.close();
      expect(server.census()).toEqual({ connections: 0, runs: 0, streams: 0 });
    },
  };
}

export interface ServerWithModel extends TestServer {
  readonly provider: ModelProvider;
}

/** The same with a provider double behind `OPENAI_BASE_URL`: the real model library speaks to it over real HTTP. */
export async function startServerWithModel(
  provider: ModelProviderOptions = {},
  options: ServerOptions = {},
): Promise<ServerWithModel> {
  const double = await startModelProvider(provider);
  const started = await startServer({ openaiBaseUrl: double.url, defaultModel: 'openai:double', ...options });
  return {
    ...started,
    provider: double,
    [Symbol.asyncDispose]: async () => {
      await started[Symbol.asyncDispose]();
      await double.close();
    },
  };
}
