import type { ChatEventOf, NodeEvent, RunEvent } from '../shared/events.ts';
import type { MessageId, RunId } from '../shared/ids.ts';
import { limits } from '../shared/limits.ts';
import type { Part, TextKind } from '../shared/message.ts';
import { progressOf } from '../shared/fold-node.ts';
import type { NodeProgress } from '../shared/node-progress.ts';
import { cutText } from '../shared/text.ts';
import { toldProgress } from './run-progress.ts';

type OtherEvent = Exclude<RunEvent, { type: 'message.delta' }>;

interface TextEntry {
  readonly seq: number;
  readonly part: number;
  readonly kind: TextKind;
  /** Where it begins in its part. */
  readonly offset: number;
  text: string;
}

interface EventEntry {
  readonly seq: number;
  readonly event: OtherEvent;
}

type Entry = TextEntry | EventEntry;

/** An event and the place just after it. */
export interface RunStep {
  readonly event: RunEvent;
  readonly seq: number;
}

/** Grown by appending, an entry is flattened by each read; this keeps that copy small and the list short. */
const entryText = 4_096;

/**
 * What one run has produced, in order, for any number of readers at their own pace.
 *
 * A place in it is a number: every UTF-16 unit of text counts one, every other event one. So a reader who is behind gets
 * the text since then in one piece, whatever pieces it came in, and being slow costs it latency, never the server memory.
 *
 * A run that waits for a person in between has a log for each stretch. Places begin at 0 in each; the parts that there
 * were before are its beginning, and parts and offsets go on from there.
 */
export class RunLog {
  readonly runId: RunId;
  readonly messageId: MessageId;
  readonly #entries: Entry[] = [];
  readonly #before: readonly Part[];
  /** By id, in the order in which they were first told: a run may tell of as many as it likes. */
  readonly #nodes: Map<string, NodeProgress>;
  /** The same as a list; null since the last change. */
  #progress: readonly NodeProgress[] | null = null;
  readonly #parts: Part['type'][];
  readonly #keys: Map<string, number>;
  readonly #onAppend: () => void;
  /** UTF-16 units of text in the parts that it began with. */
  readonly textBefore: number;
  #end = 0;
  #textLength = 0;
  #opensPart = false;

  /**
   * @param onAppend called after each append, to wake readers
   * @param before the parts that there are already
   * @param nodes how far the run's nodes have come already
   */
  constructor(
    ids: { runId: RunId; messageId: MessageId },
    onAppend: () => void,
    before: readonly Part[] = [],
    nodes: readonly NodeProgress[] = [],
  ) {
    this.#nodes = new Map(nodes.map((node) => [node.nodeId, node]));
    this.runId = ids.runId;
    this.messageId = ids.messageId;
    this.#onAppend = onAppend;
    this.#before = before;
    this.#parts = before.map(({ type }) => type);
    this.#keys = new Map(before.flatMap((part, index) => keysOf(part).map((key) => [key, index])));
    this.textBefore = before.reduce((sum, part) => sum + lengthOf(part), 0);
    this.#textLength = this.textBefore;
  }

  /** The place after everything. */
  get end(): number {
    return this.#end;
  }

  /** UTF-16 units of text in all parts together. */
  get textLength(): number {
    return this.#textLength;
  }

  /** Adds text to the last part if it is of this kind, else opens one. The text is clean and splits no surrogate pair. */
  appendText(kind: TextKind, text: string): void {
    const last = this.#entries.at(-1);
    const goesOn =
      !this.#opensPart &&
      last !== undefined &&
      'text' in last &&
      last.kind === kind &&
      last.part === this.#parts.length - 1;
    if (goesOn && last.text.length < entryText) last.text += text;
    else this.#entries.push(this.#newTextEntry(kind, text, goesOn ? last : this.#lastTextOf(kind)));
    this.#opensPart = false;
    this.#end += text.length;
    this.#textLength += text.length;
    this.#onAppend();
  }

  /** The next text opens a part of its own, whatever comes before it. */
  openPart(): void {
    this.#opensPart = true;
  }

  /** Sets the part that has this key, or opens one. */
  setPart(key: string, value: Part): void {
    const part = this.#keys.get(key) ?? this.#parts.push(value.type) - 1;
    this.#keys.set(key, part);
    this.append({ type: 'message.part', runId: this.runId, messageId: this.messageId, part, value });
  }

