import { asc, eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { modelCalls, summaries } from '../../db/schema.ts';
import type { Chat } from '../../shared/chat.ts';
import type { ChatId } from '../../shared/ids.ts';
import type { Message } from '../../shared/message.ts';
import { newId } from '../../shared/new-id.ts';
import type { ProviderAnswer, ProviderRequest } from '../helpers/model-provider.ts';
import { RawClient } from '../helpers/raw-client.ts';
import { startToolServer } from '../helpers/tool-scene.ts';
import type { ToolServer } from '../helpers/tool-scene.ts';

/** A chat's messages have about a hundred tokens each; two thirds of these are for the conversation. */
const contextTokens = { other: 2_400 };
const long = (name: string) => `${name} ${'x'.repeat(380)}`;

const asksForSummary = ({ body }: ProviderRequest) => String(body.messages[0]?.content).startsWith('Sum up');
const textsOf = (request: ProviderRequest | undefined) => JSON.stringify(request?.body.messages);

/** Summaries are numbered; an answer repeats the question's name. */
function answer(request: ProviderRequest): ProviderAnswer {
  if (asksForSummary(request)) return [`<summary ${(made += 1)}>`];
  if (request.text.includes('too long')) return { status: 400, body: { error: { code: 'context_length_exceeded' } } };
  return [long(`answer to ${request.text.split(' ')[0]}`)];
}
let made = 0;

let server: ToolServer;
beforeAll(async () => {
  server = await startToolServer(answer, { contextTokens });
});
afterEach(() => server.settled());
afterAll(() => server[Symbol.asyncDispose]());

/** One chat, and the requests to the model that it makes. */
class LongChat {
  readonly #client: RawClient;
  readonly #server: ToolServer;
  id: ChatId;

  constructor(client: RawClient, { id }: Chat, of = server) {
    this.#client = client;
    this.#server = of;
    this.id = id;
  }

  static async start(client: RawClient, of = server): Promise<LongChat> {
    return new LongChat(client, await client.mutate<Chat>('chat.create', {}), of);
  }

  /** What the model was asked for a message, or for what else makes an answer. */
  async ask(path: string, input: object): Promise<ProviderRequest[]> {
    const { requests } = this.#server.provider;
    const before = requests.length;
    await this.#client.mutate(path, { chatId: this.id, ...input });
    const stream = this.#client.stream({ chatId: this.id });
    await stream.until(({ view }) => view !== null && view.activeRun === null);
    return requests.slice(before);
  }

  send(name: string): Promise<ProviderRequest[]> {
    return this.ask('chat.send', { text: long(name) });
  }

  async turns(from: number, to: number): Promise<ProviderRequest[]> {
    const all: ProviderRequest[] = [];
    for (let turn = from; turn <= to; turn += 1) all.push(...(await this.send(`q${turn}`)));
    return all;
  }

  async history(): Promise<Message[]> {
    const { messages } = await this.#client.query<{ messages: Message[] }>('chat.history', { chatId: this.id });
    return messages;
  }

  rows() {
    return this.#server.db
      .select()
      .from(modelCalls)
      .where(eq(modelCalls.chatId, this.id))
      .orderBy(asc(modelCalls.openedAt));
  }
}

describe('a long chat', () => {
  test('[CTX-3] is summed up once for many turns, and then again with what has been added', async () => {
    await using client = await RawClient.connect(server.url);
    const chat = await LongChat.start(client);
    const requests = await chat.turns(1, 16);
    const kinds = requests.map((request) => (asksForSummary(request) ? 'summary' : 'answer'));
    expect(kinds.filter((kind) => kind === 'answer')).toHaveLength(16);
    const at = kinds.flatMap((kind, index) => (kind === 'summary' ? [index] : []));
    expect(at).toHaveLength(2);
    // Never for two turns in a row.
    expect(at[1]! - at[0]!).toBeGreaterThan(3);
    const [first, second] = at.map((index) => requests[index]);
    expect(textsOf(first)).toContain('Person: q1 xxx');
    const name = /<summary \d+>/.exec(textsOf(second))?.[0];
    expect(textsOf(second)).not.toContain('Person: q1 xxx');
    expect(textsOf(requests[at[0]! + 1])).toContain(`summed up]\\n\\n${name}`);
    expect(textsOf(requests[at[1]! - 1])).toContain(name);
    expect(textsOf(requests.at(-1))).not.toContain(name);
    expect(textsOf(requests.at(-1))).toContain(`summed up]\\n\\n<summary ${made}>`);
    // Not the person's: nothing of it is in the chat.
    expect(JSON.stringify(await chat.history())).not.toContain('<summary');
  });

  test('[CTX-5] has its summary in the ledger, apart from the usage of its answer', async () => {
    await using client = await RawClient.connect(server.url);
    const chat = await LongChat.start(client);
    const requests = await chat.turns(1, 10);
    const rows = await chat.rows();
    const summary = rows.find(({ purpose }) => purpose === 'summary');
    expect(requests.filter(asksForSummary)).toHaveLength(1);
    expect(rows).toHaveLength(11);
    expect(summary).toMatchObject({ status: 'finished', model: 'openai:double', inputTokens: 7, outputTokens: 1 });
    expect(rows.filter(({ runId }) => runId === summary?.runId)).toHaveLength(2);
    const answers = await chat.history();
    const usage = { inputTokens: 7, outputTokens: 1, source: 'reported' };
    expect(answers.find(({ runId, role }) => role === 'assistant' && runId === summary?.runId)).toMatchObject({
      usage,
    });
    expect(await client.query('chat.usage', { chatId: chat.id })).toMatchObject({ calls: 11 });
  });

  test('[CTX-4] that is led elsewhere before what is summed up is not told of it, and after that it is', async () => {
    await using client = await RawClient.connect(server.url);
    const chat = await LongChat.start(client);
    await chat.turns(1, 10);
    const [kept] = await server.db.select().from(summaries).where(eq(summaries.chatId, chat.id));
    const messages = await chat.history();
    const at = messages.findIndex(({ id }) => id === kept?.messageId);
    const name = `<summary ${made}>`;
    // Another answer to the newest message, and another message after the last one of the summary.
    const again = await chat.ask('chat.regenerate', { messageId: messages.at(-1)?.id, newMessageId: newId() });
    const edit = { messageId: messages[at + 1]?.id, newMessageId: newId(), text: long('other') };
    const after = await chat.ask('chat.edit', edit);
    for (const requests of [again, after]) {
      expect(requests).toHaveLength(1);
      expect(textsOf(requests[0])).toContain(name);
    }
    // In place of one that the summary is of.
    const before = { messageId: messages[at - 1]?.id, newMessageId: newId(), text: long('elsewhere') };
    const elsewhere = await chat.ask('chat.edit', before);
    expect(elsewhere).toHaveLength(1);
    expect(textsOf(elsewhere[0])).not.toContain('<summary');
    expect(textsOf(elsewhere[0])).toContain('q1 xxx');
    const on = await chat.send('on');
    expect(textsOf(on[0])).not.toContain('<summary');
    expect(textsOf(on[0])).toContain('elsewhere xxx');
    // Back on the first branch it counts again.
    await client.mutate('chat.selectBranch', { chatId: chat.id, messageId: messages.at(-1)?.id });
    const back = await chat.send('back');
    expect(textsOf(back[0])).toContain(name);
    expect(back).toHaveLength(1);
  });

  test('[CTX-4] takes its summary along into a fork', async () => {
    await using client = await RawClient.connect(server.url);
    const chat = await LongChat.start(client);
    await chat.turns(1, 10);
    const name = `<summary ${made}>`;
    const messageId = (await chat.history()).at(-1)?.id;
    const fork = new LongChat(client, await client.mutate<Chat>('chat.fork', { chatId: chat.id, messageId }));
    const requests = await fork.send('forked');
    expect(requests).toHaveLength(1);
    expect(textsOf(requests[0])).toContain(name);
  });

  test('[CTX-6] that is too long for its provider all the same ends with CONTEXT_TOO_LONG', async () => {
    await using client = await RawClient.connect(server.url);
    const chat = await LongChat.start(client);
    const requests = await chat.ask('chat.send', { text: 'too long' });
    expect(requests).toHaveLength(1);
    expect((await chat.history()).at(-1)).toMatchObject({ status: 'failed', error: { code: 'CONTEXT_TOO_LONG' } });
  });

  test('[CTX-5] goes on with its newest messages where the budget has nothing for a summary', async () => {
    await using poor = await startToolServer(answer, { contextTokens, dailyTokens: 3_000 });
    await using client = await RawClient.connect(poor.url);
    const chat = await LongChat.start(client, poor);
    const requests = await chat.turns(1, 10);
    expect(requests.filter(asksForSummary)).toEqual([]);
    expect(textsOf(requests.at(-1))).not.toContain('q1 xxx');
    expect((await chat.history()).at(-1)).toMatchObject({ status: 'completed' });
    const failed = (await chat.rows()).find(({ purpose }) => purpose === 'summary');
    expect(failed).toMatchObject({ status: 'failed', inputTokens: 0, reservedTokens: 0 });
  });
});
