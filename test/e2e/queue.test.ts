import { afterAll, beforeAll, expect, test } from 'vitest';
import { connect } from '../../db/connect.ts';
import type { QueueReply } from '../../server/chat-queue.ts';
import type { SendReply } from '../../server/chat-manager.ts';
import type { ChatHandler } from '../../server/handlers/handler.ts';
import type { Chat } from '../../shared/chat.ts';
import { ChatEvent } from '../../shared/events.ts';
import { limits } from '../../shared/limits.ts';
import { textOf } from '../../shared/message.ts';
import type { Message } from '../../shared/message.ts';
import { newId } from '../../shared/new-id.ts';
import type { Run } from '../../shared/run.ts';
import { severable } from '../fuzz/severable-database.ts';
import { RawClient } from '../helpers/raw-client.ts';
import type { RawStream } from '../helpers/raw-client.ts';
import { gate, startScriptedServer } from '../helpers/scripted-server.ts';
import type { Gate } from '../helpers/scripted-server.ts';

/** Of each message the gate that its answer waits at. */
const gates = new Map<string, Gate>();
function gateOf(text: string): Gate {
  const known = gates.get(text) ?? gate();
  gates.set(text, known);
  return known;
}

/** What an answer was told at its second step. */
const steered: string[][] = [];

/** Answers in two steps; the second begins when the test says so, or the answer is stopped. */
const inTwoSteps: ChatHandler['run'] = async function* (run, { signal }) {
  yield { type: 'text', text: `first of ${run.text}` };
  const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  await Promise.race([gateOf(run.text).passed, stopped]);
  if (signal.aborted) return;
  steered.push((await run.takeSteering()).map(({ text }) => text));
  yield { type: 'text', text: `second of ${run.text}` };
};

let server: Awaited<ReturnType<typeof startScriptedServer>>;
beforeAll(async () => {
  server = await startScriptedServer(inTwoSteps);
});
afterAll(() => server[Symbol.asyncDispose]());

/** A chat with an active run, seen in two tabs. Texts are made unlike those of other tests. */
async function busyChat(url = server.url) {
  const [here, there] = [await RawClient.connect(url), await RawClient.connect(url)];
  const chat = await here.mutate<Chat>('chat.create', {});
  const streams: [RawStream, RawStream] = [here.stream({ chatId: chat.id }), there.stream({ chatId: chat.id })];
  const mark = newId().slice(-6);
  const of = (text: string) => `${text} ${mark}`;
  const send = (text: string, more: object = {}) =>
    here.mutate<SendReply>('chat.send', { chatId: chat.id, text: of(text), ...more });
  const active = await send('active');
  const isActive = ({ view }: RawStream) => textOf(view?.messages.at(-1) ?? { parts: [] }) !== '';
  await Promise.all(streams.map((stream) => stream.until(isActive)));
  return {
    here,
    there,
    chat,
    streams,
    of,
    send,
    active,
    change: (client: RawClient, what: string, input: object = {}) =>
      client.mutate<QueueReply>(`chat.queue.${what}`, { chatId: chat.id, ...input }),
    stored: () => here.query<{ chat: Chat; queue: Run[] }>('chat.get', { chatId: chat.id }),
    history: async () => (await here.query<{ messages: Message[] }>('chat.history', { chatId: chat.id })).messages,
    [Symbol.asyncDispose]: async () => {
      await here.mutate('chat.delete', { chatId: chat.id });
      await Promise.all([here[Symbol.asyncDispose](), there[Symbol.asyncDispose]()]);
    },
  };
}

const textsIn = (queue: readonly Run[] | undefined) => queue?.map(({ text }) => text.split(' ')[0]);
const notFound = { data: { code: 'NOT_FOUND' } };

test('[QUE-1] a waiting message is edited from another tab, within the limits of a send, and answered as it is then', async () => {
  await using busy = await busyChat();
  const { here, there, streams, of, change, send } = busy;
  const messageId = newId();
  const { runId } = await send('typo', { messageId });
  for (const [text, code] of [
    ['x'.repeat(limits.messageText + 1), 'TOO_LARGE'],
    [' ', 'INVALID_INPUT'],
  ])
    await expect(change(there, 'edit', { runId, text })).rejects.toMatchObject({ data: { code } });
  const { queue } = await change(there, 'edit', { runId, text: of('right') });
  expect(textsIn(queue)).toEqual(['right']);
  expect(await here.query('chat.queue.list', { chatId: busy.chat.id })).toEqual({ queue });
  await streams[0].until(({ view }) => textsIn(view?.queue)?.[0] === 'right');
  expect(await send('typo', { messageId })).toMatchObject({ disposition: 'duplicate', runId });
  gateOf(of('active')).open();
  gateOf(of('right')).open();
  await streams[0].untilEnded(2);
  expect((await busy.history()).map(textOf).slice(2)).toEqual([
    of('right'),
    `first of ${of('right')}second of ${of('right')}`,
  ]);
});