  append(event: OtherEvent): void {
    if (event.type !== 'message.part') this.#noteNode(event);
    this.#entries.push({ seq: this.#end, event });
    this.#end += 1;
    this.#onAppend();
  }

  #noteNode(event: NodeEvent): void {
    this.#nodes.set(event.nodeId, progressOf(this.#nodes.get(event.nodeId), event));
    this.#progress = null;
  }

  /** What follows a place: one event, text merged up to `maxText` units. Null at the end. */
  next(after: number, maxText: number = limits.deltaText): RunStep | null {
    if (after >= this.#end) return null;
    const index = this.#indexOf(after);
    const entry = this.#entries[index];
    if (!entry) return null;
    return 'event' in entry ? { event: entry.event, seq: entry.seq + 1 } : this.#textStep(index, entry, after, maxText);
  }

  /** The whole answer so far. */
  parts(): Part[] {
    const parts = [...this.#before];
    for (const entry of this.#entries) {
      if ('event' in entry) {
        if (entry.event.type === 'message.part') parts[entry.event.part] = entry.event.value;
        continue;
      }
      const have = parts[entry.part];
      parts[entry.part] = { type: entry.kind, text: (have && 'text' in have ? have.text : '') + entry.text };
    }
    return parts;
  }

  /** How far the run's nodes have come; another list after each change. */
  get progress(): readonly NodeProgress[] {
    return (this.#progress ??= [...this.#nodes.values()]);
  }

  /** The same for a snapshot; undefined where it has none. */
  nodes(): NodeProgress[] | undefined {
    return toldProgress(this.progress);
  }

  #newTextEntry(kind: TextKind, text: string, before: TextEntry | undefined): TextEntry {
    if (before) return { seq: this.#end, part: before.part, kind, offset: before.offset + before.text.length, text };
    const last = this.#parts.length - 1;
    // The part that was being written when the last stretch ended goes on.
    if (!this.#opensPart && last >= 0 && this.#parts[last] === kind) {
      return { seq: this.#end, part: last, kind, offset: lengthOf(this.#before[last]), text };
    }
    return { seq: this.#end, part: this.#parts.push(kind) - 1, kind, offset: 0, text };
  }

  /** The end of the last part, if it is text of this kind: node events may stand between two stretches of one part. */
  #lastTextOf(kind: TextKind): TextEntry | undefined {
    if (this.#opensPart || this.#parts.at(-1) !== kind) return undefined;
    return this.#entries.findLast(
      (entry): entry is TextEntry => 'text' in entry && entry.part === this.#parts.length - 1,
    );
  }

  /** The entry that a place falls into. Readers are near the end, so the search begins there. */
  #indexOf(place: number): number {
    let index = this.#entries.length - 1;
    for (let step = 0; step < 4; step += 1, index -= 1) {
      if ((this.#entries[index]?.seq ?? 0) <= place) return index;
    }
    let low = 0;
    while (low < index) {
      const middle = (low + index + 1) >> 1;
      if ((this.#entries[middle]?.seq ?? 0) <= place) low = middle;
      else index = middle - 1;
    }
    return low;
  }

  #textStep(index: number, first: TextEntry, after: number, maxText: number): RunStep {
    const offset = first.offset + (after - first.seq);
    let text = first.text.slice(after - first.seq);
    for (let at = index + 1; text.length < maxText; at += 1) {
      const entry = this.#entries[at];
      if (!entry || 'event' in entry || entry.part !== first.part) break;
      text += entry.text;
    }
    text = cutText(text, maxText);
    const event: ChatEventOf<'message.delta'> = {
      type: 'message.delta',
      runId: this.runId,
      messageId: this.messageId,
      part: first.part,
      kind: first.kind,
      offset,
      text,
    };
    return { event, seq: after + text.length };
  }
}

function lengthOf(part: Part | undefined): number {
  return part && 'text' in part ? part.text.length : 0;
}

/** Names by which a part can be set again after its run has waited. */
function keysOf(part: Part): string[] {
  switch (part.type) {
    case 'tool':
      return [part.toolCallId];
    case 'input':
      return [part.inputId];
    case 'file':
      return [part.fileId];
    default:
      return [];
  }
}
