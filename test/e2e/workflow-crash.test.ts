import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../db/connect.ts';
import type { Sql } from '../../db/sql.ts';
import { severable } from '../fuzz/severable-database.ts';
import { answerOf } from '../helpers/asked-chat.ts';
import { startModelProvider, type ModelProvider, type ProviderRequest } from '../helpers/model-provider.ts';
import { databaseOf } from '../helpers/open-database.ts';
import { definitionOf, llmNode, startOwn } from '../helpers/own-workflow.ts';
import { RawClient } from '../helpers/raw-client.ts';
import { ServerProcess, temporaryFolder } from '../helpers/server-process.ts';
import { startServer } from '../helpers/server.ts';
import { openStore, prepareDataDir, type OpenStore } from '../helpers/store.ts';

const start = { id: 'start', type: 'start' };
const end = { id: 'end', type: 'end' };

/** A model that answers `«PROMPT»` and can be held in the middle of an answer. */
class HeldModel {
  readonly asked: string[] = [];
  #held: string | null = null;

  /** From now on this prompt is answered half, and then nothing comes. */
  hold(prompt: string | null): void {
    this.#held = prompt;
  }

  readonly answer = (request: ProviderRequest) => {
    this.asked.push(request.text);
    const isHeld = this.#held === request.text;
    return isHeld ? ['«', { end: 'hang' } as const] : ['«', request.text, '»'];
  };
}

