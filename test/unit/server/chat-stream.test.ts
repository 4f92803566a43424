import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { cursorWriter } from '../../../shared/cursor.ts';
import { ChatFeed } from '../../../server/chat-feed.ts';
import { streamChat } from '../../../server/chat-stream.ts';
import { ReadGate } from '../../../server/read-gate.ts';
import { RunLog } from '../../../server/run-log.ts';
import { Ticker } from '../../../server/ticker.ts';
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
    store: { seq: async () => 1, view: async () => ({ seq: 1, view: sampleView({ chat }) }) },
    userId,
    cursor: cursorWriter(chat.id)({ chatSeq: 1, runSeq: 0 }),
    signal: connection.signal,
    connection,
  });
  const next = async () => (await stream.next()).value?.event;
  return { log, connection, next, stream };
}

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
