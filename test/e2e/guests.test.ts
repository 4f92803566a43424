import { once } from 'node:events';
import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import type { Chat } from '../../shared/chat.ts';
import type { ChatView } from '../../shared/events.ts';
import { textOf } from '../../shared/message.ts';
import type { ServerOptions } from '../../server/index.ts';
import type { ProviderAnswer } from '../helpers/model-provider.ts';
import { RawClient } from '../helpers/raw-client.ts';
import type { WireError } from '../helpers/raw-client.ts';
import { startServerWithModel } from '../helpers/server.ts';
import type { ServerWithModel } from '../helpers/server.ts';
import { authSecret, tokenFor } from '../helpers/tokens.ts';

let answer: () => ProviderAnswer = () => ['Hello'];
const start = (options: ServerOptions = {}) =>
  startServerWithModel({ answer: () => answer() }, { authSecret, ...options });

let server: ServerWithModel;
beforeAll(async () => {
  server = await start();
});
afterEach(() => server.settled());
afterAll(() => server[Symbol.asyncDispose]());

/** Ann's chat with one turn in it, and the id under which it is shared. */
async function shared(owner: RawClient): Promise<{ chatId: string; shareId: string }> {
  const { id: chatId } = await owner.mutate<Chat>('chat.create', { title: 'Shared' });
  const stream = owner.stream({ chatId });
  await owner.mutate('chat.send', { chatId, text: 'Hi' });
  await stream.untilEnded();
  return { chatId, ...(await owner.mutate<{ shareId: string }>('chat.share', { chatId })) };
}

const overHttp = async (url: string, path: string, input: object, headers: Record<string, string> = {}) => {
  const response = await fetch(`${url}/trpc/${path}?input=${encodeURIComponent(JSON.stringify(input))}`, { headers });
  const body = (await response.json()) as { error?: WireError; result?: { data: ChatView } };
  return { status: response.status, code: body.error?.data.code, data: body.result?.data };
};

const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'no error',
    (error: WireError) => error.data.code,
  );

const closed = async (client: RawClient): Promise<number | null> => {
  if (client.socket.readyState !== client.socket.CLOSED) await once(client.socket, 'close');
  return client.closeCode;
};

test('[SHR-4] whoever has the id reads it without a token, live, until it is not shared any more', async () => {
  await using owner = await RawClient.connect(server.url, { token: await tokenFor('ann') });
  const { chatId, shareId } = await shared(owner);
  await using guest = await RawClient.connect(server.url);
  expect(await guest.query<ChatView>('share.get', { shareId })).toMatchObject({ chat: { title: 'Shared' } });
  const stream = guest.stream({ shareId });
  await stream.until(({ types }) => types.length === 1);
  answer = () => ['It ', 'grows'];
  await owner.mutate('chat.send', { chatId, text: 'And?' });
  await stream.untilEnded();
  expect(stream.types).toContain('message.delta');
  expect(stream.view?.messages.map(textOf)).toEqual(['Hi', 'Hello', 'And?', 'It grows']);
  expect(JSON.stringify(stream.events)).not.toContain('ann');
  expect(await overHttp(server.url, 'share.get', { shareId })).toMatchObject({ status: 200, data: { queue: [] } });
  expect(await overHttp(server.url, 'share.history', { shareId })).toMatchObject({ status: 200 });
  await owner.mutate('chat.unshare', { chatId });
  await stream.until(({ error }) => error !== null);
  expect(stream.error?.data.code).toBe('NOT_FOUND');
  expect(await overHttp(server.url, 'share.get', { shareId })).toMatchObject({ status: 404, code: 'NOT_FOUND' });
});

