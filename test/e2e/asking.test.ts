import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { codeOf, createChatClient } from '../../client/index.ts';
import type { HandlerEvent, HandlerRun } from '../../server/handlers/handler.ts';
import type { ServerOptions } from '../../server/index.ts';
import type { ChatView } from '../../shared/events.ts';
import { fold } from '../../shared/fold.ts';
import { newId } from '../../shared/new-id.ts';
import { textOf } from '../../shared/message.ts';
import { answerOf, Asked } from '../helpers/asked-chat.ts';
import { askingHandler } from '../helpers/asking-handler.ts';
import { openDatabase } from '../helpers/open-database.ts';
import { RawClient } from '../helpers/raw-client.ts';
import type { RawStream } from '../helpers/raw-client.ts';
import { startServer } from '../helpers/server.ts';
import type { TestServer } from '../helpers/server.ts';

const start = async (options: ServerOptions = {}) =>
  startServer({ database: await openDatabase(), handlers: { assistant: { run: askingHandler } }, ...options });

describe('asking', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server[Symbol.asyncDispose]());

  test('[ASK-1] a question comes after the content, lets the run wait and is in every view', async () => {
    await using client = await RawClient.connect(server.url);
    const asked = await Asked.start(client, 'ask 1');
    const question = await asked.question();
    expect(question).toMatchObject({ kind: 'choice', prompt: 'q0? ', schema: { enum: ['left', 'right'] } });
    expect(question).not.toHaveProperty('subject');
    const [snapshot, ...types] = asked.stream.types;
    expect(snapshot).toBe('snapshot');
    expect(types.filter((type) => type !== 'message.delta')).toEqual([
      'run.queued',
      'message.added',
      'run.started',
      'message.added',
      'input.requested',
    ]);
    expect(types.at(-1)).toBe('input.requested');
    expect(answerOf(asked.stream.view)).toBe('q0? ');
    expect(await asked.stored()).toEqual(asked.stream.view);
    expect(await asked.state()).toMatchObject({ activeRun: { status: 'waiting' }, pendingInput: question });
    expect(server.server.census().runs).toBe(0);
  });

  test('[ASK-2] an answer lets the run go on where it was: parts, offsets and usage, as often as it asks', async () => {
    await using client = await RawClient.connect(server.url);
    const asked = await Asked.start(client, 'ask 2');
    const first = await asked.question(1);
    expect(await asked.respond(first.id, 'left')).toEqual({ inputId: first.id, accepted: true, answeredBy: 'local' });
    const second = await asked.question(2);
    expect(second.id).not.toBe(first.id);
    await asked.respond(second.id, 'right');
    await asked.stream.untilEnded();
    const { view, types, holes } = asked.stream;
    expect(answerOf(view)).toBe('q0? left. q1? right. done');
    expect(view?.messages.at(-1)).toMatchObject({
      parts: [{ type: 'text' }],
      usage: { inputTokens: 30, outputTokens: 3, source: 'reported' },
    });
    expect(types.filter((type) => !type.startsWith('message.'))).toEqual([
      'snapshot',
      'run.queued',
      'run.started',
      'input.requested',
      'input.answered',
      'input.requested',
      'input.answered',
      'run.ended',
    ]);
    expect(asked.stream.events.filter(({ type }) => type === 'input.answered')).toMatchObject([
      { inputId: first.id, answeredBy: 'local', value: 'left' },
      { inputId: second.id, answeredBy: 'local', value: 'right' },
    ]);
    expect(holes).toBe(0);
    expect(await asked.stored()).toEqual(view);
  });

  test('[ASK-3] a value that is none of the answers is refused with what was expected, and the question stays', async () => {
    await using client = await RawClient.connect(server.url);
    const asked = await Asked.start(client, 'ask 1');
    const { id } = await asked.question();
    const deep = JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`) as unknown;
    for (const [value, code, message] of [
      ['up', 'INVALID_INPUT', /^value: .*\["left","right"\]/],
      [undefined, 'INVALID_INPUT', /^value: expected a JSON value/],
      [deep, 'INVALID_INPUT', /^value: expected at most 32 levels/],
      ['x'.repeat(100_000), 'TOO_LARGE', /^value: expected at most 100000/],
    ] as const) {
      const refused = asked.respond(id, value).catch((error: unknown) => error);
      expect(await refused).toMatchObject({ data: { code }, message: expect.stringMatching(message) });
    }
    expect((await asked.state()).pendingInput?.id).toBe(id);
    expect(await asked.respond(id, 'left')).toMatchObject({ accepted: true });
    // Whoever was first is told also to one whose answer would not do.
    expect(await asked.respond(id, 'up')).toMatchObject({ accepted: false, answeredBy: 'local' });
  });

  test('[ASK-4] of two tabs that answer at the same moment one wins, and the run goes on once', async () => {
    await using client = await RawClient.connect(server.url);
    await using other = await RawClient.connect(server.url);
    for (let round = 0; round < 5; round += 1) {
      const asked = await Asked.start(client, 'ask 1');
      const { id } = await asked.question();
      const replies = await Promise.all([asked.respond(id, 'left'), asked.respond(id, 'right', other)]);
      await asked.stream.untilEnded();
      expect(replies.filter(({ accepted }) => accepted)).toHaveLength(1);
      expect(asked.stream.types.filter((type) => type === 'input.answered').length).toBe(1);
      expect(answerOf(asked.stream.view)).toBe(`q0? ${replies[0]?.accepted ? 'left' : 'right'}. done`);
      expect(await asked.respond(id, replies[0]?.accepted ? 'left' : 'right', other)).toMatchObject({ accepted: true });
    }
  });

  test('[ASK-5] an unknown question is NOT_FOUND', async () => {
    await using client = await RawClient.connect(server.url);
    const asked = await Asked.start(client, 'ask 1');
    const other = await Asked.start(client, 'ask 1');
    const { id } = await other.question();
    for (const inputId of [newId(), id]) {
      await expect(asked.respond(inputId, 'left')).rejects.toMatchObject({ data: { code: 'NOT_FOUND' } });
    }
  });

  test('[ASK-6] when its time is over a run fails INPUT_EXPIRED, or goes on if its handler has a way', async () => {
    await using client = await RawClient.connect(server.url);
    const asked = await Asked.start(client, 'ask 1 100');
    const { id } = await asked.question();
    await asked.stream.untilEnded();
    expect(asked.stream.events.find(({ type }) => type === 'input.answered')).toMatchObject({
      inputId: id,
      answeredBy: 'expiry',
      value: null,
    });
    expect(asked.stream.events.at(-1)).toMatchObject({ status: 'failed', error: { code: 'INPUT_EXPIRED' } });
    expect(answerOf(asked.stream.view)).toBe('q0? ');
    expect(await asked.respond(id, 'left')).toEqual({ inputId: id, accepted: false, answeredBy: 'expiry' });
    await asked.send('ask 1 100 goOn');
    await asked.stream.untilEnded(2);
    expect(answerOf(asked.stream.view)).toBe('q0? nothing. done');
    expect(await asked.stored()).toEqual(asked.stream.view);
  });

  test('[ASK-7] stop ends a run that waits at once, and the queue goes on when it is resumed; a stop beside an answer leaves one story', async () => {
    await using client = await RawClient.connect(server.url);
    const asked = await Asked.start(client, 'ask 1');
    const { id } = await asked.question();
    await asked.send('ask 0');
    expect(await asked.stop()).toMatchObject({ status: 'stopped' });
    await client.mutate('chat.queue.resume', { chatId: asked.chatId });
    await asked.stream.untilEnded(2);
    expect(asked.stream.view?.messages.map(({ status }) => status)).toEqual([
      'completed',
      'stopped',
      'completed',
      'completed',
    ]);
    expect(asked.stream.view?.pendingInput).toBeNull();
    expect(await asked.respond(id, 'left')).toEqual({ inputId: id, accepted: false, answeredBy: null });
    for (let round = 0; round < 5; round += 1) {
      const raced = await Asked.start(client, 'ask 1');
      const question = await raced.question();
      await Promise.all([raced.respond(question.id, 'left'), raced.stop()]);
      await raced.stream.untilEnded();
      expect(await raced.stored()).toEqual(raced.stream.view);
      expect(['', 'left', 'left.', 'left. ', 'left. done'].map((end) => `q0? ${end}`)).toContain(
        answerOf(raced.stream.view),
      );
    }
  });

  test('[ASK-7] interrupt and delete end a run that waits', async () => {
    await using client = await RawClient.connect(server.url);
    const asked = await Asked.start(client, 'ask 1');
    await asked.question();
    await asked.send('ask 1', { onBusy: 'interrupt' });
    const second = await asked.question(2);
    expect(asked.stream.view).toMatchObject({ pendingInput: { id: second.id }, queue: [] });
    expect(await asked.stored()).toEqual(asked.stream.view);
    await client.mutate('chat.delete', { chatId: asked.chatId });
    await asked.stream.until(({ types }) => types.at(-1) === 'chat.deleted');
    await expect(asked.respond(second.id, 'left')).rejects.toMatchObject({ data: { code: 'NOT_FOUND' } });
  });

  test('[ASK-8] a message that comes while a question is pending waits in the queue and is not its answer', async () => {
    await using client = await RawClient.connect(server.url);
    const asked = await Asked.start(client, 'ask 1');
    const { id } = await asked.question();
    expect(await asked.send('left')).toMatchObject({ disposition: 'queued' });
    await expect(asked.send('left', { onBusy: 'reject' })).rejects.toMatchObject({ data: { code: 'CONFLICT_BUSY' } });
    expect(await asked.state()).toMatchObject({ pendingInput: { id }, queue: [{ text: 'left' }] });
    await asked.respond(id, 'right');
    await asked.stream.untilEnded(2);
    expect(asked.stream.view?.messages.map(textOf)).toEqual(['ask 1', 'q0? right. done', 'left', 'done']);
  });

  test('[ASK-9] where there is no room for it a run that was answered waits for some', async () => {
    await using narrow = await start({ limits: { runsPerProcess: 1 } });
    await using client = await RawClient.connect(narrow.url);
    const asked = await Promise.all(Array.from({ length: 4 }, () => Asked.start(client, 'ask 2')));
    await Promise.all(asked.map(async (one) => one.respond((await one.question(1)).id, 'left')));
    await Promise.all(asked.map(async (one) => one.respond((await one.question(2)).id, 'right')));
    for (const one of asked) {
      await one.stream.untilEnded();
      expect(answerOf(one.stream.view)).toBe('q0? left. q1? right. done');
    }
  });

  test('[ASK-10] from every place before and after its questions a cursor leads to the same end without a snapshot', async () => {
    await using client = await RawClient.connect(server.url);
    const asked = await Asked.start(client, 'ask 2');
    await asked.respond((await asked.question(1)).id, 'left');
    await asked.question(2);
    const others = await resumedEverywhere(client, asked);
    expect(others.flatMap(({ types }) => types)).not.toContain('snapshot');
    const last = await asked.question(2);
    await asked.respond(last.id, 'right');
    await asked.stream.untilEnded();
    await everyoneHas(others, asked, 'q0? left. q1? right. done');
  });

  test('[ASK-10] what is not in memory any more comes as a snapshot, never as a hole', async () => {
    // Of the stretches that have ended the second is kept while the run waits, and nothing when it has ended.
    await using forgetful = await start({ limits: { endedRunsText: 15 } });
    await using client = await RawClient.connect(forgetful.url);
    const asked = await Asked.start(client, 'ask 2');
    await asked.respond((await asked.question(1)).id, 'left');
    const last = await asked.question(2);
    const whileWaiting = await resumedEverywhere(client, asked);
    await asked.respond(last.id, 'right');
    await asked.stream.untilEnded();
    const afterwards = await resumedEverywhere(client, asked);
    await everyoneHas([...whileWaiting, ...afterwards], asked, 'q0? left. q1? right. done');
    const replaced = whileWaiting.filter(({ types }) => types.includes('snapshot'));
    expect(replaced.length).toBeGreaterThan(3);
    expect(replaced.length).toBeLessThan(whileWaiting.length);
    // Of a run that has ended the completion says it all.
    expect(afterwards.flatMap(({ types }) => types)).not.toContain('snapshot');
  });

  test('[ASK-10] what is forgotten comes as a snapshot also while the run is at work again', async () => {
    const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
    async function* run(asked: HandlerRun): AsyncGenerator<HandlerEvent> {
      if (asked.text === 'push out') yield { type: 'text', text: 'as much as is kept of all that has ended' };
      else if (!asked.resumed) yield* askingHandler(asked);
      else {
        yield { type: 'text', text: 'more, ' };
        await mayEnd;
        yield { type: 'text', text: 'done' };
      }
    }
    await using forgetful = await start({ handlers: { assistant: { run } }, limits: { endedRunsText: 20 } });
    await using client = await RawClient.connect(forgetful.url);
    const asked = await Asked.start(client, 'ask 1');
    const { id } = await asked.question();
    await (await Asked.start(client, 'push out')).stream.untilEnded();
    await asked.respond(id, 'left');
    await asked.stream.until(({ view }) => answerOf(view) === 'q0? more, ');
    const others = await resumedEverywhere(client, asked);
    expect(others.map(({ holes }) => holes)).toEqual(others.map(() => 0));
    expect(others.filter(({ types }) => types.includes('snapshot')).length).toBeGreaterThan(3);
    end();
    await asked.stream.untilEnded();
    await everyoneHas(others, asked, 'q0? more, done');
  });

  test('[CLT-33] a chat store shows the question, answers it and is told of a refusal', async () => {
    const client = createChatClient({ url: server.url });
    const { id } = await client.create();
    const store = client.open(id);
    await store.send('ask 1');
    const pending = () => store.get().view?.pendingInput;
    await expect.poll(pending).toMatchObject({ prompt: 'q0? ' });
    const inputId = pending()?.id ?? '';
    await expect(store.respond(inputId, 'up')).rejects.toSatisfy((error) => codeOf(error) === 'INVALID_INPUT');
    expect(await store.respond(inputId, 'left')).toEqual({ inputId, accepted: true, answeredBy: 'local' });
    await expect.poll(() => answerOf(store.get().view)).toBe('q0? left. done');
    await client.close();
  });
});

/** A stream from each cursor that the first one had, with the view that it had there. */
async function resumedEverywhere(client: RawClient, { chatId, stream }: Asked): Promise<RawStream[]> {
  const streams = stream.received.map(({ cursor }, index) => {
    const before = client.stream({ chatId, lastEventId: cursor });
    before.view = foldTo(stream, index);
    return before;
  });
  const now = stream.view;
  await Promise.all(streams.map((one) => one.until(({ view }) => isDeepStrictEqual(view, now))));
  return streams;
}

function foldTo(stream: RawStream, index: number): ChatView | null {
  return stream.events.slice(0, index + 1).reduce<ChatView | null>((view, event) => fold(view, event), null);
}

async function everyoneHas(streams: readonly RawStream[], asked: Asked, answer: string): Promise<void> {
  const stored = await asked.stored();
  expect(answerOf(stored)).toBe(answer);
  for (const one of [...streams, asked.stream]) {
    await one.until(({ view }) => view?.activeRun === null);
    expect(one.view).toEqual(stored);
    expect(one.holes).toBe(0);
  }
}
