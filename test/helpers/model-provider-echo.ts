import { setTimeout as delay } from 'node:timers/promises';
import type { ProviderAnswer, ProviderChunk, ProviderRequest } from './model-provider.ts';

export interface EchoOptions {
  /** Tokens of each answer. */
  readonly tokens?: number;
  /** Milliseconds from one token to the next, kept as a schedule: a late token does not put off the others. */
  readonly delayMs?: number;
}

const defaultTokens = 20;

/** Signs of one to four bytes, a joined emoji and a line break, so that cutting in the wrong place shows. */
const decorations = ['', 'é', '漢字', '🙂', '👩‍👩‍👧', '\n'];

/**
 * The tokens that an echo answers a text with: the same for the same text, different for any two, so that whoever sent
 * it can tell whether each character arrived.
 */
export function echoTokens(text: string, tokens: number = defaultTokens): string[] {
  const name = nameOf(text);
  return Array.from({ length: tokens }, (_, index) => {
    const decoration = decorations[index % decorations.length] ?? '';
    return `${index === 0 ? '' : ' '}${name}-${index}${decoration}`;
  });
}

/** Answers each request with the echo of its newest text; for `startModelProvider({ answer: echo(…) })`. */
export function echo(options: EchoOptions = {}): (request: ProviderRequest) => ProviderAnswer {
  return (request) => paced(echoTokens(request.text, options.tokens), options.delayMs ?? 0, request.signal);
}

async function* paced(tokens: readonly string[], delayMs: number, signal: AbortSignal): AsyncIterable<ProviderChunk> {
  const start = performance.now();
  for (const [index, token] of tokens.entries()) {
    const wait = start + index * delayMs - performance.now();
    if (wait > 0) await delay(wait, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    yield token;
  }
}

/** FNV-1a: short, and the same on every machine. */
function nameOf(text: string): string {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193);
  return (hash >>> 0).toString(36);
}
