import fc from 'fast-check';
import type { Database } from '../../db/connect.ts';
import { Ground } from './ground.ts';
import { obeysLaws } from './laws.ts';
import { story } from './step.ts';
import { addStoryTally, newStoryTally, storyTallyLine } from './story-tally.ts';
import type { StoryTally } from './story-tally.ts';

interface Stories {
  /** Closed at the end. */
  readonly database: Database;
  /** Part of the command that repeats a failure. */
  readonly on: 'embedded' | 'postgres';
  readonly runs: number;
  readonly seed: number;
  /** Leads to one story of the seed, shrunk as it was; as a failure prints it. */
  readonly path?: string | undefined;
  /** Whether a shorter story is looked for once one has failed; that may take minutes. */
  readonly shrink: boolean;
  readonly print: (line: string) => void;
}

/** Tells stories until one breaks a law; rejects with it, and the command that repeats it. */
export async function tellStories({ database, on, runs, seed, path, shrink, print }: Stories): Promise<StoryTally> {
  const sum = newStoryTally();
  const begin = performance.now();
  const ground = await Ground.start(database);
  try {
    const property = fc.asyncProperty(story, async (steps) => addStoryTally(sum, await obeysLaws(ground, steps)));
    const details = await fc.check(property, {
      numRuns: runs,
      seed,
      endOnFailure: !shrink,
      ...(path !== undefined && { path }),
    });
    const seconds = ((performance.now() - begin) / 1_000).toFixed(1);
    print(`${on}: ${details.numRuns} stories from seed ${seed} in ${seconds} s: ${storyTallyLine(sum)}`);
    if (!details.failed) return sum;
    const again = `node test/fuzz/main.ts --on ${on} --runs 1 --seed ${seed} --path ${details.counterexamplePath}`;
    const told = JSON.stringify(details.counterexample?.[0]);
    const { errorInstance: error } = details;
    throw new Error(
      `a law is broken; again: ${again}\n${told}\n${error instanceof Error ? error.message : String(error)}`,
    );
  } finally {
    await ground[Symbol.asyncDispose]();
    await database.close();
  }
}
