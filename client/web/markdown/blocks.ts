/** A piece of an answer that can be drawn without knowing the others. */
export type Block =
  | { readonly kind: 'markdown'; readonly text: string }
  | { readonly kind: 'code'; readonly language: string; readonly text: string };

const fence = /^( {0,3})(`{3,}(?=[^`]*$)|~{3,})[ \t]*(.*)$/;
const listItem = /^ {0,3}(?:[-*+]|\d{1,9}[.)])(?:\s|$)/;
const definition = /^ {0,3}\[[^\]\n]+\]:\s*\S/m;

/**
 * Cuts Markdown into blocks that mean the same alone as together, so that a growing answer is parsed only where it
 * grows: at fences of code, and at blank lines after which something new begins (a list may go on after one).
 *
 * A finished text with link definitions or footnotes, which mean something everywhere in it, stays in one piece.
 */
export function blocksOf(text: string, isGrowing: boolean): Block[] {
  const clean = text.replaceAll('\r\n', '\n');
  if (!isGrowing && definition.test(clean)) return [{ kind: 'markdown', text: clean }];
  const cutter = new Cutter();
  for (const line of clean.split('\n')) cutter.take(line);
  return cutter.end();
}

interface Fence {
  readonly marker: string;
  /** Null for a fence inside a list, which stays in its block of Markdown. */
  readonly language: string | null;
}

/** Reads line by line; what is still open at the end is the part that grows. */
class Cutter {
  readonly #blocks: Block[] = [];
  #lines: string[] = [];
  #fence: Fence | null = null;
  #wasBlank = false;
  #hasList = false;

  take(line: string): void {
    if (this.#fence) this.#takeInFence(line, this.#fence);
    else this.#takeOutside(line);
    this.#wasBlank = line.trim() === '';
  }

  end(): Block[] {
    this.#finish();
    return this.#blocks;
  }

  #takeInFence(line: string, { marker, language }: Fence): void {
    const isEnd = closes(line, marker);
    if (language === null) {
      this.#lines.push(line);
      if (isEnd) this.#fence = null;
    } else if (isEnd) this.#finish();
    else this.#lines.push(line);
  }

  #takeOutside(line: string): void {
    const [, indent, marker, info = ''] = fence.exec(line) ?? [];
    // Without an indent it ends whatever was before, lists too.
    const isOwnBlock = marker !== undefined && indent === '';
    if (isOwnBlock || (this.#wasBlank && this.#beginsAnew(line))) this.#finish();
    if (marker !== undefined) this.#fence = { marker, language: isOwnBlock ? languageOf(info) : null };
    if (isOwnBlock) return;
    this.#hasList ||= listItem.test(line);
    this.#lines.push(line);
  }

  #beginsAnew(line: string): boolean {
    if (line === '' || line.startsWith(' ') || line.startsWith('\t')) return false;
    return !(this.#hasList && listItem.test(line));
  }

  #finish(): void {
    const text = this.#lines.join('\n');
    const language = this.#fence?.language ?? null;
    if (language !== null) this.#blocks.push({ kind: 'code', language, text });
    else if (text.trim() !== '') this.#blocks.push({ kind: 'markdown', text });
    this.#lines = [];
    this.#fence = null;
    this.#hasList = false;
  }
}

function closes(line: string, marker: string): boolean {
  const [, run = ''] = /^ {0,3}(`+|~+)\s*$/.exec(line) ?? [];
  return run.length >= marker.length && run[0] === marker[0];
}

/** The first word after the fence, where it looks like the name of a language. */
export function languageOf(info: string): string {
  return /^[\w+#.-]{1,20}/.exec(info.trim())?.[0] ?? '';
}
