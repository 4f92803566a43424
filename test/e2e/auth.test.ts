import { EventSource } from 'eventsource';
import { createTRPCClient, httpSubscriptionLink } from '@trpc/client';
import { afterEach, beforeAll, afterAll, describe, expect, test, vi } from 'vitest';
import { connect } from '../../db/connect.ts';
import { makeApiKey } from '../../server/auth/api-keys.ts';
import { ConfigError, createServer } from '../../server/index.ts';
import type { ServerOptions } from '../../server/index.ts';
import type { AppRouter } from '../../server/routers/app-router.ts';
import type { ApiKey } from '../../shared/api-key.ts';
import type { Chat } from '../../shared/chat.ts';
import { limits } from '../../shared/limits.ts';
import { endless } from '../helpers/endless-answer.ts';
import { startPostgres } from '../helpers/postgres.ts';
import { newUser } from '../helpers/store-chat.ts';
import { RawClient } from '../helpers/raw-client.ts';
import type { WireError } from '../helpers/raw-client.ts';
import { startServer, startServerWithModel } from '../helpers/server.ts';
import type { ServerWithModel } from '../helpers/server.ts';
import { authSecret, tokenFor } from '../helpers/tokens.ts';

/** Milliseconds in which the end of a token has to be the end of its connections. */
const withinMs = 1_000;

let running: ServerWithModel;
beforeAll(async () => {
  running = await startServerWithModel({ answer: ({ signal }) => endless(signal) }, { authSecret });
});
afterEach(() => running.settled());
afterAll(() => running[Symbol.asyncDispose]());

type Created = ApiKey & { secret: string };

const refusalOf = (call: Promise<unknown>) =>
  call.then(
    () => 'no error',
    (error: WireError) => error.data.code,
  );

/** A stream in the middle of an answer. */
async function midStream(client: RawClient) {
  const chat = await client.mutate<Chat>('chat.create', {});
  const stream = client.stream({ chatId: chat.id });
  await client.mutate('chat.send', { chatId: chat.id, text: 'go on' });
  await stream.until(({ types }) => types.includes('message.delta'));
  return { chat, stream };
}

/** Ends what `midStream` began, which no connection's end does. */
async function stopAs(user: string, chat: Chat): Promise<void> {
  await using client = await RawClient.connect(running.url, { token: await tokenFor(user) });
  await client.mutate('chat.stop', { chatId: chat.id });
}

