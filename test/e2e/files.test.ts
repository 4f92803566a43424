import { once } from 'node:events';
import { request } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { FileStore } from '../../db/file-store.ts';
import type { Chat } from '../../shared/chat.ts';
import { UserId } from '../../shared/ids.ts';
import type { FileId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { newId } from '../../shared/new-id.ts';
import { images } from '../helpers/images.ts';
import { openDatabase } from '../helpers/open-database.ts';
import { RawClient } from '../helpers/raw-client.ts';
import type { WireError } from '../helpers/raw-client.ts';
import { startServer, startServerWithModel } from '../helpers/server.ts';
import type { ServerWithModel } from '../helpers/server.ts';
import { prepareDataDir } from '../helpers/store.ts';
import { ServerProcess, temporaryFolder } from '../helpers/server-process.ts';
import { authSecret, tokenFor } from '../helpers/tokens.ts';

const patience = { timeout: 10_000 };

let running: ServerWithModel;
beforeAll(async () => {
  running = await startServerWithModel({}, { authSecret });
});
afterEach(() => running.settled());
afterAll(() => running[Symbol.asyncDispose]());

const connectAs = async (user: string) => RawClient.connect(running.url, { token: await tokenFor(user) });

interface UploadOptions {
  readonly user?: string;
  readonly url?: string;
  readonly name?: string;
  readonly headers?: Record<string, string>;
}

const bearer = async (user: string) => ({ authorization: `Bearer ${await tokenFor(user)}` });

async function post(body: BodyInit, type: string, options: UploadOptions = {}): Promise<Response> {
  const { user = 'ann', url = running.url, name = 'notes.txt', headers = {} } = options;
  const all = { ...(await bearer(user)), 'content-type': type, ...headers };
  return fetch(`${url}/files?name=${encodeURIComponent(name)}`, { method: 'POST', headers: all, body });
}

interface Uploaded {
  readonly fileId: string;
  readonly name: string;
  readonly mediaType: string;
  readonly size: number;
}

async function upload(
  body: BodyInit = 'some notes',
  type = 'text/plain',
  options: UploadOptions = {},
): Promise<Uploaded> {
  const response = await post(body, type, options);
  expect(response.status).toBe(200);
  return (await response.json()) as Uploaded;
}

/** What it was refused with. */
async function refusal(response: Response): Promise<WireError['data']> {
  const { error } = (await response.json()) as { error: WireError };
  expect(response.status).toBe(error.data['httpStatus']);
  return error.data;
}

const get = async (fileId: string, user = 'ann', query = '') =>
  fetch(`${running.url}/files/${fileId}${query}`, { headers: await bearer(user) });

describe('an upload', () => {
  test.for(Object.entries(images))(
    '[UPL-1] of %s is known by its first bytes and comes back byte by byte',
    async ([type, bytes]) => {
      const told = await upload(bytes, type, { name: 'cat.img' });
      expect(told).toEqual({ fileId: told.fileId, name: 'cat.img', mediaType: type, size: bytes.length });
      // Whoever does not know says so.
      expect(await upload(bytes, 'application/octet-stream')).toMatchObject({ mediaType: type });
      const response = await get(told.fileId);
      expect(Buffer.compare(Buffer.from(await response.arrayBuffer()), bytes)).toBe(0);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'content-type': type,
        'content-length': String(bytes.length),
        'content-disposition': `inline; filename="cat.img"; filename*=UTF-8''cat.img`,
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
        'cache-control': 'private, no-store',
      });
    },
  );

  test('[UPL-1] of text is text, whatever it is called: never a page, always a download', async () => {
    const page = '<script>alert(1)</script> — ü 漢字 🙂';
    for (const [type, kept] of [
      ['text/html; charset=utf-8', 'text/html'],
      ['Text/Markdown', 'text/markdown'],
      ['application/json', 'application/json'],
      ['application/octet-stream', 'text/plain'],
      ['application/x-www-form-urlencoded', 'text/plain'],
    ] as const) {
      const { fileId, mediaType, size } = await upload(page, type, { name: 'ü "1".html' });
      expect([mediaType, size]).toEqual([kept, Buffer.byteLength(page)]);
      const response = await get(fileId);
      expect(await response.text()).toBe(page);
      expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
      expect(response.headers.get('content-disposition')).toBe(
        `attachment; filename="_ _1_.html"; filename*=UTF-8''%C3%BC%20%221%22.html`,
      );
      const head = await fetch(`${running.url}/files/${fileId}`, { method: 'HEAD', headers: await bearer('ann') });
      expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, String(size), '']);
    }
  });

  test('[UPL-2] has a name of one line without folders', async () => {
    const names = [
      ['../../etc/passwd', 'passwd'],
      ['C:\\Users\\ann\\cat.png', 'cat.png'],
      ['a\nb\u202Egnp.exe', 'abgnp.exe'],
      ['..', 'file'],
      ['', 'file'],
      ['é'.repeat(300), 'é'.repeat(limits.fileName)],
    ] as const;
    for (const [name, kept] of names) expect((await upload('x', 'text/plain', { name })).name).toBe(kept);
  });

  test('[UPL-3] of what is not taken, or not what it is said to be, is INVALID_INPUT and leaves nothing', async () => {
    const png = images['image/png'];
    const cases: readonly (readonly [BodyInit, string, Record<string, string>?])[] = [
      [png, 'image/jpeg'],
      [png, 'text/plain'],
      ['no image', 'image/png'],
      ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml'],
      ['%PDF-1.7', 'application/pdf'],
      [Buffer.from([0x66, 0x00, 0x67]), 'text/plain'],
      [Buffer.from([0x66, 0xff]), 'text/plain'],
      // A letter that is cut off at the end.
      [Buffer.from([0x66, 0xe6, 0xbc]), 'application/octet-stream'],
      [Buffer.concat([Buffer.alloc(600_000, 'a'), Buffer.from([0])]), 'text/plain'],
      ['', 'text/plain'],
      [png, 'image/png', { 'content-encoding': 'gzip' }],
    ];
    for (const [body, type, headers = {}] of cases) {
      expect(await refusal(await post(body, type, { headers }))).toMatchObject({ code: 'INVALID_INPUT' });
    }
    const wrong = await fetch(`${running.url}/files`, { method: 'PUT', headers: await bearer('ann'), body: 'x' });
    expect(await refusal(wrong)).toMatchObject({ code: 'INVALID_INPUT' });
  });

  test('[UPL-4] that is too large is TOO_LARGE with the limit: before it is read where its length is told, else at the limit', async () => {
    const told = { code: 'TOO_LARGE', limit: limits.fileBytes };
    expect(await refusal(await post(Buffer.alloc(limits.fileBytes + 1, 'a'), 'text/plain'))).toMatchObject(told);
    expect((await upload(Buffer.alloc(limits.fileBytes, 'a'))).size).toBe(limits.fileBytes);
    // In chunks, without a length, by somebody who does not stop.
    const headers = { ...(await bearer('ann')), 'content-type': 'text/plain' };
    const sending = request(`${running.url}/files`, { method: 'POST', headers });
    sending.on('error', () => {});
    const answered = once(sending, 'response') as Promise<[IncomingMessage]>;
    const closed = once(sending, 'close');
    const chunk = Buffer.alloc(65_536, 'a');
    const feeding = (async () => {
      for (let sent = 0; !sending.destroyed && sent < 200 * limits.fileBytes; sent += chunk.length) {
        if (!sending.write(chunk)) await Promise.race([once(sending, 'drain'), closed]);
        await nextTurn();
      }
    })();
    const [response] = await answered;
    const body = Buffer.concat((await response.toArray()) as Buffer[]).toString();
    expect((JSON.parse(body) as { error: WireError }).error.data).toMatchObject(told);
    await feeding;
    // It is cut off in the end.
    expect(sending.destroyed).toBe(true);
  });

  test('[UPL-5] without a valid token is UNAUTHENTICATED before anything of it is read, and Host and Origin count', async () => {
    for (const authorization of [undefined, 'Bearer x', `Bearer ${await tokenFor('ann', { expiresIn: -1 })}`]) {
      const headers = { 'content-type': 'text/plain', ...(authorization && { authorization }) };
      const refused = await fetch(`${running.url}/files`, { method: 'POST', headers, body: 'x' });
      expect(await refusal(refused)).toMatchObject({ code: 'UNAUTHENTICATED' });
      const read = await fetch(`${running.url}/files/${newId()}`, { headers: authorization ? { authorization } : {} });
      expect(await refusal(read)).toMatchObject({ code: 'UNAUTHENTICATED' });
    }
    const foreign = await post('x', 'text/plain', { headers: { origin: 'https://evil.example' } });
    expect(foreign.status).toBe(403);
    expect(await foreign.text()).toContain('ALLOWED_ORIGINS');
  });

  test('[UPL-6] whose sender leaves in the middle leaves nothing behind', async () => {
    const database = await openDatabase();
    const { files, fileStore } = database;
    const [begun, deleted]: FileId[][] = [[], []];
    const watched: FileStore = {
      ...fileStore,
      write: (fileId, pieces) => {
        begun?.push(fileId);
        return fileStore.write(fileId, pieces);
      },
      delete: async (fileIds) => {
        await fileStore.delete(fileIds);
        deleted?.push(...fileIds);
      },
    };
    await using server = await startServer({ database: { ...database, fileStore: watched } });
    const { hostname, port } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    await once(socket, 'connect');
    const head = `POST /files HTTP/1.1\r\nHost: ${hostname}:${port}\r\nContent-Type: text/plain`;
    socket.write(`${head}\r\nContent-Length: 1000000\r\n\r\n${'a'.repeat(600_000)}`);
    await expect.poll(() => begun, patience).toHaveLength(1);
    socket.destroy();
    await expect.poll(() => deleted, patience).toEqual(begun);
    const [fileId] = begun ?? [];
    if (!fileId) throw new Error('expected an upload that was begun');
    const record = () => files.complete(UserId.parse('local'), fileId, 1);
    await expect.poll(() => record().catch((error: { code: string }) => error.code), patience).toBe('NOT_FOUND');
  });

  test('[UPL-7] past the number or the bytes of an hour is RATE_LIMITED, for this user alone', async () => {
    await using few = await startServer({
      authSecret,
      database: await openDatabase(),
      limits: { uploadsPerHour: 2, uploadBytesPerHour: 1_000 },
    });
    const at = { url: few.url };
    expect((await post('one', 'text/plain', at)).status).toBe(200);
    const bytes = await refusal(await post('x'.repeat(1_000), 'text/plain', at));
    expect(bytes).toMatchObject({ code: 'RATE_LIMITED', limit: 1_000, retryable: true });
    expect(bytes['retryAfterMs']).toBeGreaterThan(3_000_000);
    const number = await refusal(await post('x', 'text/plain', at));
    expect(number).toMatchObject({ code: 'RATE_LIMITED', limit: 2 });
    expect((await post('one', 'text/plain', { ...at, user: 'bob' })).status).toBe(200);
  });
});

