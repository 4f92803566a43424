import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../db/connect.ts';
import type { ServerOptions } from '../../server/index.ts';
import { ChatId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { severable } from '../fuzz/severable-database.ts';
import { answerOf, Asked } from '../helpers/asked-chat.ts';
import { askingHandler } from '../helpers/asking-handler.ts';
import { openDatabase } from '../helpers/open-database.ts';
import { RawClient } from '../helpers/raw-client.ts';
import { userId } from '../helpers/samples.ts';
import { ServerProcess, temporaryFolder } from '../helpers/server-process.ts';
import { startServer } from '../helpers/server.ts';
import { prepareDataDir } from '../helpers/store.ts';

describe('asking, over restarts', () => {
  let lasting: Database;
  beforeAll(async () => {
    lasting = await openDatabase();
  });
  afterAll(() => lasting.close());

  const start = (options: ServerOptions = {}, { database } = severable(lasting)) =>
    startServer({ handlers: { assistant: { run: askingHandler } }, database, ...options });

  test('[ASK-9] a run that waits is not touched by a drain and a restart, and its answer is taken by the next server', async () => {
    const first = await start();
    const client = await RawClient.connect(first.url);
    const asked = await Asked.start(client, 'ask 2');
    await asked.send('ask 0');
    const question = await asked.question();
    await asked.stream.until(({ view }) => view?.queue.length === 1);
    const { view, received } = asked.stream;
    await first.server.drain(1_000);
    await first[Symbol.asyncDispose]();

    await using second = await start();
    await using again = await RawClient.connect(second.url);
    expect(await asked.stored(again)).toEqual(view);
    expect(second.server.census().runs).toBe(0);
    const last = asked.continued(again, received.at(-1)?.cursor, view);
    const early = asked.continued(again, received[3]?.cursor, null);
    await early.until(({ types }) => types.length > 0);
    expect(early.types[0]).toBe('snapshot');
    await asked.respond(question.id, 'left', again);
    const next = await asked.question(1, early);
    await asked.respond(next.id, 'right', again);
    for (const stream of [last, early]) await stream.untilEnded(2);
    expect(last.types).not.toContain('snapshot');
    expect(early.view).toEqual(last.view);
    expect([last.holes, early.holes]).toEqual([0, 0]);
    expect(last.view).toEqual(await asked.stored(again));
    expect(last.view?.messages[1]).toMatchObject({ parts: [{ type: 'text', text: 'q0? left. q1? right. done' }] });
  });

  test('[ASK-9] what was answered while the server drains, or just before a crash, goes on at the next start', async () => {
    const hold = severable(lasting);
    const first = await start({}, hold);
    const client = await RawClient.connect(first.url);
    const [drained, crashed] = [await Asked.start(client, 'ask 1'), await Asked.start(client, 'ask 1')];
    const questions = [await drained.question(), await crashed.question()] as const;
    await first.server.drain(0);
    expect(await drained.respond(questions[0].id, 'left')).toMatchObject({ accepted: true });
    await drained.stream.until(({ types }) => types.at(-1) === 'input.answered');
    expect(await drained.state()).toMatchObject({ activeRun: { status: 'running' }, pendingInput: null });
    await hold.sever();
    await first[Symbol.asyncDispose]();
    // The transaction of the answer was the last thing that the process did.
    const chatId = ChatId.parse(crashed.chatId);
    await lasting.store.respond(userId, { chatId, inputId: questions[1].id, value: 'right' });

    await using second = await start();
    await using again = await RawClient.connect(second.url);
    for (const [asked, answer] of [
      [drained, 'left'],
      [crashed, 'right'],
    ] as const) {
      const stream = asked.continued(again, asked.stream.cursor, asked.stream.view);
      await stream.untilEnded();
      expect(stream.types).not.toContain('snapshot');
      expect(answerOf(stream.view)).toBe(`q0? ${answer}. done`);
      expect(stream.view).toEqual(await asked.stored(again));
    }
    expect(await crashed.respond(questions[1].id, 'right', again)).toMatchObject({ accepted: true });
  });

  test('[ASK-6] a question whose time was over while no server ran has expired at the next start', async () => {
    const first = await start();
    const client = await RawClient.connect(first.url);
    const asked = await Asked.start(client, 'ask 1 300 goOn');
    const { expiresAt = '' } = await asked.question();
    await first[Symbol.asyncDispose]();
    await expect.poll(() => Date.now() > Date.parse(expiresAt)).toBe(true);
    await using second = await start();
    await using again = await RawClient.connect(second.url);
    const stream = asked.continued(again, undefined, null);
    await stream.until(({ view }) => view?.activeRun === null);
    expect(answerOf(stream.view)).toBe('q0? nothing. done');
  });

  test('[ASK-9] a process that is killed while a run waits leaves it waiting', async () => {
    await using folder = await temporaryFolder();
    await prepareDataDir(folder.path);
    const program = new URL('../helpers/asking-server-child.ts', import.meta.url);
    const command = [fileURLToPath(program), folder.path];
    await using first = new ServerProcess({}, command);
    const client = await RawClient.connect(await first.ready());
    const asked = await Asked.start(client, 'ask 1');
    const { id } = await asked.question();
    await first.stop('SIGKILL');
    await using second = new ServerProcess({}, command);
    await using again = await RawClient.connect(await second.ready());
    const stream = asked.continued(again, asked.stream.cursor, asked.stream.view);
    expect(await asked.respond(id, 'right', again)).toMatchObject({ accepted: true });
    await stream.untilEnded();
    expect(stream.types).not.toContain('snapshot');
    expect(answerOf(stream.view)).toBe('q0? right. done');
    expect(await asked.stored(again)).toEqual(stream.view);
  }, 120_000);

  test('[ASK-13] the time that a person takes does not count for the limits of a run', async () => {
    await using server = await start({ limits: { runMs: 1_500, modelIdleMs: 1_500 } });
    await using client = await RawClient.connect(server.url);
    const asked = await Asked.start(client, 'ask 1');
    const asking = Date.now();
    const { id } = await asked.question();
    await expect.poll(() => Date.now() - asking > 1_600, { timeout: limits.runMs }).toBe(true);
    await asked.respond(id, 'left');
    await asked.stream.untilEnded();
    expect(asked.stream.events.at(-1)).toMatchObject({ status: 'completed' });
  });
});
