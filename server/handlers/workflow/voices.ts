import type { HandlerEvent } from '../handler.ts';
import type { Part } from '../../../shared/message.ts';
import { blankLine, keyOf, PartsShown } from './saying.ts';
import type { Saying, ShownEvent } from './saying.ts';

/** One visit of a node, as the chat hears it. */
export interface Voice {
  show(event: ShownEvent): void;
  /** Whether what it shows is heard at once. */
  readonly isHeard: boolean;
  /** What it has shown until now, heard or not. */
  readonly said: Pick<Saying, 'order' | 'parts'>;
  /** It has nothing more to show: the next one is heard. */
  close(): void;
}

/**
 * The nodes of a run that speak in the chat, one after another: who begins first is heard as it speaks, and others that
 * work at the same time are heard from their beginning when it has ended. So each has parts of its own.
 */
export class Voices {
  /** Those that have something to show, in the order in which they began; the first is heard. */
  readonly #line: SpeakingVoice[] = [];
  readonly #hear: (event: HandlerEvent) => void;
  #nextOrder: number;
  #isAfterText: boolean;

  /** @param before what stands in the answer already */
  constructor(hear: (event: HandlerEvent) => void, before: readonly Pick<Saying, 'order' | 'parts'>[]) {
    this.#hear = hear;
    this.#nextOrder = Math.max(0, ...before.map(({ order }) => order)) + 1;
    this.#isAfterText = before.some(({ parts }) => hasText(parts));
  }

  /**
   * @param name of the visit; keys of parts count in it
   * @param before what it has shown, in an earlier stretch
   */
  open(name: string, before: Pick<Saying, 'order' | 'parts'> | null): Voice {
    return new SpeakingVoice(this, name, before);
  }

  /** Its place in the answer, given when it first has something to show. */
  nextOrder(): number {
    return this.#nextOrder++;
  }

  isHeard(voice: SpeakingVoice): boolean {
    return this.#line[0] === voice;
  }

  /** It has something new, or nothing more, to show. */
  tell(voice: SpeakingVoice): void {
    if (this.#line[0] !== voice && !this.#line.includes(voice)) this.#line.push(voice);
    for (let first = this.#line[0]; first; first = this.#line[0]) {
      for (const event of first.takeUnheard()) this.#hear(this.#separated(event, first));
      if (!first.isClosed) return;
      this.#line.shift();
    }
  }

  #separated(event: ShownEvent, voice: SpeakingVoice): ShownEvent {
    if (event.type !== 'text') return event;
    const isFirst = voice.isHeardFirst();
    const separated =
      isFirst && this.#isAfterText && !voice.goesOn ? { ...event, text: blankLine + event.text } : event;
    this.#isAfterText = true;
    return separated;
  }
}

class SpeakingVoice implements Voice {
  isClosed = false;
  /** Whether it has said some text in an earlier stretch. */
  readonly goesOn: boolean;
  readonly #voices: Voices;
  readonly #name: string;
  readonly #shown: PartsShown;
  #unheard: ShownEvent[] = [];
  #order: number | null;
  /** Whether its text of this stretch has begun: that opens a part. */
  #hasBegun = false;
  #hasBeenHeard = false;

  constructor(voices: Voices, name: string, before: Pick<Saying, 'order' | 'parts'> | null) {
    this.#voices = voices;
    this.#name = name;
    this.#order = before && before.parts.length > 0 ? before.order : null;
    this.#shown = new PartsShown(before?.parts);
    this.goesOn = hasText(before?.parts ?? []);
  }

  get said(): Pick<Saying, 'order' | 'parts'> {
    return { order: this.#order ?? 0, parts: this.#shown.parts };
  }

  get isHeard(): boolean {
    return this.#voices.isHeard(this);
  }

  show(event: ShownEvent): void {
    this.#order ??= this.#voices.nextOrder();
    const own = event.type === 'part' ? this.#keyed(event) : this.#opening(event);
    this.#shown.add(own);
    this.#unheard.push(own);
    this.#voices.tell(this);
  }

  close(): void {
    this.isClosed = true;
    if (this.#order !== null) this.#voices.tell(this);
  }

  takeUnheard(): ShownEvent[] {
    const unheard = this.#unheard;
    this.#unheard = [];
    return unheard;
  }

  /** True for its first text of this stretch. */
  isHeardFirst(): boolean {
    const isFirst = !this.#hasBeenHeard;
    this.#hasBeenHeard = true;
    return isFirst;
  }

  /** Those with an id of their own are set again under it, also after a question. */
  #keyed(event: Extract<ShownEvent, { type: 'part' }>): ShownEvent {
    return { ...event, key: keyOf(event.value) ?? `${this.#name} ${event.key}` };
  }

  #opening(event: Exclude<ShownEvent, { type: 'part' }>): ShownEvent {
    if (this.#hasBegun) return event;
    this.#hasBegun = true;
    const text = this.goesOn && event.type === 'text' ? blankLine + event.text : event.text;
    return { ...event, text, opens: true };
  }
}

function hasText(parts: readonly Part[]): boolean {
  return parts.some(({ type }) => type === 'text');
}
