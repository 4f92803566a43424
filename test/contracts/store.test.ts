import { afterAll, beforeAll } from 'vitest';
import { openPostgres } from '../../db/postgres.ts';
import { startPostgres, type TestPostgres } from '../helpers/postgres.ts';
import { openStore, storeOn } from '../helpers/store.ts';
import { describeStore } from './store.ts';

let server: TestPostgres | undefined;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
});

describeStore('the embedded database', openStore);

describeStore('a Postgres server', async (clock) => {
  if (!server) throw new Error('expected a server');
  return storeOn(await openPostgres(await server.freshDatabase()), clock);
});
