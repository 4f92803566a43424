import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../db/connect.ts';
import { severable } from '../fuzz/severable-database.ts';
import { startModelProvider, type ModelProvider } from '../helpers/model-provider.ts';
import { databaseOf } from '../helpers/open-database.ts';
import { definitionOf, llmNode, startOwn } from '../helpers/own-workflow.ts';
import { RawClient } from '../helpers/raw-client.ts';
import type { RawStream } from '../helpers/raw-client.ts';
import { startServer } from '../helpers/server.ts';
import { openStore, type OpenStore } from '../helpers/store.ts';

const start = { id: 'start', type: 'start' };
const end = { id: 'end', type: 'end' };
const asks = (id: string, more: object = {}) => ({ id, type: 'input', mode: 'dialog', prompt: `${id}?`, ...more });

/** Two nodes that ask at once. */
const two = definitionOf(
  [start, asks('one'), asks('two'), { id: 'both', type: 'output', text: '{{one.text}} and {{two.text}}' }, end],
  ['start > one', 'start > two', 'one > both', 'two > both', 'both > end'],
);
/** One that asks, and a model that is told the answer. */
const then = definitionOf(
  [start, asks('one'), llmNode('think', '{{one.text}}'), end],
  ['start > one', 'one > think', 'think > end'],
);

const inputsOf = ({ view }: RawStream) => view?.messages.at(-1)?.parts.filter(({ type }) => type === 'input');

describe('an answer to a question of a workflow', () => {
  let opened: OpenStore;
  let lasting: Database;
  let provider: ModelProvider;
  beforeAll(async () => {
    opened = await openStore();
    lasting = databaseOf(opened);
    provider = await startModelProvider({ answer: () => ['Hm', { end: 'hang' }] });
  });
  afterAll(async () => {
    await provider.close();
    await lasting.close();
  });

  const serve = (hold = severable(lasting), limits = {}) =>
    startServer({ database: hold.database, openaiBaseUrl: provider.url, defaultModel: 'openai:double', limits });

  test('[WFQ-8] stands on the message while another question is pending, and when that is withdrawn', async () => {
    await using server = await serve();
    await using client = await RawClient.connect(server.url);
    const { asked } = await startOwn(client, two);
    const one = await asked.question(1);
    await asked.respond(one.id, 'first');
    await asked.question(2);
    const answered = [{ prompt: one.prompt, answer: 'first', answeredBy: 'local' }, {}];
    expect(inputsOf(asked.stream)).toMatchObject(answered);
    expect(asked.stream.view).toEqual(await asked.stored());
    await asked.stop();
    await asked.stream.untilEnded();
    expect(inputsOf(asked.stream)).toMatchObject(answered);
    expect(inputsOf(asked.stream)?.[1]).not.toHaveProperty('answeredBy');
    expect(asked.stream.view).toEqual(await asked.stored());
  });

  test('[WFQ-8] stands there when the run is stopped before it goes on', async () => {
    // There is no room for it to go on.
    await using server = await serve(severable(lasting), { runsPerProcess: 1 });
    await using client = await RawClient.connect(server.url);
    const { asked } = await startOwn(client, then);
    const one = await asked.question(1);
    const busy = await startOwn(
      client,
      definitionOf([start, llmNode('hang', 'x'), end], ['start > hang', 'hang > end']),
    );
    await busy.asked.stream.until(({ types }) => types.includes('message.delta'));
    expect(await asked.respond(one.id, 'Ann')).toMatchObject({ accepted: true });
    await asked.stream.until(({ types }) => types.includes('input.answered'));
    expect(await asked.stop()).toMatchObject({ status: 'stopped' });
    await asked.stream.untilEnded();
    expect(inputsOf(asked.stream)).toMatchObject([{ answer: 'Ann', answeredBy: 'local' }]);
    expect(asked.stream.view).toEqual(await asked.stored());
    await busy.asked.stop();
  });

  test('[WFQ-8] stands there, with a stop at the same moment, if and only if it counts', async () => {
    await using server = await serve();
    await using client = await RawClient.connect(server.url);
    await using other = await RawClient.connect(server.url);
    for (const isStopFirst of [true, false]) {
      const { asked } = await startOwn(client, then);
      const one = await asked.question(1);
      const calls = [() => other.mutate('chat.stop', { chatId: asked.chatId }), () => asked.respond(one.id, 'Ann')];
      const replies = await Promise.all((isStopFirst ? calls : calls.toReversed()).map((call) => call()));
      const { accepted } = replies.find((reply) => 'accepted' in (reply as object)) as { accepted: boolean };
      await asked.stream.until(({ view }) => view?.activeRun === null);
      expect(asked.stream.types.filter((type) => type === 'run.ended')).toEqual(['run.ended']);
      expect(inputsOf(asked.stream)).toMatchObject([accepted ? { answer: 'Ann', answeredBy: 'local' } : {}]);
      expect(inputsOf(asked.stream)?.[0]).toHaveProperty(accepted ? 'answer' : 'prompt');
      expect(asked.stream.view).toEqual(await asked.stored());
    }
  });

  test('[WFQ-8] stands there after a crash before its node has finished', async () => {
    const hold = severable(lasting);
    const first = await serve(hold);
    const client = await RawClient.connect(first.url);
    const { asked } = await startOwn(client, two);
    const one = await asked.question(1);
    await asked.respond(one.id, 'first');
    await asked.question(2);
    await hold.sever();
    await first[Symbol.asyncDispose]();
    // As if it had been put to work, and died.
    await opened.db.execute(sql`
      update switchboard.input_requests set status = 'expired', answered_by = 'expiry' where id = ${asked.stream.view?.pendingInput?.id}`);
    await opened.db.execute(sql`
      update switchboard.runs set status = 'running', due_seq = null where chat_id = ${asked.chatId}`);
    await using second = await serve(severable(lasting));
    await using again = await RawClient.connect(second.url);
    const stream = asked.continued(again, asked.stream.cursor, asked.stream.view);
    await stream.until(({ view }) => view?.activeRun === null);
    expect(inputsOf(stream)).toMatchObject([{ answer: 'first', answeredBy: 'local' }, { answeredBy: 'expiry' }]);
    expect(stream.view?.messages.at(-1)).toMatchObject({ status: 'failed', error: { code: 'INPUT_EXPIRED' } });
    expect(stream.view).toEqual(await asked.stored(again));
  });
});
