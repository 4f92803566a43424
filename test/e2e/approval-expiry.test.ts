import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Database } from '../../db/connect.ts';
import { defineTool } from '../../server/index.ts';
import type { ServerOptions } from '../../server/index.ts';
import type { Chat } from '../../shared/chat.ts';
import type { ChatEventOf } from '../../shared/events.ts';
import type { Message } from '../../shared/message.ts';
import { severable } from '../fuzz/severable-database.ts';
import type { ProviderAnswer, ProviderRequest } from '../helpers/model-provider.ts';
import { startModelProvider } from '../helpers/model-provider.ts';
import type { ModelProvider } from '../helpers/model-provider.ts';
import { openDatabase } from '../helpers/open-database.ts';
import { RawClient } from '../helpers/raw-client.ts';
import type { RawStream } from '../helpers/raw-client.ts';
import { startServer } from '../helpers/server.ts';

/** Calls of the tool that were made; none of them ends while it hangs. */
const made: unknown[] = [];
let hangs = false;
const book = defineTool({
  name: 'book',
  description: 'Books a table.',
  schema: z.object({ seats: z.int() }),
  readOnly: false,
  execute: (input) => {
    made.push(input);
    return hangs ? new Promise<never>(() => {}) : 'booked';
  },
});

function answer({ body }: ProviderRequest): ProviderAnswer {
  const isLater = JSON.stringify(body.messages).includes('tool_call_id');
  return isLater ? ['Another time, ', 'then.'] : ['One moment. ', { call: 'book', args: { seats: 4 } }];
}

let lasting: Database;
let provider: ModelProvider;
beforeAll(async () => {
  lasting = await openDatabase();
  provider = await startModelProvider({ answer });
});
beforeEach(() => {
  hangs = false;
  made.length = 0;
});
afterAll(async () => {
  await provider.close();
  await lasting.close();
});

const start = (limits: ServerOptions['limits'], hold = severable(lasting)) =>
  startServer({
    openaiBaseUrl: provider.url,
    defaultModel: 'openai:double',
    tools: [book],
    database: hold.database,
    limits: limits ?? {},
  });

async function asked(client: RawClient, approval = true): Promise<{ chatId: string; stream: RawStream }> {
  const settings = { name: 'With a tool', tools: [{ name: 'book', approval }] };
  const { id } = await client.mutate<{ id: string }>('assistant.create', settings);
  const { id: chatId } = await client.mutate<Chat>('chat.create', { app: { kind: 'assistant', id } });
  const stream = client.stream({ chatId });
  await client.mutate('chat.send', { chatId, text: 'a table, please' });
  return { chatId, stream };
}

const settledBy = ({ events }: RawStream) =>
  events.filter((event): event is ChatEventOf<'input.answered'> => event.type === 'input.answered');

/** The end of a run whose call nobody decided about: what was said before and after it. */
function expectGoneOn(stream: RawStream, part: object): void {
  expect(stream.events.at(-1)).toMatchObject({ type: 'run.ended', status: 'completed' });
  expect(stream.view?.messages.at(-1)).toMatchObject({
    status: 'completed',
    parts: [
      { type: 'text', text: 'One moment. ' },
      { type: 'tool', name: 'book', ...part },
      { type: 'text', text: 'Another time, then.' },
    ],
  });
  expect(settledBy(stream)).toMatchObject([{ answeredBy: 'expiry', value: null }]);
}

const told = () => JSON.stringify(provider.requests.at(-1)?.body.messages);

describe('a call of which nobody decides in time', () => {
  test('[TOOL-15] is denied, the model is told, and the run goes on; a later word does not count', async () => {
    await using server = await start({ approvalMs: 400 });
    await using client = await RawClient.connect(server.url);
    const before = Date.now();
    const { chatId, stream } = await asked(client);
    await stream.until(({ view }) => view?.pendingInput != null);
    const { id: inputId, expiresAt = '' } = stream.view?.pendingInput ?? {};
    expect(Date.parse(expiresAt) - before).toBeGreaterThanOrEqual(400);
    await stream.untilEnded();
    expect(Date.now()).toBeGreaterThanOrEqual(Date.parse(expiresAt));
    expectGoneOn(stream, { state: 'denied', error: 'nobody answered in time' });
    expect(told()).toContain('A person did not allow this call: nobody answered in time');
    expect(made).toEqual([]);
    const late = client.mutate('chat.respond', { chatId, inputId, value: { decision: 'approve' } });
    expect(await late).toEqual({ inputId, accepted: false, answeredBy: 'expiry' });
  });

  test('[TOOL-15] is denied at the next start, when its time was over while no server ran', async () => {
    const first = await start({ approvalMs: 400 });
    const client = await RawClient.connect(first.url);
    const { chatId, stream } = await asked(client);
    await stream.until(({ view }) => view?.pendingInput != null);
    const { expiresAt = '' } = stream.view?.pendingInput ?? {};
    await first[Symbol.asyncDispose]();
    await expect.poll(() => Date.now() > Date.parse(expiresAt)).toBe(true);
    await using second = await start({});
    await using again = await RawClient.connect(second.url);
    const resumed = again.stream({ chatId, lastEventId: stream.cursor }, stream.view);
    await resumed.until(({ view }) => view?.activeRun === null);
    expect(resumed.view?.messages.at(-1)?.parts[1]).toMatchObject({
      state: 'denied',
      error: 'nobody answered in time',
    });
    expect(told()).toContain('nobody answered in time');
    expect(made).toEqual([]);
  });

  test('[TOOL-15] is waited for by the next server, whose own time does not count for it', async () => {
    const first = await start({ approvalMs: 600_000 });
    const client = await RawClient.connect(first.url);
    const { chatId, stream } = await asked(client);
    await stream.until(({ view }) => view?.pendingInput != null);
    await first[Symbol.asyncDispose]();
    await using second = await start({ approvalMs: 1 });
    await using again = await RawClient.connect(second.url);
    const resumed = again.stream({ chatId, lastEventId: stream.cursor }, stream.view);
    expect(await again.query('chat.get', { chatId })).toMatchObject({ pendingInput: stream.view?.pendingInput });
    const { id: inputId } = stream.view?.pendingInput ?? {};
    await again.mutate('chat.respond', { chatId, inputId, value: { decision: 'approve' } });
    await resumed.untilEnded();
    expect(resumed.view?.messages.at(-1)?.parts[1]).toMatchObject({ state: 'done', output: 'booked' });
    expect(made).toEqual([{ seats: 4 }]);
  });

  test('[TOOL-18] is left out when a crash had cut it off', async () => {
    hangs = true;
    const hold = severable(lasting);
    const first = await start({}, hold);
    const client = await RawClient.connect(first.url);
    const { chatId, stream } = await asked(client, false);
    // What was said before the call is recorded, and the call is under way.
    const stored = async () =>
      (await client.query<{ messages: Message[] }>('chat.history', { chatId })).messages.at(-1);
    await expect.poll(async () => [made.length, (await stored())?.parts.length], { timeout: 10_000 }).toEqual([1, 2]);
    await hold.sever();
    await first[Symbol.asyncDispose]();
    await using second = await start({ approvalMs: 400 });
    await using again = await RawClient.connect(second.url);
    const resumed = again.stream({ chatId, lastEventId: stream.cursor }, stream.view);
    await resumed.until(({ view }) => view?.activeRun === null);
    expectGoneOn(resumed, { state: 'uncertain', error: expect.stringContaining('go on without it') });
    expect(told()).toContain('not known whether this call took effect');
    expect(made).toHaveLength(1);
  });
});
