import { parseArgs } from 'node:util';
import { wage } from './campaign.ts';
import { cutLinks } from './cut-links.ts';
import { killServer } from './killed-server.ts';

const usage = `npm run faults -- [options]
  --runs 100        how many runs; each has a seed of its own
  --seed S          the first one's; by the clock when absent
  --fault NAME      cut (links), kill (the server's process) or both; both when absent: one kill in twenty runs`;

const atOnce = { cut: 4, kill: 1 };
const runsPerKill = 20;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_000) },
    fault: { type: 'string', default: 'both' },
    help: { type: 'boolean', default: false },
  },
});
const { fault } = values;
const runs = Number(values.runs);
const seed = Number(values.seed);
const isWrong = !Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed) || !/^(cut|kill|both)$/.test(fault);

if (values.help || isWrong) {
  console.log(usage);
  process.exit(values.help ? 0 : 2);
}

const print = (line: string) => console.log(line);
try {
  if (fault !== 'kill') {
    await using ground = await cutLinks();
    await wage({ fault: 'cut', runs, seed, atOnce: atOnce.cut, run: (next) => ground.run(next), print });
  }
  if (fault !== 'cut') {
    const kills = fault === 'kill' ? runs : Math.ceil(runs / runsPerKill);
    await wage({ fault: 'kill', runs: kills, seed, atOnce: atOnce.kill, run: killServer, print });
  }
} catch {
  // Every failure was printed as it came.
  process.exitCode = 1;
}
// Everything is closed. Left to itself Node 24 once went round in its own clean-up for ever, after children were killed.
process.exit();
