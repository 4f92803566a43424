import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import postgres from 'postgres';
import { connect, type Database } from '../../../db/connect.ts';
import { ConnectError } from '../../../db/connect-error.ts';
import { checkServer } from '../../../db/postgres.ts';
import { startPostgres, type TestPostgres } from '../../helpers/postgres.ts';
import { completed, editorId, TestChat, textSlice, newUser } from '../../helpers/store-chat.ts';

async function refusal(databaseUrl: string): Promise<string> {
  const error: unknown = await connect({ databaseUrl, dataDir: null }).then(
    (database) => database.close(),
    (error: unknown) => error,
  );
  if (!(error instanceof ConnectError)) throw new Error(`expected a ConnectError, got ${String(error)}`);
  return error.message;
}

/** Connections of ours that the server has open. */
async function connectionsTo(url: string): Promise<number> {
  const client = postgres(url, { max: 1, connection: { application_name: 'the test' } });
  const [row] = await client<{ count: number }[]>`
    select count(*)::int as count from pg_stat_activity
    where datname = current_database() and application_name = 'switchboard'`;
  await client.end();
  return row?.count ?? -1;
}

describe('a database in a folder', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'switchboard-data-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('[DBC-1] what was stored is there after closing and opening again, and lost work is recovered', async () => {
    const dataDir = join(folder, 'new', 'deep');
    const first = await connect({ dataDir });
    const chat = await TestChat.create(first.store, { title: 'Kept' });
    await chat.turn('one', 'two');
    const started = await chat.start('three');
    await first.store.record([textSlice(started, 1, 0, 'half')]);
    const before = await chat.view();
    await first.close();
    await first.close();

    const second = await connect({ dataDir });
    const again = { view: () => second.store.view(chat.userId, chat.id) };
    expect((await again.view()).view).toEqual(before);
    expect(await second.store.recover()).toEqual({ interrupted: 1, resumed: 0, waiting: [] });
    const { messages } = (await again.view()).view;
    expect(messages.at(-1)).toMatchObject({ status: 'interrupted', parts: [{ type: 'text', text: 'half' }] });
    const closing = [again.view(), second.close()];
    expect(await Promise.allSettled(closing)).toEqual([
      expect.objectContaining({ status: 'fulfilled' }),
      expect.objectContaining({ status: 'fulfilled' }),
    ]);
    await expect(second.store.ping()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
    await expect(again.view()).rejects.toMatchObject({ code: 'UNAVAILABLE' });
  });

  it('[DBC-2] a folder that is in use is refused at once, naming the process, and nothing in it is touched', async () => {
    const dataDir = join(folder, 'used');
    const first = await connect({ dataDir });
    const files = await readdir(dataDir);
    const began = performance.now();
    await expect(connect({ dataDir })).rejects.toThrow(
      `DATA_DIR: ${dataDir} is in use by this process (${process.pid}) itself`,
    );
    expect(performance.now() - began).toBeLessThan(1000);
    expect(await readdir(dataDir)).toEqual(files);
    await expect(first.store.ping()).resolves.toBeUndefined();
    await first.close();
    await (await connect({ dataDir })).close();
  });

  it('[DBC-3] a path that cannot be a folder is refused, naming DATA_DIR', async () => {
    const file = join(folder, 'file');
    await writeFile(file, 'not a folder');
    for (const dataDir of [file, join(file, 'below')]) {
      await expect(connect({ dataDir })).rejects.toThrow(/^DATA_DIR: expected a folder to write to, got \//);
    }
    expect(await readFile(file, 'utf8')).toBe('not a folder');
  });

  it('[DBC-3] a folder whose database is broken is refused and let go of again', async () => {
    const dataDir = join(folder, 'broken');
    await (await connect({ dataDir })).close();
    await writeFile(join(dataDir, 'postgres', 'PG_VERSION'), '99\n');
    await expect(connect({ dataDir })).rejects.toThrow(/^DATA_DIR: the embedded database in .* does not open/);
    expect(await readdir(dataDir)).not.toContain('lock');
  });
});

