import { join } from 'node:path';
import { asc, eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { Chat } from '../../shared/chat.ts';
import { ChatEvent } from '../../shared/events.ts';
import type { Message, ToolPart } from '../../shared/message.ts';
import { ToolInfo } from '../../shared/tool.ts';
import { toolCalls } from '../../db/schema.ts';
import type { Tool } from '../../server/index.ts';
import type { ProviderChunk, ProviderRequest } from '../helpers/model-provider.ts';
import { RawClient } from '../helpers/raw-client.ts';
import type { RawStream } from '../helpers/raw-client.ts';
import { gate } from '../helpers/scripted-server.ts';
import { root } from '../helpers/source-files.ts';
import { insertAssistant, startToolServer } from '../helpers/tool-scene.ts';
import type { NewAssistant, ToolServer } from '../helpers/tool-scene.ts';

/** What the tool does and what the model says, as each test has it. */
let execute: Tool['execute'] = () => null;
let steps: readonly (readonly ProviderChunk[])[] = [];

const book: Tool = {
  name: 'book',
  description: 'Books a table.',
  schema: z.object({ seats: z.number() }),
  readOnly: false,
  execute: (input, context) => execute(input, context),
};
const callsBook = { call: 'book', args: { seats: 4 } } as const;
const everything = join(root, 'node_modules/@modelcontextprotocol/server-everything/dist/index.js');

/** Answers the requests of a turn one after another: one that ends with the results of tools is a later step. */
function answer({ body }: ProviderRequest): readonly ProviderChunk[] {
  const isLater = /tool_call_id|tool_result/.test(JSON.stringify(body.messages.at(-1)));
  return (isLater ? steps[1] : steps[0]) ?? [];
}

let server: ToolServer;
beforeAll(async () => {
  server = await startToolServer(answer, {
    tools: [book],
    mcpServers: {
      everything: { command: process.execPath, args: [everything, 'stdio'] },
      gone: { command: '/no/such/program' },
    },
    limits: { modelIdleMs: 2_000 },
  });
}, 120_000);
afterEach(() => server.settled());
afterAll(() => server[Symbol.asyncDispose]());

async function sent(client: RawClient, assistant: NewAssistant): Promise<{ chat: Chat; stream: RawStream }> {
  const id = await insertAssistant(server.db, assistant);
  const chat = await client.mutate<Chat>('chat.create', { app: { kind: 'assistant', id } });
  const stream = client.stream({ chatId: chat.id });
  await client.mutate('chat.send', { chatId: chat.id, text: 'go' });
  return { chat, stream };
}

async function history(client: RawClient, { id: chatId }: Chat): Promise<Message[]> {
  return (await client.query<{ messages: Message[] }>('chat.history', { chatId })).messages;
}

function toolsOf(message: Message | undefined): ToolPart[] {
  return (message?.parts ?? []).filter((part): part is ToolPart => part.type === 'tool');
}

const ledgerOf = ({ runId }: Message) =>
  server.db.select().from(toolCalls).where(eq(toolCalls.runId, runId!)).orderBy(asc(toolCalls.position));

describe.each(['openai', 'anthropic'])('a turn of an assistant with tools (%s)', (protocol) => {
  const assistant = { tools: [{ name: 'book' }, { name: 'calculator' }], model: `${protocol}:double` };

  test('[TOOL-1] shows its calls live to every watcher, keeps them, and tells the model of them in later turns', async () => {
    steps = [['One moment. ', callsBook, { call: 'calculator', args: { expression: '6 * 7' } }], ['Booked.']];
    const free = gate();
    execute = () => free.passed.then(() => ({ table: 9 }));
    await using client = await RawClient.connect(server.url);
    await using other = await RawClient.connect(server.url);
    const { chat, stream } = await sent(client, assistant);
    const streams = [stream, other.stream({ chatId: chat.id })];
    const isOneDone = ({ view }: RawStream): boolean =>
      toolsOf(view?.messages.at(-1))
        .map(({ state }) => state)
        .join(' ') === 'running done';
    await Promise.all(streams.map((one) => one.until(isOneDone)));
    await using late = await RawClient.connect(server.url);
    const joined = late.stream({ chatId: chat.id });
    await joined.until(isOneDone);
    free.open();
    await Promise.all([...streams, joined].map((one) => one.untilEnded()));
    const messages = await history(client, chat);
    expect(messages[1]).toMatchObject({
      status: 'completed',
      parts: [
        { type: 'text', text: 'One moment. ' },
        { name: 'book', input: { seats: 4 }, state: 'done', output: { table: 9 }, step: 1, readOnly: false },
        { name: 'calculator', state: 'done', output: 42, step: 1, readOnly: true },
        { type: 'text', text: 'Booked.' },
      ],
      usage: { inputTokens: 14, source: 'reported' },
    });
    for (const { view, events } of [...streams, joined]) {
      expect(view?.messages).toEqual(messages);
      for (const event of events) expect(ChatEvent.parse(event)).toEqual(event);
    }
    expect(await ledgerOf(messages[1]!)).toMatchObject([
      { name: 'book', state: 'done', output: { table: 9 }, readOnly: false },
      { name: 'calculator', state: 'done', output: 42, readOnly: true },
    ]);
    await client.mutate('chat.send', { chatId: chat.id, text: 'Thanks' });
    await stream.untilEnded(2);
    const told = server.provider.requests.map(({ body }) => JSON.stringify(body.messages));
    const later = told.findLast((text) => text.includes('Thanks')) ?? '';
    for (const { toolCallId } of toolsOf(messages[1])) expect(later.split(toolCallId)).toHaveLength(3);
    expect(later).toContain('{\\"table\\":9}');
  });

  test('[TOOL-7] stopped while a tool works keeps what is known, aborts the tool, and says what is not known', async () => {
    steps = [[callsBook], ['ok']];
    const began = gate();
    let aborted = false;
    execute = (_, { signal }) => {
      signal.addEventListener('abort', () => (aborted = true));
      began.open();
      return new Promise(() => {});
    };
    const asked = server.provider.requests.length;
    await using client = await RawClient.connect(server.url);
    const { chat, stream } = await sent(client, assistant);
    await began.passed;
    await client.mutate('chat.stop', { chatId: chat.id });
    await stream.untilEnded();
    const [, message] = await history(client, chat);
    expect(message).toMatchObject({ status: 'stopped', parts: [{ state: 'uncertain' }] });
    expect(stream.view?.messages.at(-1)).toEqual(message);
    expect(aborted).toBe(true);
    await vi.waitFor(async () => expect(await ledgerOf(message!)).toMatchObject([{ state: 'uncertain' }]));
    expect(server.provider.requests).toHaveLength(asked + 1);
  });

  test('[TOOL-8] is not taken for one that gives no sign of life while its tool works', async () => {
    steps = [[callsBook], ['ok']];
    execute = () => new Promise((resolve) => void setTimeout(resolve, 3_000));
    await using client = await RawClient.connect(server.url);
    const { stream } = await sent(client, assistant);
    await stream.untilEnded();
    const parts = [{ state: 'done' }, { text: 'ok' }];
    expect(stream.view?.messages.at(-1)).toMatchObject({ status: 'completed', parts });
  });
});

describe('a call that needs the leave of a person', () => {
  const assistant = { tools: [{ name: 'book', approval: true }] };
  const made: unknown[] = [];
  const asks = async (client: RawClient) => {
    made.length = 0;
    steps = [['One moment. ', callsBook], ['Well.']];
    execute = (input) => made.push(input);
    const { chat, stream } = await sent(client, assistant);
    await stream.until(({ view }) => view?.pendingInput != null);
    const input = stream.view!.pendingInput!;
    const respond = (by: RawClient, value: unknown) =>
      by.mutate<{ accepted: boolean; answeredBy: string }>('chat.respond', {
        chatId: chat.id,
        inputId: input.id,
        value,
      });
    return { chat, stream, input, respond };
  };

  test('[TOOL-14] waits, shown to everybody, and is made once it is approved, by whichever tab is first', async () => {
    await using client = await RawClient.connect(server.url);
    await using other = await RawClient.connect(server.url);
    const { chat, stream, input, respond } = await asks(client);
    const waiting = { name: 'book', state: 'running', input: { seats: 4 }, inputId: input.id };
    expect(stream.view?.messages.at(-1)?.parts).toMatchObject([{ text: 'One moment. ' }, waiting]);
    expect(input).toMatchObject({ kind: 'approval', expiresAt: expect.any(String) });
    const [, before] = await history(client, chat);
    expect(await ledgerOf(before!)).toMatchObject([{ state: 'intent' }]);
    expect([made, server.server.census().runs]).toEqual([[], 0]);
    const tab = other.stream({ chatId: chat.id });
    await tab.until(({ view }) => view?.pendingInput?.id === input.id);
    expect(await respond(client, { decision: 'approve' })).toMatchObject({ accepted: true });
    expect(await respond(other, { decision: 'deny' })).toMatchObject({ accepted: false, answeredBy: 'local' });
    await Promise.all([stream.untilEnded(), tab.untilEnded()]);
    const messages = await history(client, chat);
    expect(messages[1]).toMatchObject({
      status: 'completed',
      parts: [{ text: 'One moment. ' }, { name: 'book', state: 'done', output: 1 }, { text: 'Well.' }],
      usage: { inputTokens: 14 },
    });
    expect(messages[1]?.parts[1]).not.toHaveProperty('inputId');
    for (const { view } of [stream, tab]) expect(view?.messages).toEqual(messages);
    expect(made).toEqual([{ seats: 4 }]);
    expect(await ledgerOf(messages[1]!)).toMatchObject([{ state: 'done' }]);
  });

  test('[TOOL-15] is made with other arguments, or not at all, as the person says', async () => {
    await using client = await RawClient.connect(server.url);
    const edited = await asks(client);
    await edited.respond(client, { decision: 'approve', input: { seats: 6 } });
    await edited.stream.untilEnded();
    expect(made).toEqual([{ seats: 6 }]);
    const [, message] = await history(client, edited.chat);
    expect(toolsOf(message)).toMatchObject([{ state: 'done', input: { seats: 6 } }]);
    expect(await ledgerOf(message!)).toMatchObject([{ state: 'done', input: { seats: 6 } }]);

    const denied = await asks(client);
    await denied.respond(client, { decision: 'deny', reason: 'too many seats' });
    await denied.stream.untilEnded();
    expect(made).toEqual([]);
    const [, other] = await history(client, denied.chat);
    expect(toolsOf(other)).toMatchObject([{ state: 'denied', error: 'too many seats' }]);
    expect(await ledgerOf(other!)).toMatchObject([{ state: 'denied', error: 'too many seats' }]);
    expect(JSON.stringify(server.provider.requests.at(-1)?.body.messages)).toContain('too many seats');
  });

  test('[TOOL-15] is not made when the run is stopped while it waits', async () => {
    await using client = await RawClient.connect(server.url);
    const { chat, stream } = await asks(client);
    await client.mutate('chat.stop', { chatId: chat.id });
    await stream.untilEnded();
    const [, message] = await history(client, chat);
    expect(message).toMatchObject({ status: 'stopped' });
    expect(toolsOf(message)).toMatchObject([{ state: 'denied' }]);
    expect(await ledgerOf(message!)).toMatchObject([{ state: 'denied' }]);
    expect(made).toEqual([]);
  });
});

describe('tools', () => {
  test('[TOOL-34] are listed, own ones and those of MCP servers too; one that cannot be reached says so', async () => {
    await using client = await RawClient.connect(server.url);
    const list = z.array(ToolInfo).parse(await client.query('tool.list'));
    const named = new Map(list.map((tool) => [tool.name, tool]));
    expect(named.get('book')).toMatchObject({ source: 'own', approval: false, readOnly: false });
    expect(named.get('mcp:everything/echo')).toMatchObject({ source: 'mcp:everything' });
    expect(named.get('mcp:gone')).toHaveProperty('problem');
  });

  test('[TOOL-41] of an MCP server are called like others', async () => {
    steps = [[{ call: 'everything__echo', args: { message: 'hello 🙂' } }], ['done']];
    await using client = await RawClient.connect(server.url);
    const { stream } = await sent(client, { tools: [{ name: 'mcp:everything', approval: false }] });
    await stream.untilEnded();
    expect(toolsOf(stream.view?.messages.at(-1))).toMatchObject([
      { name: 'mcp:everything/echo', state: 'done', output: expect.stringContaining('hello 🙂') },
    ]);
  });

  test('[TOOL-20] of a server reach nothing behind it', async () => {
    steps = [[{ call: 'read_page', args: { url: `${server.url}/healthz` } }], ['no']];
    await using client = await RawClient.connect(server.url);
    const { stream } = await sent(client, { tools: [{ name: 'read_page' }] });
    await stream.untilEnded();
    const error = expect.stringContaining('not a public address') as string;
    expect(toolsOf(stream.view?.messages.at(-1))).toMatchObject([{ state: 'failed', error }]);
  });

  test.each(['gone', 'mcp:gone'])(
    '[TOOL-34] %s, which an assistant has and the server has not, fails its runs typed',
    async (name) => {
      await using client = await RawClient.connect(server.url);
      const { stream } = await sent(client, { tools: [{ name }] });
      await stream.untilEnded();
      expect(stream.events.at(-1)).toMatchObject({ status: 'failed', error: { code: 'TOOL_FAILED' } });
    },
  );
});
