import type { Tally } from './tally.ts';
import { addTally, newTally, tallyLine } from './tally.ts';

interface Campaign {
  /** What is done to the server; part of the command that repeats a run. */
  readonly fault: string;
  readonly runs: number;
  /** Of the first run; each further one has the next number. */
  readonly seed: number;
  /** Runs at the same time. */
  readonly atOnce: number;
  readonly run: (seed: number) => Promise<Tally>;
  readonly print: (line: string) => void;
}

/** Runs seed after seed. Rejects when one fails, naming each with the command that repeats it. */
export async function wage({ fault, runs, seed, atOnce, run, print }: Campaign): Promise<Tally> {
  const sum = newTally();
  const failures: string[] = [];
  const seeds = Array.from({ length: runs }, (_, index) => seed + index).values();
  const begin = performance.now();
  const work = async () => {
    for (const next of seeds) {
      try {
        addTally(sum, await run(next));
      } catch (error) {
        const again = `node test/faults/main.ts --fault ${fault} --runs 1 --seed ${next}`;
        failures.push(
          `seed ${next} failed; again: ${again}\n${error instanceof Error ? error.message : String(error)}`,
        );
        print(failures.at(-1) ?? '');
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  const seconds = ((performance.now() - begin) / 1_000).toFixed(1);
  print(`${fault}: ${runs} runs from seed ${seed} in ${seconds} s: ${tallyLine(sum)}`);
  if (failures.length > 0) throw new Error(`${failures.length} of ${runs} runs failed\n${failures.join('\n')}`);
  return sum;
}