describe('a database of a server', () => {
  let server: TestPostgres | undefined;
  let url = '';
  beforeAll(async () => {
    server = await startPostgres();
    url = await server.freshDatabase();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
  });
  const changed = (change: (url: URL) => void) => {
    const other = new URL(url);
    change(other);
    return other.href;
  };

  it('[DBC-4] two that connect to an empty database at the same time migrate it once, and seeds stay as people changed them', async () => {
    const empty = (await server?.freshDatabase()) ?? '';
    const open = await Promise.all([1, 2].map(() => connect({ databaseUrl: empty, dataDir: null })));
    const client = postgres(empty, { max: 1, onnotice: () => {} });
    await client`update switchboard.assistants set name = 'Mine' where id = ${editorId}`;
    await client.end();
    open.push(await connect({ databaseUrl: empty, dataDir: null }));
    for (const { store } of open) expect((await store.assistant(editorId, null))?.name).toBe('Mine');
    expect((await open[0]?.assistants.assistants(newUser(), { limit: 9 }))?.assistants.length).toBe(2);
    await Promise.all(open.map((database) => database.close()));
  });

  it('[DBC-5] a wrong password is refused without being said', async () => {
    const message = await refusal(changed((other) => (other.password = 'hunter2')));
    expect(message).toMatch(
      /^DATABASE_URL: expected a Postgres server at postgres:\/\/postgres@.*check user and password$/,
    );
    expect(message).not.toContain('hunter2');
  });

  it('[DBC-5] a database that does not exist is refused by name', async () => {
    const message = await refusal(changed((other) => (other.pathname = '/nowhere')));
    expect(message).toMatch(/DATABASE_URL.*database "nowhere" does not exist.*create that database/);
  });

  it('[DBC-5] a server that is not there is refused with its address', async () => {
    const closed = createServer();
    await new Promise<void>((resolve) => void closed.listen(0, '127.0.0.1', resolve));
    const { port } = closed.address() as AddressInfo;
    await new Promise((resolve) => void closed.close(resolve));
    const message = await refusal(`postgres://me:hunter2@127.0.0.1:${port}/chats`);
    expect(message).toContain(`DATABASE_URL: expected a Postgres server at postgres://me@127.0.0.1:${port}/chats`);
    expect(message).toContain('ECONNREFUSED');
    expect(message).not.toContain('hunter2');
  });

  it('[DBC-5] what takes the connection and hangs up again is refused in time', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      socket.end();
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    expect(await refusal(`postgres://root@127.0.0.1:${port}/test`)).toMatch(/no answer in 5 s/);
    server.close();
  });

  it('[DBC-5] something that is no address of a Postgres server is refused without being said', async () => {
    for (const text of ['hunter2', 'mysql://me:hunter2@localhost/chats', 'postgres://me:hunter2@ho st/chats']) {
      const message = await refusal(text);
      expect(message).toMatch(/^DATABASE_URL: expected postgres:\/\/user:password@host:port\/database, got /);
      expect(message).not.toContain('hunter2');
    }
  });

  it('[DBC-6] a server that is too old or has another encoding is refused with what it is', async () => {
    const good = { version: '15.0', number: 150_000, encoding: 'UTF8' };
    expect(() => checkServer(good)).not.toThrow();
    expect(() => checkServer({ ...good, version: '14.9', number: 140_009 })).toThrow(
      'DATABASE_URL: expected Postgres 15 or newer, got 14.9',
    );
    const ascii = (await server?.freshDatabase("encoding 'SQL_ASCII' template template0 locale 'C'")) ?? '';
    expect(await refusal(ascii)).toContain('expected a database with the encoding UTF8, got SQL_ASCII');
  });

  it('[DBC-7] while the server is away everything is UNAVAILABLE, and goes on when it is back', async ({ skip }) => {
    const power = server?.power;
    skip(!power, 'the server of TEST_DATABASE_URL is not ours to stop');
    if (!power) return;
    const database: Database = await connect({ databaseUrl: url, dataDir: null });
    const chat = await TestChat.create(database.store);
    const started = await chat.start('one');
    await power.off();
    const away = { code: 'UNAVAILABLE' };
    await expect(database.store.ping()).rejects.toMatchObject(away);
    await expect(chat.send('two')).rejects.toMatchObject(away);
    await expect(chat.view()).rejects.toMatchObject(away);
    await expect(database.store.record([textSlice(started, 1, 0, 'x')])).rejects.toMatchObject(away);
    await power.on();
    await expect.poll(() => database.store.ping().then(() => 'back', String), { timeout: 5000 }).toBe('back');
    expect((await chat.send('two')).disposition).toBe('queued');
    expect(await database.store.finish(completed(started, 'answer'))).not.toBeNull();
    await database.close();
    await expect(database.store.ping()).rejects.toMatchObject(away);
  });

  it('[DBC-7] a server that restarts again and again under load never ends the process, and nothing hangs', async ({
    skip,
  }) => {
    const power = server?.power;
    skip(!power, 'the server of TEST_DATABASE_URL is not ours to stop');
    if (!power) return;
    const database = await connect({ databaseUrl: url, dataDir: null });
    const outcomes = new Set<unknown>();
    const over = new AbortController();
    const work = async () => {
      while (!over.signal.aborted) {
        const chat = await TestChat.create(database.store).catch((error: { code?: unknown }) =>
          outcomes.add(error.code),
        );
        if (!(chat instanceof TestChat)) continue;
        await Promise.all([chat.send('one'), chat.view()]).then(
          () => outcomes.add('done'),
          (error: { code?: unknown }) => outcomes.add(error.code),
        );
      }
    };
    const workers = Array.from({ length: 20 }, work);
    for (let round = 0; round < 4; round += 1) {
      outcomes.delete('done');
      await expect.poll(() => outcomes.has('done'), { timeout: 5000 }).toBe(true);
      await power.off();
      await power.on();
    }
    over.abort();
    await Promise.all(workers);
    expect(outcomes).toEqual(new Set(['done', 'UNAVAILABLE']));
    expect(await connectionsTo(url)).toBeLessThanOrEqual(10);
    await database.close();
    await expect.poll(() => connectionsTo(url)).toBe(0);
  });

  it('[DBC-7] a single connection that the server ends costs only what was under way on it', async () => {
    const database = await connect({ databaseUrl: url, dataDir: null });
    const chats = await Promise.all(Array.from({ length: 20 }, () => TestChat.create(database.store)));
    const client = postgres(url, { max: 1, onnotice: () => {} });
    const sendAndLook = async (chat: TestChat): Promise<unknown> => {
      await chat.send('one');
      return (await chat.view()).activeRun?.status;
    };
    const outcomes = await Promise.all([
      client`select pg_terminate_backend(pid) from pg_stat_activity
        where datname = current_database() and application_name = 'switchboard' limit 1`.then(() => 'ended'),
      ...chats.map((chat) => sendAndLook(chat).catch((error: { code?: string }) => error.code)),
    ]);
    expect(outcomes.filter((outcome) => outcome === 'UNAVAILABLE').length).toBeLessThanOrEqual(1);
    expect(outcomes.filter((outcome) => outcome === 'running').length).toBeGreaterThanOrEqual(19);
    await client.end();
    await database.close();
  });
});