test('[QUE-5] tabs that change the queue at the same time have one winner, and see the same queue', async () => {
  await using busy = await busyChat();
  const { here, there, streams, change, send } = busy;
  const [a, b, c] = [await send('a'), await send('b'), await send('c')];
  const results = await Promise.allSettled([
    change(here, 'withdraw', { runId: a.runId }),
    change(there, 'withdraw', { runId: a.runId }),
    change(here, 'move', { runId: c.runId, before: b.runId }),
    change(there, 'edit', { runId: b.runId, text: 'edited' }),
    change(there, 'move', { runId: b.runId, before: null }),
  ]);
  expect(
    results
      .slice(0, 2)
      .map(({ status }) => status)
      .toSorted(),
  ).toEqual(['fulfilled', 'rejected']);
  expect(results.find(({ status }) => status === 'rejected')).toMatchObject({ reason: notFound });
  const { queue } = await busy.stored();
  expect(textsIn(queue)).toEqual(['c', 'edited']);
  for (const stream of streams) {
    await stream.until(({ view }) => JSON.stringify(view?.queue) === JSON.stringify(queue));
    for (const event of stream.events) expect(ChatEvent.parse(event)).toEqual(event);
  }
});

test('[QUE-4] what is not waiting any more is refused by name', async () => {
  await using busy = await busyChat();
  const { here, change, active, send } = busy;
  const { runId } = await send('a');
  const message = `Run ${active.runId} is not waiting in the chat (any more).`;
  for (const refused of [
    () => change(here, 'edit', { runId: active.runId, text: 'x' }),
    () => change(here, 'move', { runId: active.runId, before: null }),
    () => change(here, 'move', { runId, before: active.runId }),
    () => change(here, 'withdraw', { runId: active.runId }),
  ])
    await expect(refused()).rejects.toMatchObject({ ...notFound, message });
});

test('[QUE-6] [QUE-7] a stop pauses what waits for everybody, until it is resumed', async () => {
  await using busy = await busyChat();
  const { here, there, chat, streams, of, change, send } = busy;
  await send('a');
  await send('b');
  await here.mutate('chat.stop', { chatId: chat.id });
  await Promise.all(streams.map((stream) => stream.until(({ view }) => view?.chat.queuePaused === true)));
  await streams[1].untilEnded();
  expect(await busy.stored()).toMatchObject({ chat: { queuePaused: true, activeRunId: null } });
  expect(streams[1].types.filter((type) => type === 'run.started')).toHaveLength(1);
  gateOf(of('a')).open();
  gateOf(of('b')).open();
  const { queue } = await change(there, 'resume');
  expect(textsIn(queue)).toEqual(['a', 'b']);
  await streams[0].untilEnded(3);
  expect((await busy.history()).map(({ status }) => status)).toEqual([
    'completed',
    'stopped',
    ...Array<string>(4).fill('completed'),
  ]);
  expect((await busy.stored()).chat.queuePaused).toBeUndefined();
});

test.each([
  ['queue', ['a', 'new']],
  ['interrupt', ['new', 'a']],
])('[QUE-7] a message with `%s` lets a paused queue go on', async (onBusy, order) => {
  await using busy = await busyChat();
  const { here, chat, streams, of, send } = busy;
  for (const text of order) gateOf(of(text)).open();
  await send('a');
  await here.mutate('chat.stop', { chatId: chat.id });
  await streams[0].untilEnded();
  expect(await send('new', { onBusy })).toMatchObject({ disposition: 'queued' });
  await streams[0].untilEnded(3);
  const asked = (await busy.history()).filter(({ role }) => role === 'user').map(textOf);
  expect(asked).toEqual(['active', ...order].map(of));
  expect(streams[0].view).toMatchObject({ ...(await busy.stored()), messages: await busy.history() });
});

