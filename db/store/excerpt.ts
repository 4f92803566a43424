import type { Mark } from '../../shared/listed-chat.ts';
import { cutText } from '../../shared/text.ts';

/** UTF-16 units of an excerpt: two lines of a narrow list. */
const excerptText = 160;

/** UTF-16 units before the first word that was found: enough to see what it is about. */
const before = 40;

/** A stretch of a message around what was searched for. */
export interface Stretch {
  readonly text: string;
  /** Whether the message begins before it, and goes on behind it. */
  readonly isCutBefore: boolean;
  readonly isCutAfter: boolean;
}

/**
 * One line of the stretch around the first of these words, and where in it they are; its beginning where there is none.
 *
 * @param words letters and digits only, as `searchedWords` gives them
 */
export function excerptOf(stretch: Stretch, words: readonly string[]): { excerpt: string; marks: Mark[] } {
  const line = stretch.text.replaceAll(/\s+/g, ' ').trim();
  const from = beginning(line, marksIn(line, words)[0]);
  const rest = line.slice(from);
  const shown = beforeSpace(cutText(rest, excerptText), rest);
  const isCutBefore = from > 0 || stretch.isCutBefore;
  const isCutAfter = shown.length < rest.length || stretch.isCutAfter;
  const excerpt = `${isCutBefore ? '… ' : ''}${shown.trim()}${isCutAfter ? ' …' : ''}`;
  return { excerpt, marks: marksIn(excerpt, words) };
}

/** Words that begin with one of these, whole. */
function marksIn(line: string, words: readonly string[]): Mark[] {
  if (words.length === 0) return [];
  const found = new RegExp(`(?<![\\p{L}\\p{N}])(?:${words.join('|')})[\\p{L}\\p{N}]*`, 'giu');
  return [...line.matchAll(found)].map(({ index, 0: { length } }) => ({ offset: index, length }));
}

/** Where the line is entered: at a word a little before the first mark. */
function beginning(line: string, first: Mark | undefined): number {
  const from = (first?.offset ?? 0) - before;
  if (first === undefined || from <= 0) return 0;
  const space = line.indexOf(' ', from);
  return space === -1 || space >= first.offset ? first.offset : space + 1;
}

/** Without a word that was cut, unless it is the only one. */
function beforeSpace(cut: string, whole: string): string {
  if (cut.length === whole.length || whole[cut.length] === ' ') return cut;
  const space = cut.lastIndexOf(' ');
  return space <= 0 ? cut : cut.slice(0, space);
}