describe('a token', () => {
  test('[AUTH-3] lets its user in, over WebSocket and HTTP, and nobody else', async () => {
    const token = await tokenFor('ann');
    await using ann = await RawClient.connect(running.url, { token });
    expect(await ann.query('account.me')).toEqual({ id: 'ann', expiresInMs: null });
    expect(await ann.query('server.info')).toMatchObject({ auth: 'token' });
    const headers = { Authorization: `Bearer ${token}` };
    expect((await fetch(`${running.url}/trpc/account.me`, { headers })).status).toBe(200);
    for (const bad of [{}, { Authorization: 'Bearer x' }, { Authorization: `Basic ${token}` }]) {
      const response = await fetch(`${running.url}/trpc/account.me`, { headers: bad as Record<string, string> });
      expect(response.status).toBe(401);
      expect(await response.json()).toMatchObject({ error: { data: { code: 'UNAUTHENTICATED' } } });
    }
  });

  test('[AUTH-4] that expires ends its socket with 4401: streams say UNAUTHENTICATED, and nothing comes after', async () => {
    const token = await tokenFor('ann', { expiresIn: 2 });
    const expiresAt = Date.now() + 2_000;
    await using client = await RawClient.connect(running.url, { token });
    const { chat, stream } = await midStream(client);
    await stream.until(({ error }) => error !== null);
    expect(stream.error?.data.code).toBe('UNAUTHENTICATED');
    expect(Date.now()).toBeGreaterThanOrEqual(expiresAt - 20);
    const { length } = stream.received;
    expect(await refusalOf(client.query('chat.get', { chatId: chat.id }))).toBe('UNAUTHENTICATED');
    await client.closed();
    expect(client.closeCode).toBe(4401);
    expect(Date.now() - expiresAt).toBeLessThan(withinMs);
    expect(stream.received.length).toBe(length);
    expect(await refusalOf(fetchQuery(token, 'chat.list'))).toBe('UNAUTHENTICATED');
    await stopAs('ann', chat);
  });

  test('[AUTH-4] that expires ends server-sent events too', async () => {
    const token = await tokenFor('ann', { expiresIn: 2 });
    await using ann = await RawClient.connect(running.url, { token: await tokenFor('ann') });
    const { chat } = await midStream(ann);
    const client = createTRPCClient<AppRouter>({
      links: [httpSubscriptionLink({ url: `${running.url}/trpc`, EventSource, connectionParams: () => ({ token }) })],
    });
    let received = 0;
    const code = await new Promise((resolve) => {
      const subscription = client.chat.stream.subscribe(
        { chatId: chat.id },
        {
          onData: () => (received += 1),
          onError: ({ data }) => {
            subscription.unsubscribe();
            resolve(data?.code);
          },
        },
      );
    });
    expect(code).toBe('UNAUTHENTICATED');
    expect(received).toBeGreaterThan(1);
    await ann.mutate('chat.stop', { chatId: chat.id });
  });

  test('[AUTH-5] is replaced by another one of its user without a stream noticing', async () => {
    await using client = await RawClient.connect(running.url, { token: await tokenFor('ann', { expiresIn: 2 }) });
    const { stream, chat } = await midStream(client);
    const refreshed = await client.mutate('account.refresh', { token: await tokenFor('ann', { expiresIn: 60 }) });
    expect(refreshed).toMatchObject({ id: 'ann', expiresInMs: expect.closeTo(60_000, -3) as number });
    const endOfFirst = Date.now() + 2_100;
    await stream.until(() => Date.now() > endOfFirst);
    expect(stream.error).toBeNull();
    expect(client.closeCode).toBeNull();
    await client.mutate('chat.stop', { chatId: chat.id });
    await stream.untilEnded();
    expect(stream.holes).toBe(0);
  });

  test('[AUTH-5] is not replaced by one that is bad or another user’s: the first one goes on', async () => {
    await using client = await RawClient.connect(running.url, { token: await tokenFor('ann') });
    for (const token of ['x', await tokenFor('bob'), await tokenFor('ann', { expiresIn: -1 })])
      expect(await refusalOf(client.mutate('account.refresh', { token }))).toBe('UNAUTHENTICATED');
    expect(await client.query('account.me')).toMatchObject({ id: 'ann' });
  });
});

async function fetchQuery(token: string, path: string): Promise<unknown> {
  const response = await fetch(`${running.url}/trpc/${path}`, { headers: { Authorization: `Bearer ${token}` } });
  const body = (await response.json()) as { error?: WireError; result?: { data: unknown } };
  if (body.error) throw Object.assign(new Error(body.error.message), body.error);
  return body.result?.data;
}

