/** Letters may be meant in both cases: each range is then written down letter by letter. */
const bothCases = /\(\?[a-z]*i/i;
/** A class of Unicode, which is a long list of ranges. */
const unicodeClass = /\\p/gi;
/** A range that reaches beyond ASCII. */
const wideRange = /-(?:\\x\{|[^\p{ASCII}])/gu;
/** How often something is repeated: a letter, or a whole group. */
const repetition = /(\))?\{(\d{1,4})(?:,(\d{1,4}))?/g;

/**
 * About how long RE2 takes to read a pattern, in milliseconds. It is bounded by the length, but a thousand characters can
 * say enough to take a second.
 */
export function patternWeight(pattern: string): number {
  const count = (what: RegExp) => pattern.matchAll(what).toArray().length;
  const range = bothCases.test(pattern) ? 40 : 0.1;
  let weight = 1 + pattern.length / 100 + count(wideRange) * range + count(unicodeClass) / 2;
  for (const [, group, least = '', most = least] of pattern.matchAll(repetition))
    weight += Number(most) / (group === undefined ? 10 : 1);
  return weight;
}
