/**
 * What the provider double says instead of words: `0017-123456789 `, the token's number and when it was sent.
 *
 * All are of one length, so that an answer can be taken apart however it was cut or merged on its way.
 */
const digits = 9;
const wrap = 10 ** digits;

export const tokenLength = 4 + 1 + digits + 1;

export interface Token {
  readonly index: number;
  /** Microseconds, of the machine's clock, modulo about 17 minutes. */
  readonly sentAt: number;
}

export function indexText(index: number): string {
  return `${String(index).padStart(4, '0')}-`;
}

export function timeText(micros: number): string {
  return `${String(Math.floor(micros) % wrap).padStart(digits, '0')} `;
}

/** The token at the start of `text`; null when there is something else. */
export function readToken(text: string): Token | null {
  const match = /^(\d{4})-(\d{9}) /.exec(text);
  return match === null ? null : { index: Number(match[1]), sentAt: Number(match[2]) };
}

/** Microseconds from `sentAt` to `now`, right across the wrap. */
export function elapsed(sentAt: number, now: number): number {
  const past = (Math.floor(now) % wrap) - sentAt;
  return past < -wrap / 2 ? past + wrap : past;
}

/** The message that asks the double for so many tokens at such a pace. */
export function order(tokens: number, perSecond: number): string {
  return `tokens=${tokens} rate=${perSecond}`;
}

export function readOrder(body: string): { tokens: number; perSecond: number } | null {
  const match = [...body.matchAll(/tokens=(\d+) rate=(\d+)/g)].at(-1);
  return match === undefined ? null : { tokens: Number(match[1]), perSecond: Number(match[2]) };
}
