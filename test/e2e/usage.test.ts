import { asc, eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { modelCalls } from '../../db/schema.ts';
import type { Chat } from '../../shared/chat.ts';
import type { ChatId } from '../../shared/ids.ts';
import { AccountUsage, ChatUsage } from '../../shared/usage.ts';
import type { ProviderAnswer, ProviderRequest } from '../helpers/model-provider.ts';
import { RawClient } from '../helpers/raw-client.ts';
import type { RawStream } from '../helpers/raw-client.ts';
import { insertAssistant, startToolServer } from '../helpers/tool-scene.ts';
import type { ToolServer } from '../helpers/tool-scene.ts';

let answer: (request: ProviderRequest) => ProviderAnswer;
let server: ToolServer;
beforeAll(async () => {
  server = await startToolServer((request) => answer(request));
});
afterEach(() => server.settled());
afterAll(() => server[Symbol.asyncDispose]());

const rowsOf = (chatId: string, { db } = server) =>
  db
    .select()
    .from(modelCalls)
    .where(eq(modelCalls.chatId, chatId as ChatId))
    .orderBy(asc(modelCalls.openedAt));

async function sent(client: RawClient, app?: object): Promise<{ chatId: string; stream: RawStream }> {
  const { id: chatId } = await client.mutate<Chat>('chat.create', app ? { app } : {});
  const stream = client.stream({ chatId });
  await client.mutate('chat.send', { chatId, text: 'go' });
  return { chatId, stream };
}

describe('the ledger of model calls', () => {
  test('[USE-2] has a row for each step of an answer with tools, and totals that agree with the answer', async () => {
    answer = ({ body }) =>
      /tool_call_id/.test(JSON.stringify(body.messages.at(-1)))
        ? ['It ', 'is 42.', { usage: { input: 30, output: 4 } }]
        : [{ call: 'calculator', args: { expression: '6 * 7' } }, { usage: { input: 20, output: 9 } }];
    await using client = await RawClient.connect(server.url);
    const id = await insertAssistant(server.db, { tools: [{ name: 'calculator' }] });
    const { chatId, stream } = await sent(client, { kind: 'assistant', id });
    await stream.untilEnded();
    expect(stream.view?.messages[1]?.usage).toEqual({ inputTokens: 50, outputTokens: 13, source: 'reported' });
    const call = { purpose: 'answer', status: 'finished', model: 'openai:double', source: 'reported' };
    expect(await rowsOf(chatId)).toMatchObject([
      { ...call, step: 1, inputTokens: 20, outputTokens: 9 },
      { ...call, step: 2, inputTokens: 30, outputTokens: 4 },
    ]);
    const total = { calls: 2, inputTokens: 50, outputTokens: 13, source: 'reported' };
    expect(ChatUsage.parse(await client.query('chat.usage', { chatId }))).toEqual({ chatId, ...total });
    const { from, to, days, budget } = AccountUsage.parse(await client.query('account.usage'));
    expect(budget).toBe(undefined);
    await expect(client.query('account.usage', { from, days: 2 })).rejects.toMatchObject({
      data: { code: 'INVALID_INPUT' },
    });
    expect(Date.parse(to) - Date.parse(from)).toBe(29 * 86_400_000);
    expect(days).toEqual([{ day: to, model: 'openai:double', ...total }]);
  });

  test('[USE-1] keeps what a stopped answer has used until then, estimated', async () => {
    answer = () => ['x'.repeat(2_000), { end: 'hang' }];
    await using client = await RawClient.connect(server.url);
    const { chatId, stream } = await sent(client);
    await stream.until(({ types }) => types.includes('message.delta'));
    expect(await rowsOf(chatId)).toMatchObject([{ status: 'open', closedAt: null }]);
    await client.mutate('chat.stop', { chatId });
    await stream.untilEnded();
    const [row] = await rowsOf(chatId);
    expect(row).toMatchObject({ status: 'stopped', model: 'openai:double', outputTokens: 500, source: 'estimated' });
    expect(row?.inputTokens).toBeGreaterThan(0);
  });

  test('[USE-1] keeps what a failed answer has used until then', async () => {
    answer = () => ['x'.repeat(400), { end: 'close' }];
    await using client = await RawClient.connect(server.url);
    const { chatId, stream } = await sent(client);
    await stream.untilEnded();
    expect(await rowsOf(chatId)).toMatchObject([{ status: 'failed', outputTokens: 100, source: 'estimated' }]);
  });

  test('[USE-6] has the call for a title', async () => {
    answer = () => ['The title'];
    await using titled = await startToolServer((request) => answer(request), { titles: true });
    await using client = await RawClient.connect(titled.url);
    const { chatId, stream } = await sent(client);
    await stream.until(({ types }) => types.includes('chat.updated'));
    const [first, title] = await rowsOf(chatId, titled);
    expect(title).toMatchObject({ purpose: 'title', runId: first?.runId, model: 'openai:double', status: 'finished' });
    expect(title).toMatchObject({ inputTokens: 7, outputTokens: 1, source: 'reported' });
    answer = ({ body }) => (String(body.messages[0]?.content).includes('title') ? { status: 400, body: {} } : ['yes']);
    const other = await sent(client);
    await other.stream.until(({ types }) => types.includes('chat.updated'));
    await vi.waitFor(async () => expect((await rowsOf(other.chatId, titled))[1]).toMatchObject({ status: 'failed' }));
  });
});

describe('a daily budget', () => {
  test('[USE-8] ends the answer that uses it up, with what it has, and leaves none for a title', async () => {
    answer = () => [...Array.from({ length: 100 }, () => 'x'.repeat(256)), { end: 'hang' }];
    await using poor = await startToolServer((request) => answer(request), { dailyTokens: 2_000, titles: true });
    await using client = await RawClient.connect(poor.url);
    const { chatId, stream } = await sent(client);
    await stream.untilEnded();
    const message = stream.view?.messages[1];
    expect(message).toMatchObject({ status: 'failed', error: { code: 'BUDGET_EXCEEDED' } });
    expect(message?.error?.message).toContain('2000 tokens');
    const [row] = await rowsOf(chatId, poor);
    const used = (row?.inputTokens ?? 0) + (row?.outputTokens ?? 0);
    expect(used).toBeLessThanOrEqual(2_000);
    expect(used).toBeGreaterThan(1_800);
    expect(row).toMatchObject({ status: 'failed', reservedTokens: 0 });
    await stream.until(({ types }) => types.includes('chat.updated'));
    expect(stream.view?.chat.title).toBe('go');
    expect(await rowsOf(chatId, poor)).toMatchObject([{ purpose: 'answer' }, { purpose: 'title', inputTokens: 0 }]);
    expect(poor.provider.requests).toHaveLength(1);
  });

  test('[USE-7] [USE-9] refuses what comes when it is used up, before anything is recorded', async () => {
    answer = () => ['yes', { usage: { input: 400, output: 100 } }];
    await using poor = await startToolServer((request) => answer(request), { dailyTokens: 500 });
    await using client = await RawClient.connect(poor.url);
    const { chatId, stream } = await sent(client);
    await stream.untilEnded();
    const { to, budget } = AccountUsage.parse(await client.query('account.usage', { days: 1 }));
    const endsAt = new Date(Date.parse(to) + 86_400_000).toISOString();
    expect(budget).toEqual({ day: to, tokens: 500, spent: 500, endsAt });
    const refused = { data: { code: 'BUDGET_EXCEEDED', limit: 500, retryAfterMs: expect.any(Number) as number } };
    await expect(client.mutate('chat.send', { chatId, text: 'more' })).rejects.toMatchObject(refused);
    const messageId = stream.view?.messages[1]?.id;
    await expect(client.mutate('chat.regenerate', { chatId, messageId })).rejects.toMatchObject(refused);
    expect(stream.view?.messages).toHaveLength(2);
  });

  test('[USE-8] is kept by many runs at once: no model is asked for which nothing is left', async () => {
    answer = () => ['x'.repeat(256), { usage: null }];
    await using poor = await startToolServer((request) => answer(request), { dailyTokens: 3_000 });
    await using client = await RawClient.connect(poor.url);
    const all = await Promise.all(Array.from({ length: 20 }, () => sent(client).catch(() => null)));
    for (const one of all) await one?.stream.untilEnded();
    const rows = await poor.db.select().from(modelCalls);
    const spent = rows.reduce((sum, { inputTokens, outputTokens }) => sum + inputTokens + outputTokens, 0);
    expect(spent).toBeLessThanOrEqual(3_000);
    expect(rows.filter(({ status }) => status === 'failed').length).toBeGreaterThan(0);
    expect(poor.provider.requests).toHaveLength(rows.filter(({ status }) => status === 'finished').length);
  });
});