describe('an API key', () => {
  test('[AUTH-6] is shown once, and is known after that by name, first characters and use', async () => {
    const user = newUser();
    await using client = await RawClient.connect(running.url, { token: await tokenFor(user) });
    const created = await client.mutate<Created>('account.apiKeys.create', { name: ' laptop ' });
    expect(created).toMatchObject({ name: 'laptop', lastUsedAt: null, revokedAt: null });
    expect(created.secret).toMatch(/^sb_[\w-]{43}$/);
    expect(created.secret.startsWith(created.prefix)).toBe(true);
    expect(created.prefix.length).toBeLessThan(12);
    expect(await fetchQuery(created.secret, 'account.me')).toEqual({ id: user, expiresInMs: null });
    const { keys } = await client.query<{ keys: ApiKey[] }>('account.apiKeys.list');
    expect(keys).toHaveLength(1);
    expect(keys[0]).toMatchObject({ id: created.id, lastUsedAt: expect.any(String) as string });
    expect(JSON.stringify(keys)).not.toContain(created.secret.slice(created.prefix.length));
    for (const near of [created.secret.slice(0, -1), `${created.secret}x`, created.prefix, 'sb_'])
      expect(await refusalOf(fetchQuery(near, 'account.me'))).toBe('UNAUTHENTICATED');
  });

  test('[AUTH-7] that is revoked ends its sockets with 4401 in the middle of a stream; other keys go on', async () => {
    await using owner = await RawClient.connect(running.url, { token: await tokenFor('ann') });
    const create = (name: string) => owner.mutate<Created>('account.apiKeys.create', { name });
    const [lost, kept] = [await create('lost'), await create('kept')];
    await using thief = await RawClient.connect(running.url, { token: lost.secret });
    await using friend = await RawClient.connect(running.url, { token: kept.secret });
    const { chat, stream } = await midStream(thief);
    const revokedAt = Date.now();
    const revoked = await owner.mutate<ApiKey>('account.apiKeys.revoke', { keyId: lost.id });
    expect(revoked).toMatchObject({ id: lost.id, revokedAt: expect.any(String) as string });
    await stream.until(({ error }) => error !== null);
    expect(stream.error?.data.code).toBe('UNAUTHENTICATED');
    const { length } = stream.received;
    await thief.closed();
    expect(thief.closeCode).toBe(4401);
    expect(Date.now() - revokedAt).toBeLessThan(withinMs);
    expect(stream.received.length).toBe(length);
    expect(await refusalOf(fetchQuery(lost.secret, 'chat.list'))).toBe('UNAUTHENTICATED');
    expect(await friend.query('account.me')).toMatchObject({ id: 'ann' });
    expect(await owner.mutate('account.apiKeys.revoke', { keyId: lost.id })).toEqual(revoked);
    await owner.mutate('chat.stop', { chatId: chat.id });
    await owner.mutate('account.apiKeys.revoke', { keyId: kept.id });
  });

  test('[AUTH-7] that another process revokes ends its sockets too', async () => {
    await using postgres = await startPostgres();
    const databaseUrl = await postgres.freshDatabase();
    await using server = await startServer({ authSecret, databaseUrl });
    const elsewhere = await connect({ databaseUrl, dataDir: null });
    const user = newUser();
    const { key, secret } = await makeApiKey(elsewhere.keys, user, 'script');
    await using client = await RawClient.connect(server.url, { token: secret });
    const chat = await client.mutate<Chat>('chat.create', {});
    const stream = client.stream({ chatId: chat.id });
    await stream.until(({ types }) => types.includes('snapshot'));
    const revokedAt = Date.now();
    await elsewhere.keys.revokeKey(user, key.id);
    await vi.waitFor(() => expect(client.closeCode).toBe(4401), { interval: 5, timeout: 5_000 });
    expect(Date.now() - revokedAt).toBeLessThan(withinMs);
    expect(stream.error?.data.code).toBe('UNAUTHENTICATED');
    await elsewhere.close();
  });

  test('[AUTH-8] is one of at most so many that a user may have in use', async () => {
    const user = newUser();
    await using client = await RawClient.connect(running.url, { token: await tokenFor(user) });
    const create = (index: number) => client.mutate<Created>('account.apiKeys.create', { name: `key ${index}` });
    const keys = [];
    for (let index = 0; index < limits.apiKeys; index += 1) keys.push(await create(index));
    const refused = await create(0).catch((error: unknown) => error as WireError);
    expect((refused as WireError).data).toMatchObject({ code: 'TOO_LARGE', limit: limits.apiKeys });
    await client.mutate('account.apiKeys.revoke', { keyId: keys[0]?.id });
    expect(await create(0)).toMatchObject({ name: 'key 0' });
  });

  test('[AUTH-9] and a token stand in no line of the log', async () => {
    const lines: string[] = [];
    const log = (details: object, message: string) => void lines.push(JSON.stringify([details, message]));
    await using server = await startServer({ authSecret, logger: { debug: log, info: log, warn: log, error: log } });
    const token = await tokenFor('ann', { expiresIn: 2 });
    await using client = await RawClient.connect(server.url, { token });
    const { secret } = await client.mutate<Created>('account.apiKeys.create', { name: 'x' });
    const forged = `${token}forged`;
    for (const bad of [`${secret}x`, forged, 'sb_bad-key']) {
      await using refused = await RawClient.connect(server.url, { token: bad });
      expect(await refusalOf(refused.query('account.me'))).toBe('UNAUTHENTICATED');
    }
    await client.request({ method: 'mutation', params: { path: 'account.refresh', input: { token: forged } } });
    await client.request({ method: 'mutation', params: { path: 'account.refresh', input: { token: [secret] } } });
    await fetch(
      `${server.url}/trpc/account.me?connectionParams=${encodeURIComponent(JSON.stringify({ token: forged }))}`,
    );
    client.socket.send(`{"id":1,"method":"mutation","params":{"path":"account.refresh","input":{"token":"${token}`);
    await client.closed();
    expect(lines.length).toBeGreaterThan(0);
    const said = lines.join('\n') + JSON.stringify(client.strays);
    for (const piece of [token.split('.')[2], secret.slice(10), 'bad-key', 'forged']) expect(said).not.toContain(piece);
  });
});