describe('a workflow whose process dies', () => {
  let opened: OpenStore;
  let lasting: Database;
  let provider: ModelProvider;
  const model = new HeldModel();
  beforeAll(async () => {
    opened = await openStore();
    lasting = databaseOf(opened);
    provider = await startModelProvider({ answer: model.answer });
  });
  afterAll(async () => {
    await provider[Symbol.asyncDispose]();
    await lasting.close();
  });

  const serve = ({ database } = severable(lasting)) =>
    startServer({ database, openaiBaseUrl: provider.url, defaultModel: 'openai:double' });

  const checkpointsOf = (db: Sql, chatId: string) =>
    db.execute(sql`select thread.id from switchboard.checkpoint_threads as thread
      join switchboard.runs as run on run.id = thread.run_id where run.chat_id = ${chatId}`);

  const chain = definitionOf(
    [
      start,
      llmNode('one', 'one {{start.message}}'),
      llmNode('two', 'two {{start.message}}'),
      { id: 'say', type: 'output', text: 'Done.' },
      end,
    ],
    ['start > one', 'one > two', 'two > say', 'say > end'],
  );

  test('[WFC-2] goes on at the next start: what had finished stays, what was under way is said again', async () => {
    const hold = severable(lasting);
    const first = await serve(hold);
    const client = await RawClient.connect(first.url);
    model.hold('two a');
    const { asked } = await startOwn(client, chain, 'a');
    await asked.stream.until(({ view }) => answerOf(view) === '«one a»\n\n«');
    expect(await checkpointsOf(opened.db, asked.chatId)).toHaveProperty('rows', [{ id: expect.any(String) }]);
    const { view, received } = asked.stream;
    await hold.sever();
    await first[Symbol.asyncDispose]();
    model.hold(null);

    await using second = await serve();
    await using again = await RawClient.connect(second.url);
    const streams = [received.at(-1)?.cursor, received[2]?.cursor].map((cursor) =>
      asked.continued(again, cursor, null),
    );
    const folded = asked.continued(again, received.at(-1)?.cursor, view);
    await folded.until((stream) => stream.view?.activeRun === null);
    for (const stream of streams) await stream.until(({ view: seen }) => seen !== null && seen.activeRun === null);
    const stored = await asked.stored(again);
    for (const stream of [...streams, folded]) expect(stream.view).toEqual(stored);
    expect(answerOf(folded.view)).toBe('«one a»\n\n«two a»\n\nDone.');
    expect(folded.view?.messages.at(-1)).toMatchObject({ status: 'completed' });
    expect(model.asked.filter((text) => text.endsWith(' a'))).toEqual(['one a', 'two a', 'two a']);
    expect(await checkpointsOf(opened.db, asked.chatId)).toHaveProperty('rows', []);
  });

  test('[WFC-3] a drain leaves it for the next start as well', async () => {
    const first = await serve();
    const client = await RawClient.connect(first.url);
    model.hold('two b');
    const { asked } = await startOwn(client, chain, 'b');
    await asked.stream.until(({ view }) => answerOf(view) === '«one b»\n\n«');
    await first[Symbol.asyncDispose]();
    model.hold(null);
    await using second = await serve();
    await using again = await RawClient.connect(second.url);
    const stream = asked.continued(again, undefined, null);
    await stream.until(({ view }) => view?.activeRun === null);
    expect(answerOf(stream.view)).toBe('«one b»\n\n«two b»\n\nDone.');
    expect(model.asked.filter((text) => text.endsWith(' b'))).toEqual(['one b', 'two b', 'two b']);
  });

  test('[WFC-4] one that dies again and again without coming further is ended, and the queue goes on', async () => {
    model.hold('two c');
    const { asked } = await (async () => {
      const hold = severable(lasting);
      const first = await serve(hold);
      const client = await RawClient.connect(first.url);
      const begun = await startOwn(client, chain, 'c');
      await begun.asked.send('d');
      await begun.asked.stream.until(({ view }) => answerOf(view) === '«one c»\n\n«');
      await hold.sever();
      await first[Symbol.asyncDispose]();
      return begun;
    })();
    for (let crash = 1; crash <= 3; crash += 1) {
      const hold = severable(lasting);
      const next = await serve(hold);
      const client = await RawClient.connect(next.url);
      const stream = asked.continued(client, undefined, null);
      await stream.until(({ view }) => answerOf(view) === '«one c»\n\n«');
      await hold.sever();
      await next[Symbol.asyncDispose]();
    }
    await using last = await serve();
    await using client = await RawClient.connect(last.url);
    const stream = asked.continued(client, undefined, null);
    await stream.until(({ view }) => answerOf(view) === '«one d»\n\n«two d»\n\nDone.' && view?.activeRun === null);
    expect(stream.view?.messages.map(({ status }) => status)).toEqual([
      'completed',
      'interrupted',
      'completed',
      'completed',
    ]);
    expect(model.asked.filter((text) => text === 'one c')).toHaveLength(1);
  });

  test('[WFC-5] a stop that was asked for before it died ends it', async () => {
    const hold = severable(lasting);
    const first = await serve(hold);
    const client = await RawClient.connect(first.url);
    model.hold('two e');
    const { asked } = await startOwn(client, chain, 'e');
    await asked.stream.until(({ view }) => answerOf(view) === '«one e»\n\n«');
    await hold.sever();
    await first[Symbol.asyncDispose]();
    const { activeRunId } = asked.stream.view?.chat ?? {};
    await opened.db.execute(sql`update switchboard.runs set stop_requested_at = now() where id = ${activeRunId}`);
    await using second = await serve();
    await using again = await RawClient.connect(second.url);
    expect((await asked.stored(again))?.messages.at(-1)).toMatchObject({ status: 'stopped' });
    expect(await checkpointsOf(opened.db, asked.chatId)).toHaveProperty('rows', []);
  });

  test('[WFC-6] a chat that is deleted takes the checkpoints of its runs along', async () => {
    await using server = await serve();
    await using client = await RawClient.connect(server.url);
    const waits = definitionOf(
      [start, { id: 'ask', type: 'input', mode: 'dialog', prompt: '?' }, end],
      ['start > ask', 'ask > end'],
    );
    const { asked } = await startOwn(client, waits);
    await asked.question();
    expect(await checkpointsOf(opened.db, asked.chatId)).toHaveProperty('rows', [{ id: expect.any(String) }]);
    await client.mutate('chat.delete', { chatId: asked.chatId });
    const left = await opened.db.execute(sql`select count(*)::int as count from switchboard.checkpoints`);
    expect(left).toHaveProperty('rows', [{ count: 0 }]);
  });
});

