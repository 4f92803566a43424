import type { HandlerEvent } from '../handler.ts';
import type { Part, Usage } from '../../../shared/message.ts';

/** What one visit of a node has shown in the chat, and what it took. */
export interface Saying {
  /** Those with lower numbers stand before it. */
  readonly order: number;
  readonly parts: readonly Part[];
  readonly usage: Usage | null;
  readonly model: string | null;
}

/** What is shown; everything else that a node yields is about its work. */
export type ShownEvent = Extract<HandlerEvent, { type: 'text' | 'reasoning' | 'part' }>;

/** Between the texts of two nodes, so that they do not run into each other where the parts of an answer are joined. */
export const blankLine = '\n\n';

/** Gathers what a node shows as the parts that become of it. */
export class PartsShown {
  readonly parts: Part[];
  readonly #keys = new Map<string, number>();

  /** @param before what it has shown already; a part of these is set again by its own id */
  constructor(before: readonly Part[] = []) {
    this.parts = [...before];
    for (const [index, part] of before.entries()) {
      const key = keyOf(part);
      if (key !== null) this.#keys.set(key, index);
    }
  }

  add(event: ShownEvent): void {
    if (event.type === 'part') return this.#set(event.key, event.value);
    const last = this.parts.at(-1);
    if (!event.opens && last?.type === event.type)
      this.parts[this.parts.length - 1] = { type: event.type, text: last.text + event.text };
    else this.parts.push({ type: event.type, text: event.text });
  }

  #set(key: string, value: Part): void {
    const index = this.#keys.get(key) ?? this.parts.length;
    this.#keys.set(key, index);
    this.parts[index] = value;
  }
}

/** The key under which a run sets a part again after it has waited. */
export function keyOf(part: Part): string | null {
  switch (part.type) {
    case 'tool':
      return part.toolCallId;
    case 'input':
      return part.inputId;
    case 'file':
      return part.fileId;
    default:
      return null;
  }
}

/** The first one that was asked is named. */
export function modelOf(said: readonly Pick<Saying, 'model'>[]): string | null {
  return said.find(({ model }) => model !== null)?.model ?? null;
}

/** The answer that these make, in their order. */
export function partsOf(said: readonly Pick<Saying, 'order' | 'parts'>[]): Part[] {
  const parts: Part[] = [];
  for (const saying of said.toSorted((one, other) => one.order - other.order)) {
    const isAfterText = parts.some(({ type }) => type === 'text');
    const first = saying.parts.findIndex(({ type }) => type === 'text');
    parts.push(...saying.parts.map((part, index) => (isAfterText && index === first ? separated(part) : part)));
  }
  return parts;
}

function separated(part: Part): Part {
  return part.type === 'text' ? { ...part, text: blankLine + part.text } : part;
}