test('[QUE-8] a paused queue is paused after a restart, and then goes on when it is resumed', async () => {
  const lasting = await connect({ dataDir: null });
  const start = () => startScriptedServer(inTwoSteps, { database: severable(lasting).database });
  const first = await start();
  const before = await busyChat(first.url);
  const { chat, of } = before;
  await before.send('a');
  await before.here.mutate('chat.stop', { chatId: chat.id });
  await before.streams[0].untilEnded();
  await first.close();

  await using second = await start();
  await using client = await RawClient.connect(second.url);
  const stream = client.stream({ chatId: chat.id });
  // What a server starts at its own start has started once a message that came after it is answered.
  const other = await client.mutate<Chat>('chat.create', {});
  gateOf('other').open();
  const otherStream = client.stream({ chatId: other.id });
  await client.mutate('chat.send', { chatId: other.id, text: 'other' });
  await otherStream.untilEnded();
  expect(stream.view).toMatchObject({ chat: { queuePaused: true, activeRunId: null }, queue: [{ text: of('a') }] });
  gateOf(of('a')).open();
  await client.mutate('chat.queue.resume', { chatId: chat.id });
  await stream.untilEnded();
  expect(stream.view).toMatchObject({ queue: [], activeRun: null });
  await lasting.close();
});

test('[STE-6] text for a running answer is taken at its next step, stands in the answer there, and is told once', async () => {
  await using busy = await busyChat();
  const { streams, of, send, active } = busy;
  const ordinary = await send('ordinary');
  const messageId = newId();
  const sent = await send('shorter', { onBusy: 'steer', messageId });
  await streams[1].until(({ view }) => textsIn(view?.queue)?.[0] === 'shorter');
  expect(streams[1].view?.queue[0]).toMatchObject({ id: sent.runId, steers: active.runId });
  gateOf(of('active')).open();
  await streams[1].untilEnded(2);
  expect(steered.at(-1)).toEqual([of('shorter')]);
  const parts = [
    { type: 'text', text: `first of ${of('active')}` },
    { type: 'steering', messageId, text: of('shorter') },
    { type: 'text', text: `second of ${of('active')}` },
  ];
  const answer = (await busy.history()).find(({ runId }) => runId === active.runId && runId !== null);
  expect(answer).toBeDefined();
  expect((await busy.history())[1]).toMatchObject({ status: 'completed', parts });
  const ends = streams[1].events.filter((event) => event.type === 'run.ended');
  expect(ends).toEqual([
    { type: 'run.ended', runId: sent.runId, status: 'completed' },
    { type: 'run.ended', runId: active.runId, status: 'completed' },
  ]);
  expect(await send('shorter', { onBusy: 'steer', messageId })).toMatchObject({
    disposition: 'duplicate',
    runId: sent.runId,
    cursor: sent.cursor,
  });
  gateOf(of('ordinary')).open();
  await streams[1].untilEnded(3);
  expect(streams[1].events.at(-1)).toMatchObject({ runId: ordinary.runId, status: 'completed' });
  for (const event of streams[1].events) expect(ChatEvent.parse(event)).toEqual(event);
  // Whoever replays all of it from the first cursor is left with the same.
  const again = busy.there.stream(
    { chatId: busy.chat.id, lastEventId: streams[1].received[0]?.cursor },
    viewAt(streams[1]),
  );
  await again.untilEnded(3);
  expect(again.view).toEqual(streams[1].view);
});

test('[STE-3] what an answer did not take is the next message, also after a stop and without one', async () => {
  await using busy = await busyChat();
  const { here, chat, streams, of, send } = busy;
  gateOf(of('late')).open();
  await send('late', { onBusy: 'steer' });
  await here.mutate('chat.stop', { chatId: chat.id });
  await streams[0].untilEnded();
  expect(streams[0].view?.chat.queuePaused).toBe(true);
  await busy.change(here, 'resume');
  await streams[0].untilEnded(2);
  expect((await busy.history()).at(-1)).toMatchObject({ status: 'completed' });
  gateOf(of('idle')).open();
  expect(await send('idle', { onBusy: 'steer' })).toMatchObject({ disposition: 'started' });
  await streams[0].untilEnded(3);
  expect((await busy.history()).map(textOf).filter((_, index) => index % 2 === 0)).toEqual(
    ['active', 'late', 'idle'].map(of),
  );
});

function viewAt(stream: RawStream) {
  const first = stream.events[0];
  if (first?.type !== 'snapshot') throw new Error('expected a snapshot first');
  const { type: _, ...view } = first;
  return view;
}
