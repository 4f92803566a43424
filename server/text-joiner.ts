import type { TextKind } from '../shared/message.ts';
import { cleanText, endsInHighSurrogate } from '../shared/text.ts';

/**
 * Cleans text that comes in pieces. A provider may cut between the halves of a surrogate pair; the first half is held
 * back until its other half comes, and becomes U+FFFD when none does.
 */
export class TextJoiner {
  #held = '';
  #kind: TextKind = 'text';
  readonly #write: (kind: TextKind, text: string) => void;

  constructor(write: (kind: TextKind, text: string) => void) {
    this.#write = write;
  }

  push(kind: TextKind, piece: string): void {
    if (kind !== this.#kind) this.flush();
    this.#kind = kind;
    const text = this.#held + piece;
    this.#held = endsInHighSurrogate(text) ? text.slice(-1) : '';
    const whole = this.#held === '' ? text : text.slice(0, -1);
    if (whole !== '') this.#write(kind, cleanText(whole));
  }

  /** No more of this part will come. */
  flush(): void {
    const held = this.#held;
    this.#held = '';
    if (held !== '') this.#write(this.#kind, cleanText(held));
  }
}
