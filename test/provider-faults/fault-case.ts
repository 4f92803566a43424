import type { ErrorCode } from '../../shared/errors.ts';
import type { Limits } from '../../shared/limits.ts';
import type { RawExchange, RawStep } from '../helpers/raw-provider.ts';
import type { Dialect } from './dialect.ts';

/** What a misbehaving provider can see of the run that asks it. */
export interface Exchange extends RawExchange {
  /** Resolves once the run has that many UTF-16 units of text: a reset would take along what has not been read. */
  readonly shown: (units: number) => Promise<void>;
}

export interface FaultCase {
  readonly name: string;
  readonly answer: (exchange: Exchange) => Iterable<RawStep> | AsyncIterable<RawStep>;
  /** The run's code, or null where it completes. */
  readonly code: ErrorCode | null;
  /** All of the answer's text; where it is a pattern, the text fits it. */
  readonly text: string | RegExp;
  /** What the run's error says. */
  readonly message?: RegExp;
  /** How often the provider is asked; 1 where nothing is said, any number for null. */
  readonly requests?: number | null;
  readonly limits?: Partial<Limits>;
  /** Where the provider is asked instead of at its port. */
  readonly origin?: (port: number) => string;
  /** The run may not end before; for waits that have to be kept. */
  readonly notBeforeMs?: number;
}

/** Makes the cases of one class. Everything that is random in them follows from `random`. */
export type FaultClass = (dialect: Dialect, random: () => number) => FaultCase[];

/** Milliseconds of silence after which a run fails that is to end so. */
export const idleMs = 700;

/** For all others: enough for two pauses between attempts, which together take up to six seconds. */
export const patientIdleMs = 9_000;

const alphabet = ['a', 'Z', '7', ' ', '\n', '"', '\\', 'é', 'ß', '漢', '字', '🙂', '👩‍👩‍👧', '\t', '</p>', 'data: '];

export function between(random: () => number, from: number, to: number): number {
  return from + Math.floor(random() * (to - from + 1));
}

export function pick<Item>(random: () => number, items: readonly Item[]): Item {
  return items[Math.floor(random() * items.length)] as Item;
}

/** From three to twelve tokens with characters of one to four bytes. */
export function tokens(random: () => number): string[] {
  const token = (): string => Array.from({ length: between(random, 1, 6) }, () => pick(random, alphabet)).join('');
  return Array.from({ length: between(random, 3, 12) }, token);
}

const reasons: Readonly<Record<number, string>> = { 200: 'OK' };

export function head(status = 200, headers: Readonly<Record<string, string>> = {}): string {
  const all = { 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked', ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `HTTP/1.1 ${status} ${reasons[status] ?? 'Whatever'}\r\n${lines.join('')}\r\n`;
}

/** One chunk of a chunked body. */
export function chunk(content: string | Uint8Array): Uint8Array {
  const bytes = Buffer.from(content as string);
  return bytes.length === 0
    ? bytes
    : Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
}

export const lastChunk = '0\r\n\r\n';

/** A whole answer that is not chunked. */
export function whole(
  status: number,
  body: string | Uint8Array,
  headers: Readonly<Record<string, string>> = {},
): Uint8Array {
  const bytes = Buffer.from(body as string);
  const lines = Object.entries({ 'content-length': String(bytes.length), ...headers }).map(
    ([k, v]) => `${k}: ${v}\r\n`,
  );
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Whatever\r\n${lines.join('')}\r\n`), bytes]);
}

/** A good stream of these tokens, as events. */
export function goodEvents(dialect: Dialect, texts: readonly string[]): string {
  return dialect.start() + texts.map((text) => dialect.text(text)).join('') + dialect.finish() + dialect.end();
}

/** The same bytes in pieces, cut anywhere. */
export function cut(random: () => number, bytes: Uint8Array): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let from = 0; from < bytes.length;) {
    const to = from + between(random, 1, 40);
    pieces.push(bytes.subarray(from, to));
    from = to;
  }
  return pieces;
}

/** A good answer's head and these events, chunked; then what is said. */
export function* streamed(events: readonly (string | Uint8Array)[], ...then: readonly RawStep[]): Generator<RawStep> {
  yield head();
  for (const one of events) yield chunk(one);
  yield* then;
}
