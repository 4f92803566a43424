import { describe, expect, test } from 'vitest';
import { wage } from './campaign.ts';
import { cutLinks } from './cut-links.ts';
import { killServer } from './killed-server.ts';
import { missingIn } from './tally.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000_000);
const print = (line: string) => console.log(line);

describe('faults', () => {
  test('[LAW-2] whatever becomes of its links, everybody in a chat is left with what is stored', async () => {
    await using ground = await cutLinks();
    const tally = await wage({ fault: 'cut', runs: 40, seed, atOnce: 4, run: (next) => ground.run(next), print });
    expect(missingIn(tally)).toEqual([]);
  }, 180_000);

  test('[LAW-3] a server that is killed twice loses no message, leaves no run without an end and nobody behind', async () => {
    const { cuts, resumes } = await wage({ fault: 'kill', runs: 1, seed, atOnce: 1, run: killServer, print });
    expect(Math.min(cuts, resumes)).toBeGreaterThan(0);
  }, 180_000);
});
