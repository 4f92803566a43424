const REPLACEMENT = '\uFFFD';

/**
 * Text that every part of the system can carry: NUL (which Postgres refuses) and lone surrogates (which it refuses in
 * jsonb and changes in text) become U+FFFD. The length in UTF-16 units stays the same, so offsets stay true.
 */
export function cleanText(text: string): string {
  const wellFormed = text.toWellFormed();
  return wellFormed.includes('\0') ? wellFormed.replaceAll('\0', REPLACEMENT) : wellFormed;
}

/** The same for any JSON value: every string in it is cleaned, keys too. */
export function cleanJson(value: unknown): unknown {
  if (typeof value === 'string') return cleanText(value);
  if (Array.isArray(value)) return value.map(cleanJson);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [cleanText(key), cleanJson(item)]));
}

/** Whether the text ends between the two halves of a surrogate pair. */
export function endsInHighSurrogate(text: string): boolean {
  const last = text.charCodeAt(text.length - 1);
  return last >= 0xd800 && last <= 0xdbff;
}

/** At most `units` UTF-16 units from the start, one less where the cut would fall inside a surrogate pair. */
export function cutText(text: string, units: number): string {
  if (text.length <= units) return text;
  const cut = text.slice(0, units);
  return endsInHighSurrogate(cut) ? cut.slice(0, -1) : cut;
}

/** UTF-16 units of a title that is made of first words: one line of a wide list. */
const titleText = 60;

/** The first words of a text, on one line, as a chat is called by them. */
export function firstWords(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  const cut = cutText(line, titleText);
  return cut.length < line.length ? `${cut.trimEnd()}…` : cut;
}

/** A text between two lines that nothing in it can be taken for: a fence longer than any that it has. */
export function fenced(text: string): string {
  const longest = Math.max(2, ...Array.from(text.matchAll(/`+/g), ([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${text}\n${fence}`;
}
