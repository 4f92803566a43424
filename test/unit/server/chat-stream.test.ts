import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { ChatLogEntry, StoredView } from '../../../db/store.ts';
import { ChatFeed } from '../../../server/chat-feed.ts';
import { streamChat } from '../../../server/chat-stream.ts';
import { ReadGate } from '../../../server/read-gate.ts';
import { RunLog } from '../../../server/run-log.ts';
import { Ticker } from '../../../server/ticker.ts';
import { cursorWriter } from '../../../shared/cursor.ts';
import { SwitchboardError } from '../../../shared/errors.ts';
import { question } from '../../helpers/questions.ts';
import { sampleChat, sampleView, userId } from '../../helpers/samples.ts';
import { sampleStart } from '../../helpers/scripted-run.ts';

/** A socket that is full when the test says so. */
class Socket {
  readonly signal = new AbortController().signal;
  readonly #gate = new ReadGate({ places: 8, drained: () => this.drained(), signal: this.signal });
  #full: PromiseWithResolvers<void> | undefined;

  readonly drained = () => this.#full?.promise;
  readonly enter = () => this.#gate.enter();

  fill(): void {
    this.#full = Promise.withResolvers();
  }

  drain(): void {
    this.#full?.resolve();
    this.#full = undefined;
  }
}

/** A stream of a chat whose run has begun with entry 1. */
function watchedRun() {
  const chat = sampleChat();
  const feed = new ChatFeed(chat.id, { entries: async () => [] }, new Ticker());
  const { run, message } = sampleStart();
  const log = new RunLog({ runId: run.id, messageId: message.id }, feed.wake);
  feed.attach(log, 1);
  feed.publish([{ seq: 1, event: { type: 'run.started', run } }]);
  const connection = new Socket();
  const stream = streamChat({
    feed,
    store: {
      place: async () => ({ seq: 1, suspended: null }),
      view: async () => ({ seq: 1, suspended: null, view: sampleView({ chat }) }),
    },
    userId,
    cursor: cursorWriter(chat.id)({ chatSeq: 1, runSeq: 0 }),
    signal: connection.signal,
    connection,
  });
  const next = async () => (await stream.next()).value?.event;
  return { feed, run, message, log, connection, next, stream };
}

test('[ASK-10] a reader that waits while what it has not read is forgotten gets a snapshot, not the question after a hole', async () => {
  const { feed, run, message, log, connection, next, stream } = watchedRun();
  connection.fill();
  const missed = next();
  log.appendText('text', 'Which way? ');
  const input = { ...question(), runId: run.id };
  feed.publish([{ seq: 2, event: { type: 'input.requested', input } }]);
  feed.detach(log);
  const goesOn = new RunLog({ runId: run.id, messageId: message.id }, feed.wake, [
    { type: 'text', text: 'Which way? ' },
  ]);
  feed.attach(goesOn, 3, 2);
  const answered = { type: 'input.answered', inputId: input.id, answeredBy: userId, value: 'left' } as const;
  feed.publish([{ seq: 3, event: answered }]);
  connection.drain();
  expect(await missed).toMatchObject({ type: 'snapshot' });
  await stream.return();
});

test('[STR-18] while its socket is full a stream brings nothing, and then what it has missed in one piece', async () => {
  const { log, connection, next, stream } = watchedRun();
  log.appendText('text', 'one ');
  expect(await next()).toMatchObject({ offset: 0, text: 'one ' });
  connection.fill();
  const came: unknown[] = [];
  const missed = next().then((event) => came.push(event));
  for (const word of ['two ', 'three ', 'four']) {
    log.appendText('text', word);
    await nextTurn();
  }
  expect(came).toEqual([]);
  connection.drain();
  await missed;
  expect(came).toMatchObject([{ offset: 4, text: 'two three four' }]);
  await stream.return();
});

/** A stream that stands at entry 1, of a chat whose branch has just been changed by entry 2. */
function switchedChat(view: () => Promise<StoredView>) {
  const chat = sampleChat();
  const feed = new ChatFeed(chat.id, { entries: async () => [] }, new Ticker());
  const places = { free: 1, taken: 0 };
  const enter = async () => {
    expect(places.free).toBeGreaterThan(0);
    places.free -= 1;
    places.taken += 1;
    let isInside = true;
    return () => {
      if (isInside) places.free += 1;
      isInside = false;
    };
  };
  feed.publish([{ seq: 2, event: { type: 'branch.selected', leafMessageId: null } }]);
  const events = streamChat({
    feed,
    store: { place: async () => ({ seq: 2, suspended: null }), view },
    userId,
    cursor: cursorWriter(chat.id)({ chatSeq: 1, runSeq: 0 }),
    signal: new AbortController().signal,
    connection: { drained: () => undefined, enter },
  });
  const rename = (seq: number): ChatLogEntry => ({ seq, event: { type: 'chat.updated', chat } });
  return { chat, feed, events, places, rename };
}

test('[BRA-10] a change of the branch is told by a snapshot, and what follows that goes on after it', async () => {
  const view = sampleView();
  const { chat, feed, events, places, rename } = switchedChat(async () => ({ view, seq: 4, suspended: null }));
  feed.publish([rename(3)]);
  const cursorOf = cursorWriter(chat.id);
  const snapshot = await events.next();
  expect(snapshot.value).toEqual({ cursor: cursorOf({ chatSeq: 4, runSeq: 0 }), event: { type: 'snapshot', ...view } });
  feed.publish([rename(4), rename(5)]);
  expect((await events.next()).value).toMatchObject({ cursor: cursorOf({ chatSeq: 5, runSeq: 0 }) });
  // The place at the gate is given back before it is asked for again.
  expect(places.taken).toBe(2);
  await events.return();
  expect(places.free).toBe(1);
});

test('[BRA-10] of a chat that is deleted before its other branch could be read the deletion is told', async () => {
  const gone = new SwitchboardError('NOT_FOUND', 'There is no such chat.');
  const { chat, feed, events } = switchedChat(() => Promise.reject(gone));
  const next = events.next();
  feed.publish([{ seq: 3, event: { type: 'chat.deleted', chatId: chat.id } }]);
  expect((await next).value).toMatchObject({ event: { type: 'chat.deleted' } });
  expect((await events.next()).done).toBe(true);
});

test('[BRA-10] when the database is away the stream ends with that, and its cursor is the one before', async () => {
  const away = new SwitchboardError('UNAVAILABLE', 'The database is away.');
  const { events } = switchedChat(() => Promise.reject(away));
  await expect(events.next()).rejects.toBe(away);
});
