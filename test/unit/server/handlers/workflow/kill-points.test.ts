import { isDeepStrictEqual } from 'node:util';
import { beforeAll, expect, test } from 'vitest';
import type { Part } from '../../../../../shared/message.ts';
import { runOverKills, type StoryOfKills } from '../../../../helpers/killed-workflow.ts';
import { seeded } from '../../../../helpers/seeded.ts';

/** Stories in which processes die more than once, by their seed. */
const seeds = 50;
/** Processes that die in each of them. */
const deaths = 8;
/** Of the points of the undisturbed story, at each of these a process dies in a story of its own. */
const every = 2;
/** Nodes of this workflow that work at once, at most. */
const atOnce = 4;

let undisturbed: StoryOfKills;
beforeAll(async () => {
  undisturbed = await runOverKills([]);
});

test('[WFC-1] undisturbed it executes every node once and says everything in its order', () => {
  expect(undisturbed).toMatchObject({ deaths: 0, repeated: [] });
  expect([...undisturbed.begun.values()].every((times) => times === 1)).toBe(true);
  expect(wordsOf(undisturbed.parts)).toEqual([
    'asked What size?: {"cm":170}',
    'asked Who are you?: "Ann"',
    '«Greet Ann in a calm tone, 170 cm»',
    '«Praise Ann»',
    'Fetched 200, «Greet Ann in a calm tone, 170 cm»',
    'Thought of one.',
    'Thought of two.',
    'Have ["«Think of one»","«Think of two»"] and ["«About one»","«About two»"]',
    'asked Choose: "left"',
    'Left it is.',
  ]);
});

test('[WFC-1] a process that dies anywhere is followed by one that finishes, and repeats nothing that had finished', async () => {
  expect(undisturbed.points / every + seeds * deaths).toBeGreaterThan(500);
  const differences: string[] = [];
  for (let diesAt = 1; diesAt <= undisturbed.points; diesAt += every)
    differences.push(...(await differencesAt([diesAt])));
  expect(differences).toEqual([]);
}, 240_000);

test('[WFC-1] processes that die again and again, at points of a seed, change nothing either', async () => {
  const differences: string[] = [];
  for (let seed = 1; seed <= seeds; seed += 1) {
    const roll = seeded(seed);
    const kills = Array.from({ length: deaths }, () => 1 + Math.floor((roll() * undisturbed.points) / 4));
    differences.push(...(await differencesAt(kills)));
  }
  expect(differences).toEqual([]);
}, 240_000);

/** What is other than in the undisturbed story when processes die at these points, in words. */
async function differencesAt(kills: readonly number[]): Promise<string[]> {
  const story = await runOverKills(kills);
  const again = [...story.begun.values()].reduce((sum, times) => sum + times - 1, 0);
  const found = {
    'repeated what had finished': story.repeated.length > 0,
    'said something else': !isDeepStrictEqual(wordsOf(story.parts), wordsOf(undisturbed.parts)),
    'came by other nodes': !isDeepStrictEqual(new Set(story.begun.keys()), new Set(undisturbed.begun.keys())),
    'began more again than was under way': again > story.deaths * atOnce,
    'had several keys for one visit': [...story.keys.values()].some((keys) => keys.size !== 1),
  };
  return Object.entries(found).flatMap(([what, isSo]) => (isSo ? `with deaths at ${kills.join(', ')} it ${what}` : []));
}

/**
 * What the answer says, one line a part. Nodes that work at once speak in the order in which they begin to, and that may
 * be another one after a crash: the two that ask first, and the two that answer after them.
 */
function wordsOf(parts: readonly Part[]): string[] {
  const words = parts.map((part) => {
    if (part.type === 'input') return `asked ${part.prompt}: ${JSON.stringify(part.answer)}`;
    return part.type === 'text' ? part.text.replace(/^\n\n/, '') : part.type;
  });
  return [...words.slice(0, 2).toSorted(), ...words.slice(2, 4).toSorted(), ...words.slice(4)];
}
