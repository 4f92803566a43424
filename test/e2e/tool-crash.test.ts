import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import type { Chat } from '../../shared/chat.ts';
import type { Message } from '../../shared/message.ts';
import { toolCalls } from '../../db/schema.ts';
import { startModelProvider } from '../helpers/model-provider.ts';
import type { ProviderAnswer, ProviderRequest } from '../helpers/model-provider.ts';
import { RawClient } from '../helpers/raw-client.ts';
import type { RawStream } from '../helpers/raw-client.ts';
import { ServerProcess, temporaryFolder } from '../helpers/server-process.ts';
import { inFolder, insertAssistant } from '../helpers/tool-scene.ts';

/** What tools do in the world: the requests that came. */
const made: string[] = [];

/** Whether this one is never answered: at `/hang…` none is, at `/once…` the first. */
function hangs(url: string): boolean {
  const before = made.filter((request) => request.endsWith(` ${url}`)).length;
  return url.startsWith('/hang') || (url.startsWith('/once') && before === 1);
}

const world = createServer((request, response) => {
  made.push(`${request.method} ${request.url}`);
  if (!hangs(request.url ?? '')) response.end('{"booked":true}');
});
let origin = '';
beforeAll(async () => {
  await new Promise<void>((resolve) => world.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(world.address() as AddressInfo).port}`;
});
beforeEach(() => void made.splice(0));
afterAll(() => {
  world.close();
  world.closeAllConnections();
});

const call = (method: string, path: string) => ({ call: 'http_request', args: { url: `${origin}${path}`, method } });
const hang = { end: 'hang' } as const;

/** By what a person wrote. */
const scripts: Readonly<Record<string, () => ProviderAnswer>> = {
  'while it reads': () => [call('GET', '/hang')],
  'when it is done': () => [call('POST', '/ok')],
  'while it waits': () => [call('POST', '/waited')],
  'while it is asked for': () => [{ call: 'http_request', pieces: ['{"url":'] }, hang],
  'it worked': () => [call('POST', '/hang')],
  'run it again': () => [call('POST', '/once')],
  'go on without it': () => ['One moment. ', call('PUT', '/hang')],
  'with others': () => [call('POST', '/hang/with'), call('GET', '/once/read')],
  twice: () => [call('POST', '/hang/twice')],
};

/** Of what a tool gave, or a person said, the model makes an answer, except where its process is to die then. */
function answer({ body, text }: ProviderRequest): ProviderAnswer {
  const isLater = JSON.stringify(body.messages).includes('tool_call_id');
  if (isLater) return text === 'when it is done' ? [hang] : ['Then so.'];
  return scripts[text]?.() ?? [];
}

interface Scene extends AsyncDisposable {
  readonly folder: string;
  readonly provider: Awaited<ReturnType<typeof startModelProvider>>;
  /** An assistant that calls without asking, and one that asks. */
  readonly assistants: readonly [string, string];
  start(): ServerProcess;
}

async function scene(): Promise<Scene> {
  const folder = await temporaryFolder();
  const provider = await startModelProvider({ answer });
  const assistants = await inFolder(
    folder.path,
    async (db) =>
      [
        await insertAssistant(db, { tools: [{ name: 'http_request', approval: false }] }),
        await insertAssistant(db, { tools: [{ name: 'http_request' }] }),
      ] as const,
  );
  const env = {
    DATA_DIR: folder.path,
    OPENAI_BASE_URL: provider.url,
    DEFAULT_MODEL: 'openai:double',
    LOG_LEVEL: 'warn',
    TOOL_ALLOWED_HOSTS: new URL(origin).host,
  };
  return {
    folder: folder.path,
    provider,
    assistants,
    start: () => new ServerProcess(env),
    [Symbol.asyncDispose]: async () => {
      await provider.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** A chat over several processes, and what its stream has told. */
class Chatting {
  client: RawClient;
  stream: RawStream;
  readonly chatId: string;
  readonly text: string;

  constructor(client: RawClient, chatId: string, text: string) {
    this.client = client;
    this.chatId = chatId;
    this.text = text;
    this.stream = client.stream({ chatId });
  }

  static async start(client: RawClient, assistant: string, text: string): Promise<Chatting> {
    const { id } = await client.mutate<Chat>('chat.create', { app: { kind: 'assistant', id: assistant } });
    const chatting = new Chatting(client, id, text);
    await client.mutate('chat.send', { chatId: id, text });
    return chatting;
  }

  goOn(client: RawClient): void {
    this.client = client;
    this.stream = client.stream({ chatId: this.chatId, lastEventId: this.stream.cursor }, this.stream.view);
  }

  async question() {
    await this.stream.until(({ view }) => view?.pendingInput != null, 60_000);
    return this.stream.view!.pendingInput!;
  }

  async answer(value: unknown): Promise<void> {
    const { id } = await this.question();
    await this.client.mutate('chat.respond', { chatId: this.chatId, inputId: id, value });
  }

  /** The answer as it is in the end; what the stream told is what is stored. */
  async ended(): Promise<Message | undefined> {
    await this.stream.until(({ view }) => view !== null && view.activeRun === null, 60_000);
    const { chatId } = this;
    const { messages } = await this.client.query<{ messages: Message[] }>('chat.history', { chatId });
    if (!isDeepStrictEqual(this.stream.view?.messages, messages))
      throw new Error(`${this.text}: expected the stream to tell what is stored`);
    return messages.at(-1);
  }
}

async function ledgerOf(folder: string) {
  const ledger = await inFolder(folder, (db) => db.select().from(toolCalls));
  return ledger.map(({ state }) => state).toSorted();
}

test('[TOOL-17] a crash at any point of a call leaves the truth in ledger and answer, and nothing is called again', async () => {
  await using at = await scene();
  await using before = at.start();
  const client = await RawClient.connect(await before.ready());
  const [free, careful] = at.assistants;
  const texts = ['while it reads', 'when it is done', 'while it is asked for'];
  const chats = await Promise.all(texts.map((text) => Chatting.start(client, free, text)));
  const waiting = await Chatting.start(client, careful, 'while it waits');
  await waiting.question();
  // The first request of each, and the one that tells the result of the call that is done.
  const isTime = () => expect([made.length, at.provider.requests.length]).toEqual([2, 5]);
  await vi.waitFor(isTime, { timeout: 60_000, interval: 5 });
  await before.stop('SIGKILL');

  await using after = at.start();
  const again = await RawClient.connect(await after.ready());
  const messages = [];
  for (const chat of chats) {
    chat.goOn(again);
    messages.push(await chat.ended());
  }
  expect(messages.map((message) => message?.status)).toEqual(['interrupted', 'interrupted', 'interrupted']);
  expect(messages.map((message) => message?.parts)).toMatchObject([
    [{ name: 'http_request', state: 'failed', error: expect.stringContaining('broken off') }],
    [{ state: 'done', output: { status: 200, body: '{"booked":true}' } }],
    [],
  ]);
  expect(made).toHaveLength(2);
  waiting.goOn(again);
  await waiting.answer({ decision: 'approve' });
  expect(await waiting.ended()).toMatchObject({
    status: 'completed',
    parts: [
      { state: 'done', output: { status: 200 } },
      { type: 'text', text: 'Then so.' },
    ],
  });
  expect(made.toSorted()).toEqual(['GET /hang', 'POST /ok', 'POST /waited']);
  expect(at.provider.requests).toHaveLength(6);
  await after.stop('SIGTERM');
  expect(await ledgerOf(at.folder)).toEqual(['done', 'done', 'failed']);
}, 180_000);

test('[TOOL-18] a call that a crash cut off is never made twice without the word of a person, who says how it goes on', async () => {
  await using at = await scene();
  await using before = at.start();
  const client = await RawClient.connect(await before.ready());
  const [free, careful] = at.assistants;
  const start = (text: string) => Chatting.start(client, text === 'go on without it' ? careful : free, text);
  const texts = ['it worked', 'run it again', 'go on without it', 'with others', 'twice'];
  const chats = await Promise.all(texts.map(start));
  const [worked, repeated, without, mixed, twice] = chats as [Chatting, Chatting, Chatting, Chatting, Chatting];
  await without.answer({ decision: 'approve' });
  const inFlight = async (count: number) =>
    vi.waitFor(() => expect(made).toHaveLength(count), { timeout: 60_000, interval: 5 });
  await inFlight(6);
  const first = made.toSorted();
  await before.stop('SIGKILL');

  await using second = at.start();
  let now = await RawClient.connect(await second.ready());
  for (const chat of chats) chat.goOn(now);
  const questions = await Promise.all(chats.map((chat) => chat.question()));
  for (const question of questions) {
    expect(question).toMatchObject({
      kind: 'choice',
      schema: { enum: ['it worked', 'run it again', 'go on without it'] },
      prompt: expect.stringContaining('http_request was being called with {'),
      expiresAt: expect.any(String),
    });
  }
  expect(questions[2]?.prompt).toContain('PUT');
  // Nobody has said anything: nothing was called, and no model was asked.
  expect(made.toSorted()).toEqual(first);
  expect(at.provider.requests).toHaveLength(5);
  expect(without.stream.view?.messages[1]).toMatchObject({ status: 'streaming' });
  await worked.answer('it worked');
  await repeated.answer('run it again');
  await without.answer('go on without it');
  await mixed.answer('it worked');
  await twice.answer('run it again');
  const then = { type: 'text', text: 'Then so.' };
  expect((await worked.ended())?.parts).toMatchObject([
    { state: 'done', output: expect.stringContaining('took effect') },
    then,
  ]);
  expect((await repeated.ended())?.parts).toMatchObject([{ state: 'done', output: { body: '{"booked":true}' } }, then]);
  expect((await without.ended())?.parts).toMatchObject([
    { type: 'text', text: 'One moment. ' },
    { state: 'uncertain', error: expect.stringContaining('without it') },
    then,
  ]);
  // What only reads is simply made again.
  expect((await mixed.ended())?.parts).toMatchObject([
    { state: 'done' },
    { state: 'done', output: { status: 200 } },
    then,
  ]);
  await inFlight(9);
  await second.stop('SIGKILL');

  await using third = at.start();
  now = await RawClient.connect(await third.ready());
  twice.goOn(now);
  expect((await twice.question()).id).not.toBe(questions[4]?.id);
  await twice.answer('go on without it');
  expect((await twice.ended())?.parts).toMatchObject([{ state: 'uncertain' }, then]);
  const told = at.provider.requests.slice(5).map(({ body, text }) => [text, JSON.stringify(body.messages)] as const);
  expect(told.map(([text]) => text).toSorted()).toEqual(texts.toSorted());
  expect(told.find(([text]) => text === 'it worked')?.[1]).toContain('A person says that this call took effect');
  expect(told.find(([text]) => text === 'go on without it')?.[1]).toContain('not known whether this call took effect');
  const additional = ['GET /once/read', 'POST /hang/twice', 'POST /once'];
  expect(made.toSorted()).toEqual([...first, ...additional].toSorted());
  await third.stop('SIGTERM');
  expect(await ledgerOf(at.folder)).toEqual(['done', 'done', 'done', 'done', 'uncertain', 'uncertain']);
}, 240_000);
