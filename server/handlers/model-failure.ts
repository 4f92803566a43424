import { cutText } from '../../shared/text.ts';
import { retryAfterMs } from './retry-after.ts';

/** What can be told about an error of a model's library, whichever library it was. */
export interface Failure {
  /** The HTTP status, or the one that an error event inside a stream names. */
  readonly status: number | null;
  /** Names, codes and types of the error, joined. */
  readonly kinds: string;
  /** What the provider said, on one line, short, without anything that looks like a key. */
  readonly message: string;
  /** Why there was no connection, as the system calls it: `ECONNREFUSED`. */
  readonly connection: string | null;
  /** Whether the body broke off, or is not what the protocol says. */
  readonly cut: boolean;
  /** Milliseconds that the provider asks to wait; null where it says nothing. */
  readonly retryAfterMs: number | null;
}

/** UTF-16 units of a provider's own words that are passed on. */
const messageText = 200;

/** How deep causes and bodies nest at most; a cycle ends there too. */
const depth = 5;

export function readFailure(error: unknown): Failure {
  const layers = layersOf(error);
  const kinds = layers.flatMap((layer) => [layer['name'], layer['code'], layer['type'], layer['lc_error_code']]);
  const names = kinds.filter((kind) => typeof kind === 'string');
  const connection = names.find((name) => connectionCodes.test(name)) ?? null;
  const texts = layers.map((layer) => layer['message']).filter((text) => typeof text === 'string');
  const unreachable = texts.some((text) => /fetch failed|connection error/i.test(text)) ? 'no connection' : null;
  const status = statusOf(layers);
  const cut = names.includes('SyntaxError') || texts.some((text) => /^terminated$|premature close/i.test(text));
  // Events of the wrong shape make the libraries stumble.
  const malformed = names.some((name) => name === 'TypeError' || name === 'RangeError');
  return {
    status,
    kinds: names.join(' '),
    message: presentable(texts.at(-1) ?? ''),
    connection: connection ?? unreachable,
    cut: cut || (malformed && status === null && connection === null && unreachable === null),
    retryAfterMs: retryAfterMs(error),
  };
}

const connectionCodes =
  /^(ECONN\w+|ENOTFOUND|EAI_\w+|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EPIPE|UND_ERR_\w+|CERT_\w+|EPROTO|HPE_\w+|ERR_SSL_\w+|ERR_TLS_\w+|\w+_SELF_SIGNED_CERT|SELF_SIGNED_CERT_\w+|UNABLE_TO_VERIFY_\w+)$/;

type Layer = Readonly<Record<string, unknown>>;

/** The error, and what it says it was caused by or what the provider's body holds, outermost first. */
function layersOf(error: unknown): Layer[] {
  const layers: Layer[] = [];
  let next: unknown = error;
  while (typeof next === 'object' && next !== null && layers.length < depth) {
    const layer = next as Layer;
    layers.push({ name: layer['name'], ...ownFields(layer) });
    next = layer['error'] ?? layer['cause'];
  }
  // Some say no more than a sentence.
  return typeof next === 'string' ? [...layers, { message: next }] : layers;
}

/** `message`, `status` and the like may be inherited or hidden from a spread. */
function ownFields(layer: Layer): Layer {
  const { message, code, type, status, lc_error_code } = layer;
  return { message, code, type, status, lc_error_code };
}

function statusOf(layers: readonly Layer[]): number | null {
  for (const layer of layers) {
    const { status, code } = layer;
    if (isBetween(status, 300, 599)) return Number(status);
    if (isBetween(code, 400, 599)) return Number(code);
  }
  return null;
}

function isBetween(value: unknown, least: number, most: number): boolean {
  const number = Number(value ?? undefined);
  return Number.isInteger(number) && number >= least && number <= most;
}

const secrets = /\b(?:sk|pk|gsk|xai)[-_][\w*.-]{4,}|\bbearer\s+\S+|\bkey(?: provided)?\s*[:=]\s*\S+/gi;

function presentable(text: string): string {
  const line = text.split('\n\nTroubleshooting URL')[0]?.replaceAll(/\s+/g, ' ').trim() ?? '';
  const withoutKeys = line.replaceAll(secrets, '…');
  const cut = cutText(withoutKeys, messageText);
  return cut.length < withoutKeys.length ? `${cut}…` : cut;
}
