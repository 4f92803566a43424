/** `node test/fuzz-door/main.ts --cases 200000 --seed 1`: attacks the door; exits with 1 when something gave way. */
import { parseArgs } from 'node:util';
import { runCampaign } from './campaign.ts';

const { values } = parseArgs({
  options: {
    cases: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
  },
});
const cases = Number(values.cases);
const seed = Number(values.seed);
if (!Number.isSafeInteger(cases) || cases < 1 || !Number.isSafeInteger(seed))
  throw new Error(`--cases, --seed: expected whole numbers, got ${values.cases} and ${values.seed}`);
console.log(`seed ${seed}, ${cases} cases`);
let told = 0;
const outcome = await runCampaign({ cases, seed }, (done) => {
  if (done < told + 10_000) return;
  told = done;
  console.error(`${done} cases`);
});
console.log(JSON.stringify(outcome, null, 2));
if (outcome.problems.length > 0) process.exitCode = 1;
