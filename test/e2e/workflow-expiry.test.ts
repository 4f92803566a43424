import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../db/connect.ts';
import { severable } from '../fuzz/severable-database.ts';
import { answerOf } from '../helpers/asked-chat.ts';
import type { Asked } from '../helpers/asked-chat.ts';
import { databaseOf } from '../helpers/open-database.ts';
import { definitionOf, startOwn } from '../helpers/own-workflow.ts';
import { RawClient } from '../helpers/raw-client.ts';
import { startServer } from '../helpers/server.ts';
import { openStore, type OpenStore } from '../helpers/store.ts';

const start = { id: 'start', type: 'start' };
const end = { id: 'end', type: 'end' };
const asks = { id: 'ask', type: 'input', mode: 'dialog', prompt: 'Well?', expiresAfterMinutes: 5 };
const late = { id: 'late', type: 'output', text: 'Too late.' };

const withWay = definitionOf(
  [start, asks, late, end],
  ['start > ask', 'ask > end', 'ask > expired > late', 'late > end'],
);
const without = definitionOf([start, asks, end], ['start > ask', 'ask > end']);

describe('a question of a workflow that nobody answers in time', () => {
  let opened: OpenStore;
  let lasting: Database;
  beforeAll(async () => {
    opened = await openStore();
    lasting = databaseOf(opened);
  });
  afterAll(() => lasting.close());

  const serve = (hold = severable(lasting)) => startServer({ database: hold.database });

  /** Asked by a server that has died since. */
  async function askedBefore(definition: object): Promise<{ asked: Asked; inputId: string }> {
    const hold = severable(lasting);
    const first = await serve(hold);
    const client = await RawClient.connect(first.url);
    const before = Date.now();
    const { asked } = await startOwn(client, definition);
    const { id: inputId, expiresAt = '' } = await asked.question();
    const inMinutes = (Date.parse(expiresAt) - before) / 60_000;
    expect([inMinutes >= 5, inMinutes < 6]).toEqual([true, true]);
    await hold.sever();
    await first[Symbol.asyncDispose]();
    return { asked, inputId };
  }

  /** Nobody waits for minutes: so much is left of them. */
  async function leave(inputId: string, ms: number): Promise<void> {
    const at = new Date(Date.now() + ms).toISOString();
    await opened.db.execute(sql`update switchboard.input_requests set expires_at = ${at} where id = ${inputId}`);
  }

  /** As a client sees it that was there before, and comes back. */
  async function endOf({ asked, inputId }: { asked: Asked; inputId: string }) {
    await using server = await serve();
    await using client = await RawClient.connect(server.url);
    const stream = asked.continued(client, asked.stream.cursor, asked.stream.view);
    await stream.until(({ view }) => view?.activeRun === null);
    const answer = await asked.respond(inputId, 'now', client);
    expect(answer).toEqual({ inputId, accepted: false, answeredBy: 'expiry' });
    expect(stream.types.filter((type) => type === 'run.ended')).toHaveLength(1);
    expect(stream.events.filter(({ type }) => type === 'input.answered')).toMatchObject([
      { inputId, answeredBy: 'expiry', value: null },
    ]);
    expect(stream.view).toEqual(await asked.stored(client));
    expect(stream.view?.messages.at(-1)?.parts[0]).toEqual({
      type: 'input',
      inputId,
      prompt: 'Well?',
      answeredBy: 'expiry',
    });
    return stream.view;
  }

  test('[WFQ-4] goes on by its way for that at the next start, when its time was over while no server ran', async () => {
    const before = await askedBefore(withWay);
    await leave(before.inputId, -1);
    const view = await endOf(before);
    expect(view?.messages.at(-1)).toMatchObject({ status: 'completed' });
    expect(answerOf(view)).toBe('Too late.');
  });

  test('[WFQ-4] goes on by it while another server runs than the one that asked', async () => {
    const before = await askedBefore(withWay);
    await leave(before.inputId, 1_500);
    const view = await endOf(before);
    expect(answerOf(view)).toBe('Too late.');
  });

  test('[WFQ-4] fails the run where there is no such way', async () => {
    const before = await askedBefore(without);
    await leave(before.inputId, -1);
    const view = await endOf(before);
    expect(view?.messages.at(-1)).toMatchObject({ status: 'failed', error: { code: 'INPUT_EXPIRED' } });
  });

  test('[WFQ-4] one answer or the end of its time counts, whichever was first, for everybody', async () => {
    await using server = await serve();
    await using client = await RawClient.connect(server.url);
    await using other = await RawClient.connect(server.url);
    for (const isLate of [true, false]) {
      const { asked } = await startOwn(client, withWay);
      const { id } = await asked.question();
      const watching = other.stream({ chatId: asked.chatId });
      await watching.until(({ view }) => view?.pendingInput?.id === id);
      if (isLate) await leave(id, -1);
      const answers = await Promise.all([
        asked.respond(id, 'mine'),
        asked.respond(id, 'yours', other),
        opened.store.expireInputs(),
      ]);
      await Promise.all([asked.stream, watching].map((stream) => stream.until(({ view }) => view?.activeRun === null)));
      const accepted = answers.slice(0, 2).map((answer) => 'accepted' in answer && answer.accepted);
      expect(accepted).toEqual(isLate ? [false, false] : [true, false]);
      for (const stream of [asked.stream, watching]) {
        expect(stream.events.filter(({ type }) => type === 'input.answered')).toMatchObject([
          isLate ? { answeredBy: 'expiry', value: null } : { answeredBy: 'local', value: 'mine' },
        ]);
        expect(stream.view).toEqual(await asked.stored());
      }
    }
  });
});
