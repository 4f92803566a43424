import { sql } from 'drizzle-orm';
import { validate } from '@langchain/langgraph-checkpoint-validation';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Sql } from '../../db/sql.ts';
import { openPostgres } from '../../db/postgres.ts';
import { sqlCheckpointStore } from '../../db/sql-checkpoint-store.ts';
import { Checkpointer } from '../../server/handlers/workflow/checkpointer.ts';
import { startPostgres, type TestPostgres } from '../helpers/postgres.ts';
import { openStore, storeOn, type OpenStore } from '../helpers/store.ts';

// The suite was written for these as globals.
Object.assign(globalThis, { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it });

let server: TestPostgres | undefined;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

describeCheckpointer('the embedded database', openStore);

describeCheckpointer('a Postgres server', async () => {
  if (!server) throw new Error('expected a server');
  return storeOn(await openPostgres(await server.freshDatabase()));
});

/** LangGraph's own suite; each group of its tests begins with no checkpoints. */
function describeCheckpointer(database: string, open: () => Promise<OpenStore>): void {
  describe(`[WFE-1] LangGraph's rules for checkpointers on ${database}`, () => {
    let opened: OpenStore | undefined;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(async () => {
      await opened?.[Symbol.asyncDispose]();
    });
    const db = (): Sql => {
      if (!opened) throw new Error('expected an open database');
      return opened.db;
    };

    validate({
      checkpointerName: 'Checkpointer',
      createCheckpointer: () => new Checkpointer(sqlCheckpointStore(db())),
      async destroyCheckpointer() {
        await db().execute(sql`delete from switchboard.checkpoint_threads`);
      },
    });
  });
}
