import { nowMicros } from './clock.ts';
import { elapsed, readToken, tokenLength } from './token.ts';

/** Milliseconds and counts of one answer, as its client saw them. */
export interface Heard {
  /** Tokens that came, each once and in order. */
  readonly tokens: number;
  /** From the send to the first token. Null: none came. */
  readonly firstTokenMs: number | null;
  /** From the provider's sending of each token to its arrival. */
  readonly delaysMs: readonly number[];
  /** From the provider's first token to the arrival of the last; null while it is not complete. */
  readonly streamMs: number | null;
  /** What was wrong, in words; null when it was right so far. */
  readonly problem: string | null;
}

/** Follows one answer and checks that every token comes exactly once and in order, however they are merged. */
export class AnswerCheck {
  readonly #expected: number;
  readonly #delays: number[] = [];
  #text = '';
  #rest = '';
  #sentAt = 0;
  #firstSentAt = 0;
  #firstTokenMs: number | null = null;
  #streamMs: number | null = null;
  #problem: string | null = null;

  constructor(expected: number) {
    this.#expected = expected;
  }

  sent(): void {
    this.#sentAt = nowMicros();
  }

  add(text: string): void {
    const now = nowMicros();
    this.#text += text;
    this.#rest += text;
    while (this.#rest.length >= tokenLength && this.#problem === null) {
      this.#take(this.#rest.slice(0, tokenLength), now);
      this.#rest = this.#rest.slice(tokenLength);
    }
  }

  /** The server says that this is the whole answer. */
  whole(text: string): void {
    if (text !== this.#text) this.fail('the completed message differs from the deltas before it');
  }

  ended(): void {
    if (this.#delays.length !== this.#expected || this.#rest !== '') {
      this.fail(`expected ${this.#expected} tokens, got ${this.#delays.length}`);
    }
  }

  fail(problem: string): void {
    this.#problem ??= problem;
  }

  result(): Heard {
    return {
      tokens: this.#delays.length,
      firstTokenMs: this.#firstTokenMs,
      delaysMs: this.#delays,
      streamMs: this.#streamMs,
      problem: this.#problem,
    };
  }

  #take(text: string, now: number): void {
    const token = readToken(text);
    const index = this.#delays.length;
    if (token?.index !== index) {
      this.fail(`expected token ${index}, got ${JSON.stringify(text)}`);
      return;
    }
    if (index === 0) {
      this.#firstTokenMs = (now - this.#sentAt) / 1e3;
      this.#firstSentAt = token.sentAt;
    }
    this.#delays.push(elapsed(token.sentAt, now) / 1e3);
    if (index === this.#expected - 1) this.#streamMs = elapsed(this.#firstSentAt, now) / 1e3;
  }
}
