import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { codeOf, createChatClient } from '../../client/index.ts';
import type { Attachment, TokenSource } from '../../client/index.ts';
import { limits } from '../../shared/limits.ts';
import { newId } from '../../shared/new-id.ts';
import { images } from '../helpers/images.ts';
import { startServerWithModel } from '../helpers/server.ts';
import type { ServerWithModel } from '../helpers/server.ts';
import { authSecret, tokenFor } from '../helpers/tokens.ts';

let running: ServerWithModel;
beforeAll(async () => {
  running = await startServerWithModel({ answer: () => ['Seen.'] }, { authSecret, imageModels: ['openai:double'] });
});
afterEach(() => running.settled());
afterAll(() => running[Symbol.asyncDispose]());

function clientWith(token: TokenSource) {
  const client = createChatClient({ url: running.url, token, random: () => 0 });
  return { client, [Symbol.asyncDispose]: () => client.close() };
}

/** For what comes with the next events. */
const patience = { timeout: 10_000 };

const png = images['image/png'];

test('[CLT-35] a file is uploaded, sent with a message that shows as pending with it, shown to the model, and read again', async () => {
  await using own = clientWith(await tokenFor('ann'));
  const { client } = own;
  const shares: number[] = [];
  const image = await client.upload(new File([png], 'cat.png', { type: 'image/png' }), {
    onProgress: (share) => shares.push(share),
  });
  const notes = await client.upload({ name: 'notes.ts', mediaType: 'video/mp2t', data: 'const cats = 3;' });
  expect([image, notes]).toMatchObject([
    { name: 'cat.png', mediaType: 'image/png', size: png.length },
    { name: 'notes.ts', mediaType: 'text/plain', size: 15 },
  ]);
  expect(shares).toEqual([1]);
  const { id: chatId } = await client.create();
  const store = client.open(chatId);
  const attachments = [image, notes];
  const messageId = newId<string>();
  const sent = store.send('How many?', { attachments, messageId });
  expect(store.get().pending).toEqual([{ messageId, text: 'How many?', attachments, status: 'sending' }]);
  await sent;
  const parts = [{ type: 'text', text: 'How many?' }, ...attachments.map((file) => ({ type: 'file', ...file }))];
  await expect.poll(() => store.get().view?.messages[0]?.parts, patience).toEqual(parts);
  await expect.poll(() => store.get().view?.messages[1]?.status, patience).toBe('completed');
  expect(store.get().pending).toEqual([]);
  const asked = running.provider.requests.at(-1)?.body.messages.at(-1)?.content as { type: string; text?: string }[];
  expect(asked.map(({ type }) => type)).toEqual(['text', 'image_url']);
  expect(asked[0]?.text).toContain('const cats = 3;');
  // Repeated under its id it is the same message, with other files another one.
  expect(await client.send({ chatId, messageId, text: 'How many?', attachments })).toMatchObject({
    disposition: 'duplicate',
  });
  const other = client.send({ chatId, messageId, text: 'How many?' });
  expect(codeOf(await other.catch((error: unknown) => error))).toBe('CONFLICT_DUPLICATE');
  const edited = await client.edit({ chatId, messageId, text: 'And now?', attachments: [notes] });
  await expect.poll(() => store.get().view?.messages.at(-1)?.runId, patience).toBe(edited.runId);
  await expect.poll(() => store.get().view?.activeRun, patience).toBeNull();
  expect(store.get().view?.messages[0]?.parts.map(({ type }) => type)).toEqual(['text', 'file']);
  const blob = await client.download(image.fileId);
  expect([blob.type, Buffer.compare(Buffer.from(await blob.arrayBuffer()), png)]).toEqual(['image/png', 0]);
  store.close();
});

test('[CLT-35] a refused file is a typed error, one of a shared chat is read under its id, and a close breaks off what is under way', async () => {
  await using own = clientWith(await tokenFor('ann'));
  await using other = clientWith(await tokenFor('bob'));
  const code = async (call: Promise<unknown>) => codeOf(await call.catch((error: unknown) => error));
  const { client } = own;
  const tooLarge = client.upload({ name: 'x', data: new Uint8Array(limits.fileBytes + 1) });
  expect(await code(tooLarge)).toBe('TOO_LARGE');
  expect(await code(client.upload({ name: 'x.pdf', data: Buffer.from('%PDF-\0') }))).toBe('INVALID_INPUT');
  const file = await client.upload({ name: 'a.txt', data: 'for bob' });
  expect(await code(other.client.download(file.fileId))).toBe('NOT_FOUND');
  const { id: chatId } = await client.create();
  const store = client.open(chatId);
  await store.send('', { attachments: [file] });
  await expect.poll(() => store.get().view?.messages[1]?.status, patience).toBe('completed');
  store.close();
  const { shareId } = await client.api.chat.share.mutate({ chatId });
  expect(await (await other.client.download(file.fileId, { shareId })).text()).toBe('for bob');
  const given = new AbortController();
  const aborted = client.upload({ name: 'a', data: 'x' }, { signal: given.signal });
  given.abort(new Error('given up'));
  await expect(aborted).rejects.toThrow('given up');
  const closed = client.upload({ name: 'a', data: 'x' }).catch((error: Error) => error.message);
  await client.close();
  expect(await closed).toBe('the client is closed');
});

test('[CLT-35] a token that has ended is asked for once more, one that is not accepted is UNAUTHENTICATED', async () => {
  const tokens = [await tokenFor('ann', { expiresIn: 0.6 }), await tokenFor('ann')];
  let asked = 0;
  await using renewing = clientWith(() => tokens[Math.min(asked++, 1)] ?? '');
  const uploaded: Attachment = await renewing.client.upload({ name: 'a', data: 'x' });
  expect(uploaded.size).toBe(1);
  await using refused = clientWith('nonsense');
  const error: unknown = await refused.client.upload({ name: 'a', data: 'x' }).catch((one: unknown) => one);
  expect(codeOf(error)).toBe('UNAUTHENTICATED');
});