describe('a server that is killed', () => {
  const rounds = 6;
  const loop = definitionOf(
    [
      start,
      {
        id: 'list',
        type: 'code',
        code: `function main() { return { items: [${Array.from({ length: rounds }, (_, i) => i).join(', ')}] }; }`,
        inputs: {},
        outputs: [{ key: 'items', type: 'list' }],
      },
      { id: 'each', type: 'loop', over: 'list.items', maxIterations: 100, collect: '{{think.output}}' },
      llmNode('think', 'think {{each.item}}'),
      { id: 'say', type: 'output', text: '{{each.results}}' },
      end,
    ],
    ['start > list', 'list > each', 'each > body > think', 'think > each', 'each > done > say', 'say > end'],
  );

  test('[WFC-7] at the moment of each of its rounds finishes the workflow in the end, each round once but for the last one', async () => {
    await using folder = await temporaryFolder();
    await prepareDataDir(folder.path);
    const asked: string[] = [];
    let killAt = '';
    let kill: () => void = () => {};
    await using provider = await startModelProvider({
      answer: ({ text }) => {
        asked.push(text);
        if (text !== killAt) return ['«', text, '»'];
        kill();
        return ['«', { end: 'hang' }];
      },
    });
    const env = { DATA_DIR: folder.path, OPENAI_BASE_URL: provider.url, DEFAULT_MODEL: 'openai:double' };
    let chatId = '';
    for (const round of [1, 3, 4]) {
      await using server = new ServerProcess(env);
      const url = await server.ready();
      const died = new Promise<void>((resolve) => {
        kill = () => {
          server.child.kill('SIGKILL');
          resolve();
        };
      });
      killAt = `think ${round}`;
      if (chatId === '') {
        await using client = await RawClient.connect(url);
        ({
          asked: { chatId },
        } = await startOwn(client, loop));
      }
      await died;
      await server.exited;
    }
    killAt = '';
    await using server = new ServerProcess(env);
    await using client = await RawClient.connect(await server.ready());
    const stream = client.stream({ chatId });
    await stream.until(({ view }) => view?.activeRun === null, 30_000);
    const said = Array.from({ length: rounds }, (_, index) => `«think ${index}»`);
    expect(answerOf(stream.view)).toBe([...said, JSON.stringify(said)].join('\n\n'));
    const times = Map.groupBy(asked, (text) => text);
    expect(Array.from({ length: rounds }, (_, index) => times.get(`think ${index}`)?.length)).toEqual([
      1, 2, 1, 2, 2, 1,
    ]);
  }, 240_000);

  test('[WFC-10] counts each call of a model once, in the chat and in the ledger: what was under way by its text', async () => {
    await using folder = await temporaryFolder();
    await prepareDataDir(folder.path);
    let isHeld = true;
    const usage = { input: 100, output: 50 };
    await using provider = await startModelProvider({
      answer: ({ text }) => (isHeld && text === 'two' ? ['12345678', { end: 'hang' }] : ['x'.repeat(200), { usage }]),
    });
    const env = { DATA_DIR: folder.path, OPENAI_BASE_URL: provider.url, DEFAULT_MODEL: 'openai:double' };
    await using first = new ServerProcess(env);
    const client = await RawClient.connect(await first.ready());
    const { asked } = await startOwn(
      client,
      definitionOf(
        [start, llmNode('one', 'one'), llmNode('two', 'two'), end],
        ['start > one', 'one > two', 'two > end'],
      ),
    );
    const stored = () => client.query('chat.history', { chatId: asked.chatId }).then((page) => JSON.stringify(page));
    await expect.poll(stored, { timeout: 30_000 }).toContain('12345678');
    await first.stop('SIGKILL');
    isHeld = false;

    await using second = new ServerProcess(env);
    await using again = await RawClient.connect(await second.ready());
    const stream = asked.continued(again, asked.stream.cursor, asked.stream.view);
    await stream.until(({ view }) => view?.activeRun === null, 30_000);
    expect(stream.view?.messages.at(-1)).toMatchObject({
      status: 'completed',
      usage: { inputTokens: 200, outputTokens: 100, source: 'reported' },
    });
    // Both nodes, and the eight letters (with a blank line before) that the killed one has shown.
    const all = { calls: 3, inputTokens: 201, outputTokens: 103, source: 'estimated' };
    expect(await again.query('chat.usage', { chatId: asked.chatId })).toMatchObject(all);
  }, 240_000);
});
