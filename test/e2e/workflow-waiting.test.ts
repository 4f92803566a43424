import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../db/connect.ts';
import type { ChatView } from '../../shared/events.ts';
import { fold } from '../../shared/fold.ts';
import { severable } from '../fuzz/severable-database.ts';
import { answerOf } from '../helpers/asked-chat.ts';
import type { Asked } from '../helpers/asked-chat.ts';
import { startModelProvider, type ModelProvider } from '../helpers/model-provider.ts';
import { openDatabase } from '../helpers/open-database.ts';
import { definitionOf, llmNode, startOwn } from '../helpers/own-workflow.ts';
import { RawClient } from '../helpers/raw-client.ts';
import type { RawStream } from '../helpers/raw-client.ts';
import { startServer } from '../helpers/server.ts';

const start = { id: 'start', type: 'start' };
const end = { id: 'end', type: 'end' };
const asks = (id: string) => ({ id, type: 'input', mode: 'dialog', prompt: `${id}?` });
const says = (id: string, text: string) => ({ id, type: 'output', text });
const saying = (text: string) =>
  definitionOf([start, asks('one'), says('say', text), end], ['start > one', 'one > say', 'say > end']);

describe('a workflow that waits for a person', () => {
  let lasting: Database;
  let provider: ModelProvider;
  let isHeld = false;
  beforeAll(async () => {
    lasting = await openDatabase();
    provider = await startModelProvider({
      answer: ({ text }) => (isHeld && text === 'held' ? ['half', { end: 'hang' }] : ['«', text, '»']),
    });
  });
  afterAll(async () => {
    await provider.close();
    await lasting.close();
  });

  const serve = ({ database } = severable(lasting)) =>
    startServer({ database, openaiBaseUrl: provider.url, defaultModel: 'openai:double' });

  const changes = [
    ['changed', ['workflow.update']],
    ['unpublished', ['workflow.publish', 'workflow.unpublish']],
    ['deleted', ['workflow.delete']],
  ] as const;
  test.each(changes)(
    '[WFQ-9] goes on with the version of its start when that is %s, over a restart',
    async (_, paths) => {
      const first = await serve();
      const client = await RawClient.connect(first.url);
      const { asked, workflow } = await startOwn(client, saying('Old {{one.text}}'));
      const { id } = await asked.question();
      for (const path of paths) {
        const change = path === 'workflow.update' ? { definition: saying('New {{one.text}}') } : {};
        await client.mutate(path, { workflowId: workflow.id, ...change });
      }
      await first[Symbol.asyncDispose]();
      await using second = await serve();
      await using again = await RawClient.connect(second.url);
      const stream = asked.continued(again, asked.stream.cursor, asked.stream.view);
      expect(await asked.respond(id, 'Ann', again)).toMatchObject({ accepted: true });
      await stream.until(({ view }) => view?.activeRun === null);
      expect(answerOf(stream.view)).toBe('Old Ann');
      expect(stream.view).toEqual(await asked.stored(again));
    },
  );

  test('[WFQ-10] is answered on whatever branch is shown, and goes on beside it', async () => {
    await using server = await serve();
    await using client = await RawClient.connect(server.url);
    const { asked } = await startOwn(client, saying('Hello {{one.text}}'));
    const { chatId, stream } = asked;
    const first = await asked.question();
    await asked.respond(first.id, 'Ann');
    await stream.untilEnded();
    const messageId = stream.view?.messages.at(-1)?.id;
    await client.mutate('chat.regenerate', { chatId, messageId });
    const pending = (view: ChatView | null) => view?.pendingInput ?? null;
    await stream.until(({ view }) => pending(view) !== null && pending(view)?.id !== first.id);
    const waiting = stream.view?.messages.at(-1)?.id;
    const fork = client.mutate('chat.fork', { chatId, messageId: waiting });
    await expect(fork).rejects.toMatchObject({ data: { code: 'CONFLICT_BUSY' } });
    await client.mutate('chat.selectBranch', { chatId, messageId });
    await stream.until(({ view }) => view?.messages.at(-1)?.id === messageId);
    expect(stream.view).toEqual(await asked.stored());
    await asked.respond(pending(stream.view)?.id ?? '', 'Bob');
    await stream.until(({ view }) => view?.activeRun === null);
    expect(answerOf(stream.view)).toBe('Hello Ann');
    await client.mutate('chat.selectBranch', { chatId, messageId: waiting });
    await stream.until(({ view }) => view?.messages.at(-1)?.id === waiting);
    expect(answerOf(stream.view)).toBe('Hello Bob');
    expect(stream.view).toEqual(await asked.stored());
  });

  /** Questions at once beside a model, and in the body of a loop. */
  const all = definitionOf(
    [
      start,
      llmNode('one', 'one'),
      llmNode('left', 'left'),
      asks('q'),
      asks('r'),
      says('say', '{{q.text}} {{r.text}}'),
      {
        id: 'each',
        type: 'loop',
        until: { match: 'all', rules: [{ left: 'more.text', operator: 'equal', right: 'stop' }] },
        maxIterations: 2,
      },
      asks('more'),
      llmNode('held', 'held'),
      end,
    ],
    [
      'start > one',
      'one > left',
      'one > q',
      'one > r',
      'left > say',
      'q > say',
      'r > say',
      'say > each',
      'each > body > more',
      'more > held',
      'held > each',
      'each > done > end',
    ],
  );

  /** Whoever comes back from any place of what was told has in the end what is stored. */
  async function expectFromEverywhere(asked: Asked, url: string, streams: readonly RawStream[]): Promise<void> {
    await using client = await RawClient.connect(url);
    const stored = await asked.stored(client);
    let view: ChatView | null = null;
    for (const { cursor, event } of streams.flatMap(({ received }) => received)) {
      view = fold(view, event);
      await using reader = await RawClient.connect(url);
      const stream = asked.continued(reader, cursor, view);
      await stream.until((seen) => isDeepStrictEqual(seen.view, stored));
      expect(stream.holes).toBe(0);
      expect(stream.types.filter((type) => type === 'run.ended').length).toBeLessThanOrEqual(1);
    }
  }

  test('[WFQ-11] leads from every place of its run to what is stored: while it waits, after a crash, at its end', async () => {
    const hold = severable(lasting);
    const first = await serve(hold);
    const client = await RawClient.connect(first.url);
    const { asked } = await startOwn(client, all);
    await asked.respond((await asked.question(1)).id, 'A');
    await asked.respond((await asked.question(2)).id, 'B');
    const third = await asked.question(3);
    await expectFromEverywhere(asked, first.url, [asked.stream]);
    isHeld = true;
    await asked.respond(third.id, 'go');
    await asked.stream.until(({ view }) => answerOf(view).endsWith('half'));
    await hold.sever();
    await first[Symbol.asyncDispose]();

    isHeld = false;
    await using second = await serve();
    await using again = await RawClient.connect(second.url);
    const stream = asked.continued(again, asked.stream.cursor, asked.stream.view);
    await stream.until(({ view }) => (view?.pendingInput ?? null) !== null);
    await expectFromEverywhere(asked, second.url, [asked.stream, stream]);
    await asked.respond(stream.view?.pendingInput?.id ?? '', 'stop', again);
    await stream.until(({ view }) => view?.activeRun === null);
    expect(answerOf(stream.view)).toBe('«one»\n\n«left»\n\nA B\n\n«held»\n\n«held»');
    await expectFromEverywhere(asked, second.url, [asked.stream, stream]);
  }, 60_000);
});