test('[SHR-5] a socket without a token stays for as long as it reads; else there is the time to say who one is', async () => {
  await using strict = await start({ limits: { authenticateMs: 1_500 } });
  await using owner = await RawClient.connect(strict.url, { token: await tokenFor('ann') });
  const { chatId, shareId } = await shared(owner);
  await using reader = await RawClient.connect(strict.url);
  const stream = reader.stream({ shareId });
  await stream.until(({ types }) => types.length === 1);
  await using silent = await RawClient.connect(strict.url);
  await using asking = await RawClient.connect(strict.url);
  await using guessing = await RawClient.connect(strict.url);
  expect(await codeOf(asking.query('share.get', { shareId }))).toBe('no error');
  const missing = guessing.stream({ shareId: 'x'.repeat(22) });
  await missing.until(({ error }) => error !== null);
  expect(missing.error?.data.code).toBe('NOT_FOUND');
  // All of them came after the reader, whose time was over before theirs.
  expect(await Promise.all([silent, asking, guessing].map(closed))).toEqual([4401, 4401, 4401]);
  expect(reader.closeCode).toBe(null);
  await owner.mutate('chat.rename', { chatId, title: 'Still read' });
  await stream.until(({ view }) => view?.chat.title === 'Still read');
  await owner.mutate('chat.unshare', { chatId });
  expect(await closed(reader)).toBe(4401);
});

test('[SHR-5] one call of anything else is UNAUTHENTICATED and closes it, reading or not', async () => {
  await using owner = await RawClient.connect(server.url, { token: await tokenFor('ann') });
  const { chatId, shareId } = await shared(owner);
  await using guest = await RawClient.connect(server.url);
  const stream = guest.stream({ shareId });
  await stream.until(({ types }) => types.length === 1);
  expect(await codeOf(guest.query('chat.get', { chatId }))).toBe('UNAUTHENTICATED');
  expect(await closed(guest)).toBe(4401);
  expect((await overHttp(server.url, 'chat.get', { chatId })).status).toBe(401);
});

test('[SHR-5] a token that is not valid makes nobody a guest', async () => {
  await using owner = await RawClient.connect(server.url, { token: await tokenFor('ann') });
  const { shareId } = await shared(owner);
  await using bad = await RawClient.connect(server.url, { token: 'x' });
  expect(await codeOf(bad.query('share.get', { shareId }))).toBe('UNAUTHENTICATED');
  expect(await closed(bad)).toBe(4401);
  const headers = { Authorization: 'Bearer x' };
  expect((await overHttp(server.url, 'share.get', { shareId }, headers)).status).toBe(401);
});

test('[SHR-6] connections and calls without a token are counted by address, and users do not notice', async () => {
  await using strict = await start({ limits: { guestConnectionsPerAddress: 2, guestCallsPerMinute: 4 } });
  await using owner = await RawClient.connect(strict.url, { token: await tokenFor('ann') });
  const { shareId } = await shared(owner);
  await using first = await RawClient.connect(strict.url);
  const stream = first.stream({ shareId });
  await stream.until(({ types }) => types.length === 1);
  await using second = await RawClient.connect(strict.url);
  const other = second.stream({ shareId });
  await other.until(({ types }) => types.length === 1);
  await using third = await RawClient.connect(strict.url);
  expect(await closed(third)).toBe(4429);
  expect(await overHttp(strict.url, 'share.get', { shareId })).toMatchObject({ status: 429, code: 'RATE_LIMITED' });
  second.socket.close();
  await closed(second);
  await vi.waitFor(async () => expect((await overHttp(strict.url, 'share.get', { shareId })).status).toBe(200));
  expect(await codeOf(first.query('share.get', { shareId }))).toBe('no error');
  await expect(first.query('share.get', { shareId })).rejects.toMatchObject({
    data: { code: 'RATE_LIMITED', limit: 4, retryAfterMs: expect.any(Number) as number },
  });
  expect(await codeOf(owner.query('share.get', { shareId }))).toBe('no error');
});

test('[SHR-6] all of them together have a limit', async () => {
  await using strict = await start({ limits: { guestConnections: 0 } });
  await using guest = await RawClient.connect(strict.url);
  expect(await closed(guest)).toBe(4429);
});

test('[SHR-7] with PUBLIC_SHARES off a share is read by users alone', async () => {
  await using strict = await start({ publicShares: false });
  await using owner = await RawClient.connect(strict.url, { token: await tokenFor('ann') });
  const { shareId } = await shared(owner);
  await using guest = await RawClient.connect(strict.url);
  expect(await codeOf(guest.query('share.get', { shareId }))).toBe('UNAUTHENTICATED');
  expect(await closed(guest)).toBe(4401);
  expect((await overHttp(strict.url, 'share.get', { shareId })).status).toBe(401);
  await using user = await RawClient.connect(strict.url, { token: await tokenFor('bob') });
  expect(await codeOf(user.query('share.get', { shareId }))).toBe('no error');
});