describe('a file', () => {
  test('[UPL-8] of another user, a missing one and what is no id are the same NOT_FOUND', async () => {
    const { fileId } = await upload();
    const answers = await Promise.all(
      [get(fileId, 'bob'), get(newId(), 'bob'), get(fileId, 'bob', `?share=${'x'.repeat(22)}`)].map(async (asked) => {
        const response = await asked;
        const { error } = (await response.json()) as { error: WireError };
        return [response.status, error.data.code, error.message.replaceAll(/[\da-f-]{36}/g, 'ID')];
      }),
    );
    expect(new Set(answers.map((one) => JSON.stringify(one))).size).toBe(1);
    expect(answers[0]?.slice(0, 2)).toEqual([404, 'NOT_FOUND']);
    expect((await refusal(await get('nonsense'))).code).toBe('NOT_FOUND');
    expect((await get(fileId)).status).toBe(200);
  });

  test('[UPL-9] is read by whoever the chat is shared with, while it is and as long as the chat is there', async () => {
    await using ann = await connectAs('ann');
    const { fileId } = await upload('for both');
    const { id: chatId } = await ann.mutate<Chat>('chat.create', {});
    const { shareId } = await ann.mutate<{ shareId: string }>('chat.share', { chatId });
    const asBob = () => get(fileId, 'bob', `?share=${shareId}`);
    expect((await asBob()).status).toBe(404);
    const stream = ann.stream({ chatId });
    await ann.mutate('chat.send', { chatId, text: 'look', attachments: [fileId] });
    await stream.untilEnded();
    expect(await (await asBob()).text()).toBe('for both');
    const asGuest = (query: string) => fetch(`${running.url}/files/${fileId}${query}`);
    expect(await (await asGuest(`?share=${shareId}`)).text()).toBe('for both');
    expect((await refusal(await asGuest(''))).code).toBe('UNAUTHENTICATED');
    await using bob = await connectAs('bob');
    const { messages } = await bob.query<{ messages: { parts: unknown[] }[] }>('share.get', { shareId });
    expect(messages[0]?.parts).toMatchObject([{ text: 'look' }, { type: 'file', fileId }]);
    expect((await get(fileId, 'bob')).status).toBe(404);
    await ann.mutate('chat.unshare', { chatId });
    expect((await asBob()).status).toBe(404);
    expect((await asGuest(`?share=${shareId}`)).status).toBe(404);
    await ann.mutate('chat.delete', { chatId });
    expect((await get(fileId)).status).toBe(404);
  });

  test('[UPL-10] is sent once, however often its message is sent, and counts in the comparison', async () => {
    await using ann = await connectAs('ann');
    const [one, other] = [await upload('one'), await upload('other')];
    const { id: chatId } = await ann.mutate<Chat>('chat.create', {});
    const stream = ann.stream({ chatId });
    const message = { chatId, messageId: newId(), text: 'look', attachments: [one.fileId] };
    const all = await Promise.all([1, 2, 3, 4].map(() => ann.mutate<{ runId: string }>('chat.send', message)));
    expect(new Set(all.map(({ runId }) => runId)).size).toBe(1);
    await stream.untilEnded();
    const before = running.provider.requests.length;
    for (const attachments of [[other.fileId], []]) {
      const changed = ann.mutate('chat.send', { ...message, attachments });
      await expect(changed).rejects.toMatchObject({ data: { code: 'CONFLICT_DUPLICATE' } });
    }
    const many = Array.from({ length: limits.filesPerMessage + 1 }, () => newId());
    const tooMany = ann.mutate('chat.send', { chatId, text: 'x', attachments: many });
    await expect(tooMany).rejects.toMatchObject({ data: { code: 'TOO_LARGE', limit: limits.filesPerMessage } });
    const twice = ann.mutate('chat.send', { chatId, text: 'x', attachments: [one.fileId, one.fileId] });
    await expect(twice).rejects.toMatchObject({ data: { code: 'INVALID_INPUT' } });
    const nothing = ann.mutate('chat.send', { chatId, text: ' ', attachments: [] });
    await expect(nothing).rejects.toMatchObject({ data: { code: 'INVALID_INPUT' } });
    expect(running.provider.requests.length).toBe(before);
    expect(stream.view?.messages[0]?.parts[1]).toEqual({ type: 'file', ...one });
    await ann.mutate('chat.delete', { chatId });
  });

  test('[UPL-11] that nobody uses is swept, with its bytes', async () => {
    let now = Date.now();
    const database = await openDatabase(() => now);
    await using server = await startServer({ authSecret, database, limits: { fileSweepMs: 20 } });
    const { fileId } = await upload('nobody', 'text/plain', { url: server.url });
    const ask = async () => (await fetch(`${server.url}/files/${fileId}`, { headers: await bearer('ann') })).status;
    expect(await ask()).toBe(200);
    now += limits.unusedFileMs;
    expect(await ask()).toBe(404);
    // A moment back it would be there, had it not been swept.
    await expect
      .poll(async () => {
        const pieces = [];
        for await (const piece of database.fileStore.read(fileId as never)) pieces.push(piece);
        return pieces.length;
      }, patience)
      .toBe(0);
  });

  // Two processes that start, one after the other, on a machine that has more to do.
  test('[UPL-12] is there for a message that is sent after a crash', { timeout: 60_000 }, async () => {
    await using folder = await temporaryFolder();
    await prepareDataDir(folder.path);
    const env = {
      DATA_DIR: folder.path,
      FILES_DIR: join(folder.path, 'files'),
      OPENAI_BASE_URL: running.provider.url,
      DEFAULT_MODEL: 'openai:double',
      LOG_LEVEL: 'warn',
    };
    await using first = new ServerProcess(env);
    const before = await fetch(`${await first.ready()}/files?name=a.txt`, { method: 'POST', body: 'before the crash' });
    const { fileId } = (await before.json()) as Uploaded;
    await first.stop('SIGKILL');
    await using second = new ServerProcess(env);
    const url = await second.ready();
    await using client = await RawClient.connect(url);
    const { id: chatId } = await client.mutate<Chat>('chat.create', {});
    const stream = client.stream({ chatId });
    await client.mutate('chat.send', { chatId, text: '', attachments: [fileId] });
    await stream.untilEnded();
    expect(stream.view?.messages[0]?.parts).toMatchObject([{ type: 'file', fileId, name: 'a.txt' }]);
    expect(stream.view?.messages[1]?.status).toBe('completed');
    expect(running.provider.requests.at(-1)?.text).toContain('before the crash');
    expect(await (await fetch(`${url}/files/${fileId}`)).text()).toBe('before the crash');
  });
});
