import { Agent, request } from 'undici';
import { orAborted } from '../../or-aborted.ts';
import { allowedUrl, RefusedAddress } from './allowed-url.ts';
import { boundedBody } from './bounded-body.ts';
import type { BoundedBody } from './bounded-body.ts';
import { pinnedLookup, systemResolve } from './pinned-address.ts';
import type { Resolve } from './pinned-address.ts';

export interface OutboundOptions {
  /** Hosts, or `host:port`, that may be asked whatever their address: services of whoever runs the server. */
  readonly allowedHosts?: readonly string[];
  /** For tests. */
  readonly resolve?: Resolve;
}

export interface OutboundRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
  /** Bytes of the answer, unpacked; the rest is not read. */
  readonly bytes: number;
  readonly signal: AbortSignal;
}

interface OutboundResponse extends BoundedBody {
  /** Where the answer came from, after redirects. */
  readonly url: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
}

/** Asks servers of the public internet, and none that only this machine can reach. */
export type Outbound = (asked: OutboundRequest) => Promise<OutboundResponse>;

const mostRedirects = 5;

/** Bytes of the headers of an answer. */
const headerBytes = 16_384;

/**
 * Each request, and each redirect that it is sent on by, is looked at in the same way: `allowedUrl`, then the addresses
 * of its host, to one of which it then connects. Nothing that was given for one origin goes to another.
 *
 * Errors: `RefusedAddress`; those of the network as they are.
 */
export function createOutbound({ allowedHosts = [], resolve = systemResolve }: OutboundOptions = {}): Outbound {
  const allowed = new Set(allowedHosts.map((host) => host.toLowerCase()));
  return async (asked) => {
    let next = asked;
    for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
      const answer = await askOnce(next, allowed, resolve);
      if ('status' in answer) return answer;
      next = redirected(next, answer);
    }
    throw new RefusedAddress(`it sent the request on more than ${mostRedirects} times`);
  };
}

interface Redirect {
  readonly from: URL;
  readonly to: string;
  readonly code: number;
}

async function askOnce(
  asked: OutboundRequest,
  allowed: ReadonlySet<string>,
  resolve: Resolve,
): Promise<OutboundResponse | Redirect> {
  const { method, headers, body, bytes, signal } = asked;
  const target = allowedUrl(asked.url, allowed);
  // The system's resolver cannot be broken off.
  const lookup = await orAborted(pinnedLookup(target, resolve), signal);
  const agent = new Agent({ connect: { lookup }, maxHeaderSize: headerBytes, pipelining: 0 });
  try {
    const answer = await request(target.url, { dispatcher: agent, method: method as 'GET', headers, body, signal });
    const found = plainHeaders(answer.headers);
    const to = found['location'];
    if (isRedirect(answer.statusCode) && to !== undefined) {
      answer.body.on('error', () => undefined).destroy();
      return { from: target.url, to, code: answer.statusCode };
    }
    const read = await boundedBody(answer.body, found['content-encoding'] ?? '', bytes);
    return { url: target.url.href, status: answer.statusCode, headers: found, ...read };
  } finally {
    // It would wait for what nobody reads any more.
    void agent.destroy();
  }
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

function redirected(asked: OutboundRequest, { from, to, code }: Redirect): OutboundRequest {
  const url = URL.parse(to, from.href);
  if (!url) throw new RefusedAddress('it sent the request on to something that is no address');
  const isOther = url.origin !== from.origin;
  const keeps = code === 307 || code === 308 || asked.method === 'GET' || asked.method === 'HEAD';
  if (isOther && keeps && asked.body !== null) {
    throw new RefusedAddress(`it sent the request with its body on to another origin, ${url.origin}`);
  }
  return {
    ...asked,
    url: url.href,
    headers: isOther ? {} : asked.headers,
    ...(!keeps && { method: 'GET', body: null }),
  };
}

function plainHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const pairs = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value ?? []].flat().join(', ')]);
  return Object.fromEntries(pairs) as Record<string, string>;
}
