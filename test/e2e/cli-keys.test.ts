import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { switchboardAt } from '../../server/listening.ts';
import type { ApiKey } from '../../shared/api-key.ts';
import { startPostgres } from '../helpers/postgres.ts';
import type { TestPostgres } from '../helpers/postgres.ts';
import { RawClient } from '../helpers/raw-client.ts';
import { startServer } from '../helpers/server.ts';
import { ServerProcess, temporaryFolder } from '../helpers/server-process.ts';
import { authSecret, tokenFor } from '../helpers/tokens.ts';

/** `switchboard keys …` with these variables. */
async function keys(env: Record<string, string>, ...args: string[]) {
  await using command = new ServerProcess(env, ['server/bin.ts', 'keys', ...args]);
  const { code } = await command.exited;
  return { code, out: command.stdout.trim(), err: command.stderr.trim() };
}

const idIn = (text: string) => /[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}/.exec(text)?.[0] ?? 'no id';

describe('switchboard keys', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres[Symbol.asyncDispose]());

  test('[AUTH-13] makes a key that opens the server, lists it and revokes it under the running server', async () => {
    const env = { DATABASE_URL: await postgres.freshDatabase(), LOG_LEVEL: 'warn' };
    const made = await keys(env, 'create', '--user', 'ann', '--name', 'laptop');
    expect(made).toMatchObject({ code: 0, out: expect.stringMatching(/^sb_[\w-]{43}$/) as string });
    await using server = new ServerProcess({ ...env, AUTH_SECRET: authSecret });
    const url = await server.ready();
    await using client = await RawClient.connect(url, { token: made.out });
    expect(await client.query('account.me')).toMatchObject({ id: 'ann' });
    const listed = await keys(env, 'list', '--user', 'ann');
    expect(listed.out).toMatch(new RegExp(`^${idIn(made.err)} {2}${made.out.slice(0, 9)}….*used 2.*laptop$`));
    expect(listed.out).not.toContain(made.out);
    const foreign = await keys(env, 'revoke', '--user', 'bob', idIn(made.err));
    expect(foreign).toEqual({ code: 1, out: '', err: 'There is no such key.' });
    expect(await client.query('account.me')).toMatchObject({ id: 'ann' });
    expect(await keys(env, 'revoke', '--user', 'ann', idIn(made.err))).toMatchObject({ code: 0 });
    await client.closed();
    expect(client.closeCode).toBe(4401);
    expect((await keys(env, 'list', '--user', 'ann')).out).toMatch(/revoked 2/);
  });

  test('[AUTH-13] works on a folder before its server starts, and is refused while it runs, saying how else', async () => {
    await using folder = await temporaryFolder();
    const env = { DATA_DIR: folder.path, LOG_LEVEL: 'warn' };
    const made = await keys(env, 'create', '--user', 'ann');
    expect(made.code).toBe(0);
    await using server = new ServerProcess({ ...env, AUTH_SECRET: authSecret });
    const url = await server.ready();
    const refused = await keys(env, 'list', '--user', 'ann');
    expect(refused).toMatchObject({ code: 1, out: '' });
    expect(refused.err).toMatch(/^DATA_DIR: .* in use by process \d+; .*\n.*account\.apiKeys\.create/);
    await using client = await RawClient.connect(url, { token: made.out });
    const { keys: listed } = await client.query<{ keys: ApiKey[] }>('account.apiKeys.list');
    expect(listed.map(({ id, name }) => [id, name])).toEqual([[idIn(made.err), 'key']]);
    expect(server.stderr).not.toContain(made.out);
  });

  test('[CLI-20] a server that asks for a token gets one, or says what is missing; its port is known to be taken', async () => {
    await using server = await startServer({ authSecret });
    const say = async (...args: string[]) => {
      await using command = new ServerProcess({}, ['server/bin.ts', 'chats', '--url', server.url, ...args]);
      return { ...(await command.exited), err: command.stderr };
    };
    const refused = await say();
    expect(refused.code).toBe(5);
    expect(refused.err).toMatch(/^UNAUTHENTICATED: expected a valid token.*--token or SWITCHBOARD_TOKEN$/m);
    expect(await say('--token', await tokenFor('ann'))).toMatchObject({ code: 0 });
    expect(await switchboardAt(server.url)).toBe('(version not told)');
  });

  test('[AUTH-13] refuses what is typed wrong before it opens anything', async () => {
    const env = { DATA_DIR: '/proc/nowhere' };
    expect((await keys(env, 'revoke', '--user', 'ann', 'seven')).err).toMatch(
      /^expected the id of a key.*got "seven"$/,
    );
    expect((await keys(env, 'create', '--user', '')).err).toMatch(/^--user: expected an id/);
    expect((await keys(env, 'create', '--user', 'ann', '--name', ' ')).err).toMatch(/^--name: expected 1 to 200/);
    const without = await keys(env, 'list');
    expect([without.code, without.err]).toEqual([1, expect.stringContaining('--user')]);
  });
});
