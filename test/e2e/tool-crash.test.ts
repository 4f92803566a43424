import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { Chat } from '../../shared/chat.ts';
import type { Message } from '../../shared/message.ts';
import { toolCalls } from '../../db/schema.ts';
import { startModelProvider } from '../helpers/model-provider.ts';
import type { ProviderAnswer, ProviderRequest } from '../helpers/model-provider.ts';
import { RawClient } from '../helpers/raw-client.ts';
import { ServerProcess, temporaryFolder } from '../helpers/server-process.ts';
import { inFolder, insertAssistant } from '../helpers/tool-scene.ts';

/** What tools do in the world: the requests that came. One at `/hang` is never answered. */
const made: string[] = [];
const world = createServer((request, response) => {
  made.push(`${request.method} ${request.url}`);
  if (request.url !== '/hang') response.end('{"booked":true}');
});
let origin = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => world.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(world.address() as AddressInfo).port}`;
});
afterAll(() => {
  world.close();
  world.closeAllConnections();
});

const call = (method: string, path: string) => ({ call: 'http_request', args: { url: `${origin}${path}`, method } });
const hang = { end: 'hang' } as const;

/** By what a person wrote; an answer to the results of tools never comes. */
const scripts: Readonly<Record<string, () => ProviderAnswer>> = {
  'while it writes': () => [call('POST', '/hang')],
  'while it reads': () => [call('GET', '/hang')],
  'when it is done': () => [call('POST', '/ok')],
  'while it waits': () => [call('POST', '/waited')],
  'after it was allowed': () => [call('PUT', '/hang')],
  'while it is asked for': () => [{ call: 'http_request', pieces: ['{"url":'] }, hang],
};

function answer({ body, text }: ProviderRequest): ProviderAnswer {
  const isLater = JSON.stringify(body.messages).includes('tool_call_id');
  if (isLater) return text === 'while it waits' ? ['Booked.'] : [hang];
  return scripts[text]?.() ?? [];
}

test('[TOOL-17] a crash at any point of a call leaves the truth in ledger and answer, and nothing is called again', async () => {
  await using folder = await temporaryFolder();
  await using provider = await startModelProvider({ answer });
  const tools = [{ name: 'http_request', approval: false }];
  const careful = [{ name: 'http_request' }];
  const [free, asking] = await inFolder(folder.path, async (db) => [
    await insertAssistant(db, { tools }),
    await insertAssistant(db, { tools: careful }),
  ]);
  const env = {
    DATA_DIR: folder.path,
    OPENAI_BASE_URL: provider.url,
    DEFAULT_MODEL: 'openai:double',
    LOG_LEVEL: 'warn',
    TOOL_ALLOWED_HOSTS: new URL(origin).host,
  };
  await using before = new ServerProcess(env);
  const client = await RawClient.connect(await before.ready());
  const open = Object.keys(scripts).map(async (text) => {
    const id = /waits|allowed/.test(text) ? asking : free;
    const chat = await client.mutate<Chat>('chat.create', { app: { kind: 'assistant', id } });
    const stream = client.stream({ chatId: chat.id });
    await client.mutate('chat.send', { chatId: chat.id, text });
    const allow = (by: RawClient) =>
      by.mutate('chat.respond', {
        chatId: chat.id,
        inputId: stream.view?.pendingInput?.id,
        value: { decision: 'approve' },
      });
    if (id === asking) await stream.until(({ view }) => view?.pendingInput != null, 60_000);
    if (text.includes('allowed')) await allow(client);
    return { chat, stream, text, allow };
  });
  const chats = await Promise.all(open);
  // The first request of each, and the one that tells the result of the call that is done.
  const isTime = () => expect([made.length, provider.requests.length]).toEqual([4, 7]);
  await vi.waitFor(isTime, { timeout: 60_000, interval: 5 });
  await before.stop('SIGKILL');

  const messages: (Message | undefined)[] = [];
  let madeBefore = 0;
  await using after = new ServerProcess(env);
  const again = await RawClient.connect(await after.ready());
  for (const { chat, stream, text, allow } of chats) {
    const resumed = again.stream({ chatId: chat.id, lastEventId: stream.cursor }, stream.view);
    if (text === 'while it waits') {
      madeBefore = made.length;
      await allow(again);
    }
    await resumed.untilEnded();
    const { messages: stored } = await again.query<{ messages: Message[] }>('chat.history', { chatId: chat.id });
    expect(resumed.view?.messages).toEqual(stored);
    messages.push(stored.at(-1));
  }
  expect(madeBefore).toBe(4);
  const statuses = messages.map((message) => message?.status);
  const cut = 'interrupted';
  expect(statuses).toEqual([cut, cut, cut, 'completed', cut, cut]);
  expect(messages.map((message) => message?.parts)).toMatchObject([
    [{ name: 'http_request', state: 'uncertain', error: expect.stringContaining('may have taken effect') }],
    [{ state: 'failed', error: expect.stringContaining('broken off') }],
    [{ state: 'done', output: { status: 200, body: '{"booked":true}' } }],
    [
      { state: 'done', output: { status: 200 } },
      { type: 'text', text: 'Booked.' },
    ],
    [{ state: 'uncertain' }],
    [],
  ]);
  expect(made.toSorted()).toEqual(['GET /hang', 'POST /hang', 'POST /ok', 'POST /waited', 'PUT /hang']);
  expect(provider.requests).toHaveLength(8);
  await after.stop('SIGTERM');
  const ledger = await inFolder(folder.path, (db) => db.select().from(toolCalls));
  expect(ledger.map(({ state }) => state).toSorted()).toEqual(['done', 'done', 'failed', 'uncertain', 'uncertain']);
}, 180_000);
