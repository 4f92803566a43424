import { inspect } from 'node:util';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sql } from '../../db/sql.ts';
import type { Store } from '../../db/store.ts';
import { TestChat, TestClock } from '../helpers/store-chat.ts';
import type { OpenStore } from '../helpers/store.ts';
import { describeAssistants } from './store/assistants.ts';
import { describeBranches } from './store/branches.ts';
import { describeCatalog } from './store/catalog.ts';
import { describeChats } from './store/chats.ts';
import { describeCheckpoints } from './store/checkpoints.ts';
import { describeConcurrency } from './store/concurrency.ts';
import { describeFeedback } from './store/feedback.ts';
import { describeKeys } from './store/keys.ts';
import { describeModelCalls } from './store/model-calls.ts';
import { describeQueue } from './store/queue.ts';
import { describeQuestions } from './store/questions.ts';
import { describeRuns } from './store/runs.ts';
import { describeSends } from './store/sends.ts';
import { describeToolCalls } from './store/tool-calls.ts';
import { describeViews } from './store/views.ts';
import { describeWorkflows } from './store/workflows.ts';

/** What every rule is tested on. Tests share it, so each makes users and chats of its own. */
interface OpenedStore {
  readonly store: Store;
  readonly db: Sql;
  readonly clock: TestClock;
  /** Rows of a run in a table. */
  readonly count: (table: string, runId: string) => Promise<number>;
  readonly countOfChat: (table: string, chatId: string) => Promise<number>;
}

export interface StoreUnderTest {
  readonly open: () => OpenedStore;
}

/** The rules of the store, for any database that claims to keep them. */
export function describeStore(database: string, openStore: (clock: () => number) => Promise<OpenStore>): void {
  describe(`the store on ${database}`, () => {
    const clock = new TestClock();
    let opened: OpenStore | undefined;
    beforeAll(async () => {
      opened = await openStore(clock.read);
    });
    afterAll(async () => {
      await opened?.[Symbol.asyncDispose]();
    });

    const under: StoreUnderTest = {
      open: () => {
        if (!opened) throw new Error('expected an open store');
        return { ...opened, clock, count: countIn(opened.db, 'run_id'), countOfChat: countIn(opened.db, 'chat_id') };
      },
    };
    describeChats(under);
    describeSends(under);
    describeRuns(under);
    describeQueue(under);
    describeQuestions(under);
    describeViews(under);
    describeBranches(under);
    describeCatalog(under);
    describeAssistants(under);
    describeWorkflows(under);
    describeKeys(under);
    describeFeedback(under);
    describeToolCalls(under);
    describeModelCalls(under);
    describeCheckpoints(under);
    describeConcurrency(under);

    it('[STO-26] a statement that the database refuses fails without saying what people wrote', async () => {
      const { store } = under.open();
      const chat = await TestChat.create(store);
      const text = 'private \0 words';
      for (const refused of [() => chat.send(text), () => store.rename(chat.userId, chat.id, text)]) {
        const error: unknown = await refused().catch((error: unknown) => error);
        expect(String(error)).toMatch(/^Error: the database refused a statement: \w{5} /);
        expect(inspect(error, { showHidden: true, depth: 9 })).not.toContain('private');
      }
      expect((await chat.send('clean')).disposition).toBe('started');
    });

    it('[STO-26] a store that answers answers a ping', async () => {
      await expect(under.open().store.ping()).resolves.toBeUndefined();
    });
  });
}

function countIn(db: Sql, column: string) {
  return async (table: string, id: string): Promise<number> => {
    const [row] = (await db
      .select({ count: sql<number>`count(*)::int` })
      .from(sql`switchboard.${sql.identifier(table)}`)
      .where(sql`${sql.identifier(column)} = ${id}`)) as { count: number }[];
    return row?.count ?? -1;
  };
}