describe('a server', () => {
  const refusal = async (options: ServerOptions) => {
    const error: unknown = await createServer({ port: 0, dataDir: null, ...options }).then(
      (server) => server.close(),
      (error: unknown) => error,
    );
    return error instanceof ConfigError ? error.message : 'no refusal';
  };

  test('[CFG-2] on an open address checks tokens; rules that leave open how are refused', async () => {
    expect(await refusal({ host: '0.0.0.0' })).toMatch(/^HOST: expected 127.0.0.1.*AUTH_SECRET.*got "0.0.0.0"$/);
    expect(await refusal({ authSecret: 'hush' })).toMatch(/^AUTH_SECRET: expected at least 32 .*; got 4 characters/);
    expect(await refusal({ authIssuer: 'x' })).toMatch(/^AUTH_ISSUER: .*set AUTH_SECRET or AUTH_JWKS_URL/);
    expect(await refusal({ authSecret, authJwksUrl: 'http://127.0.0.1:9/' })).toMatch(/^AUTH_SECRET, AUTH_JWKS_URL: /);
    expect(await refusal({ authSecret, authenticate: () => null })).toMatch(/^authenticate: /);
    await using server = await startServer({ host: '0.0.0.0', authSecret });
    const { port } = new URL(server.url);
    await using client = await RawClient.connect(`http://127.0.0.1:${port}`, { token: await tokenFor('ann') });
    expect(await client.query('account.me')).toMatchObject({ id: 'ann' });
  });

  test('[AUTH-10] that is handed its check has no API keys, and takes ends and revocations from it', async () => {
    const revoked = new AbortController();
    await using server = await startServer({
      authenticate: (token) => ({ id: String(token), expiresAt: Date.now() + 60_000, revoked: revoked.signal }),
    });
    await using client = await RawClient.connect(server.url, { token: 'ann' });
    expect(await client.query('account.me')).toEqual({ id: 'ann', expiresInMs: expect.closeTo(60_000, -3) as number });
    expect(await refusalOf(client.mutate('account.apiKeys.create', { name: 'x' }))).toBe('NOT_FOUND');
    expect(await refusalOf(client.query('account.apiKeys.list'))).toBe('NOT_FOUND');
    revoked.abort();
    await vi.waitFor(() => expect(client.closeCode).toBe(4401), { interval: 5, timeout: withinMs });
  });
});
