import { describe, expect, test } from 'vitest';
import { connect } from '../../db/connect.ts';
import { missingIn } from '../faults/tally.ts';
import { startPostgres } from '../helpers/postgres.ts';
import { Ground } from './ground.ts';
import { knownStories } from './known-stories.ts';
import { obeysLaws } from './laws.ts';
import { tellStories } from './tell-stories.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000);
const print = (line: string) => console.log(line);
/** About a tenth of a second each. */
const runs = { embedded: Number(process.env['RUNS'] ?? 150), postgres: Number(process.env['RUNS'] ?? 100) };
/** What breaks by chance alone is given some. */
const timesEach = 10;

describe('stories of one chat', () => {
  test('[LAW-1] on the embedded database none of a hundred and fifty breaks a law', async () => {
    const database = await connect({ dataDir: null });
    const tally = await tellStories({ database, on: 'embedded', runs: runs.embedded, seed, shrink: false, print });
    expect(missingIn({ ...tally })).toEqual([]);
  }, 180_000);

  test('[LAW-1] on Postgres none of a hundred breaks a law', async () => {
    await using postgres = await startPostgres();
    const database = await connect({ databaseUrl: await postgres.freshDatabase(), dataDir: null });
    const tally = await tellStories({ database, on: 'postgres', runs: runs.postgres, seed, shrink: false, print });
    expect(missingIn({ ...tally })).toEqual([]);
  }, 180_000);

  test.for(Object.entries(knownStories))('[LAW-1] none breaks a law any more: %s', async ([, story]) => {
    await using postgres = await startPostgres();
    const database = await connect({ databaseUrl: await postgres.freshDatabase(), dataDir: null });
    const ground = await Ground.start(database);
    for (let time = 0; time < timesEach; time += 1) await expect(obeysLaws(ground, story)).resolves.toBeDefined();
    await ground[Symbol.asyncDispose]();
    await database.close();
  });
});
