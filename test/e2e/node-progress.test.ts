import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../db/connect.ts';
import type { HandlerEvent, HandlerRun } from '../../server/handlers/handler.ts';
import type { Chat } from '../../shared/chat.ts';
import { ChatId } from '../../shared/ids.ts';
import { newId } from '../../shared/new-id.ts';
import type { ChatView } from '../../shared/events.ts';
import { severable } from '../fuzz/severable-database.ts';
import { Asked } from '../helpers/asked-chat.ts';
import { openDatabase } from '../helpers/open-database.ts';
import { RawClient } from '../helpers/raw-client.ts';
import { gate } from '../helpers/scripted-server.ts';
import { userId } from '../helpers/samples.ts';
import { startServer, startServerWithModel } from '../helpers/server.ts';
import { workflowId } from '../helpers/store-chat.ts';

const patience = { timeout: 10_000 };
const node = (nodeId: string) => ({ nodeId, title: `The ${nodeId}` });
const started = (nodeId: string): HandlerEvent => ({ type: 'node.started', ...node(nodeId), inputs: { of: nodeId } });
const finished = (nodeId: string): HandlerEvent => ({
  type: 'node.finished',
  ...node(nodeId),
  durationMs: 5,
  outputs: { text: `secret of ${nodeId}\0` },
});

describe('how far the nodes have come', () => {
  let lasting: Database;
  beforeAll(async () => {
    lasting = await openDatabase();
  });
  afterAll(() => lasting.close());

  /** Nodes a and b; b asks, and c comes after the answer. */
  async function* nodes({ resumed }: HandlerRun): AsyncGenerator<HandlerEvent> {
    if (resumed === null) {
      yield started('a');
      yield finished('a');
      yield started('b');
      await held.passed;
      yield { type: 'ask', input: { id: newId(), kind: 'choice', prompt: 'Go on?', schema: { enum: ['yes'] } } };
    }
    yield finished('b');
    yield started('c');
    await again.passed;
    yield {
      type: 'node.finished',
      ...node('c'),
      durationMs: 1,
      error: { code: 'TOOL_FAILED', message: 'c is broken' },
    };
    yield { type: 'text', text: 'over' };
  }
  let held = gate();
  let again = gate();

  const start = ({ database } = severable(lasting)) =>
    startServer({ handlers: { assistant: { run: nodes } }, database });

  const statesOf = (view: ChatView | null) => view?.nodes?.map(({ nodeId, status }) => `${nodeId} ${status}`);

  test('[NOD-1] is in every view while the run is at work and while it waits, over a restart, and gone at its end', async () => {
    held = gate();
    again = gate();
    const first = await start();
    const client = await RawClient.connect(first.url);
    const asked = await Asked.start(client, 'go');
    await asked.stream.until(({ view }) => view?.nodes?.length === 2);
    expect(asked.stream.view?.nodes).toEqual([
      { ...node('a'), status: 'finished', durationMs: 5, inputs: { of: 'a' }, outputs: { text: 'secret of a\uFFFD' } },
      { ...node('b'), status: 'running', inputs: { of: 'b' } },
    ]);
    expect(await asked.stored()).toEqual(asked.stream.view);
    held.open();
    const { id } = await asked.question();
    expect(await asked.stored()).toEqual(asked.stream.view);
    await first[Symbol.asyncDispose]();

    await using second = await start();
    await using later = await RawClient.connect(second.url);
    expect(await asked.stored(later)).toEqual(asked.stream.view);
    const stream = asked.continued(later, asked.stream.cursor, asked.stream.view);
    await asked.respond(id, 'yes', later);
    await stream.until(({ view }) => view?.nodes?.length === 3);
    expect(statesOf(stream.view)).toEqual(['a finished', 'b finished', 'c running']);
    expect(await asked.stored(later)).toEqual(stream.view);
    again.open();
    await stream.untilEnded();
    expect(stream.types).not.toContain('snapshot');
    expect(stream.events.findLast(({ type }) => type === 'node.finished')).toMatchObject({
      error: { message: 'c is broken' },
    });
    expect(stream.view).not.toHaveProperty('nodes');
    expect(await asked.stored(later)).toEqual(stream.view);
  });

  test('[NOD-2] what had finished before a process died is told by the one that goes on', async () => {
    const hold = severable(lasting);
    const first = await startServerWithModel(
      { answer: () => ['It is ', { end: 'hang' }] },
      { database: hold.database },
    );
    const client = await RawClient.connect(first.url);
    const { id: chatId } = await client.mutate<Chat>('chat.create', { app: { kind: 'workflow', id: workflowId } });
    await client.mutate('chat.send', { chatId, text: 'a long text' });
    const recorded = async () => (await lasting.store.view(userId, ChatId.parse(chatId))).view;
    await expect.poll(async () => statesOf(await recorded()), patience).toEqual(['start finished', 'summary running']);
    await hold.sever();
    await first[Symbol.asyncDispose]();

    await using second = await startServerWithModel(
      { answer: () => ['It is ', 'short.', { end: 'hang' }] },
      { database: severable(lasting).database },
    );
    await using later = await RawClient.connect(second.url);
    const stream = later.stream({ chatId });
    await stream.until(({ view }) => view?.messages.at(-1)?.parts.length === 1);
    expect(statesOf(stream.view)).toEqual(['start finished', 'summary running']);
    expect(stream.view?.nodes?.[0]).toHaveProperty('durationMs');
    await later.mutate('chat.stop', { chatId });
    await stream.untilEnded();
    expect(stream.view).not.toHaveProperty('nodes');
  });

  test('[SHR-2] what went in and out of nodes is not shared', async () => {
    held = gate();
    again = gate();
    await using server = await start();
    await using client = await RawClient.connect(server.url);
    const asked = await Asked.start(client, 'go');
    await asked.stream.until(({ view }) => view?.nodes?.length === 2);
    const { shareId } = await client.mutate<{ shareId: string }>('chat.share', { chatId: asked.chatId });
    const guest = client.stream({ shareId });
    await guest.until(({ view }) => view !== null);
    expect(statesOf(guest.view)).toEqual(['a finished', 'b running']);
    held.open();
    again.open();
    await asked.respond((await asked.question()).id, 'yes');
    await guest.untilEnded();
    const told = JSON.stringify([guest.events, await client.query('share.get', { shareId })]);
    expect(guest.types).toContain('node.finished');
    expect(told).not.toMatch(/secret|inputs|is broken/);
  });
});
