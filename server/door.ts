import type { IncomingMessage } from 'node:http';

/** Why a request is not let in: the status, what the peer is told, and what the log says. */
export interface Refusal {
  readonly status: 400 | 403 | 404;
  readonly message: string;
}

const loopbackHosts = new Set(['localhost', '127.0.0.1', '[::1]']);

export function isLoopback(host: string): boolean {
  return loopbackHosts.has(host) || host === '::1';
}

/**
 * Who may talk to this server, by what its browser says about itself: HTTP and WebSocket alike, before anything else.
 *
 * `Host` must be this machine or the host of an allowed origin, so that a foreign name that resolves here reaches
 * nothing. `Origin`, which browsers send and scripts don't, must be this machine (any port) or exactly an allowed origin.
 */
export class Door {
  readonly #allowed: readonly string[];
  readonly #origins: ReadonlySet<string>;
  readonly #hosts: ReadonlySet<string>;

  constructor(allowedOrigins: readonly string[]) {
    this.#allowed = allowedOrigins;
    this.#origins = new Set(allowedOrigins);
    this.#hosts = new Set(allowedOrigins.map((origin) => new URL(origin).host));
  }

  /** Null: come in. */
  check(request: IncomingMessage): Refusal | null {
    if (targetOf(request) === null)
      return { status: 400, message: 'expected a request target and a Host that parse as a URL' };
    const host = request.headers.host ?? '';
    if (!this.#isKnownHost(host)) return refuse('Host', host, [...this.#allowed, `http://${host}`]);
    const { origin } = request.headers;
    if (origin !== undefined && !this.isKnownOrigin(origin))
      return refuse('Origin', origin, [...this.#allowed, origin]);
    return null;
  }

  isKnownOrigin(origin: string): boolean {
    if (this.#origins.has(origin)) return true;
    if (!URL.canParse(origin)) return false;
    const { protocol, hostname, origin: parsed } = new URL(origin);
    return parsed === origin && (protocol === 'http:' || protocol === 'https:') && loopbackHosts.has(hostname);
  }

  #isKnownHost(host: string): boolean {
    if (this.#hosts.has(host)) return true;
    const name = host.replace(/:\d{1,5}$/, '').toLowerCase();
    return loopbackHosts.has(name);
  }
}

/** The request's URL; null where target or Host do not parse: tRPC's adapters would throw on such a request. */
export function targetOf(request: IncomingMessage): URL | null {
  const { url = '', headers } = request;
  if (!url.startsWith('/') || !URL.canParse(url, `http://${headers.host ?? ''}`)) return null;
  return new URL(url, `http://${headers.host}`);
}

/** What has to be set is told exactly where what came can be one of the values, and else in general. */
function refuse(header: 'Host' | 'Origin', value: string, wanted: readonly string[]): Refusal {
  const came = `${header} ${JSON.stringify(value.slice(0, 200))} is not allowed here`;
  return { status: 403, message: `${came}; ${fixOf(header, value, wanted)}` };
}

function fixOf(header: 'Host' | 'Origin', value: string, wanted: readonly string[]): string {
  if (value === 'null' || value.startsWith('file:')) {
    return 'a page that was opened as a file has no origin that ALLOWED_ORIGINS could name: serve it over http';
  }
  const last = wanted.at(-1) ?? '';
  const isOrigin = /^https?:/.test(last) && URL.canParse(last) && new URL(last).origin === last;
  if (!isOrigin) return 'add its origin (scheme://host:port) to ALLOWED_ORIGINS and start the server again';
  const scheme = header === 'Host' ? ' (https:// if that is how it is reached)' : '';
  return `to let it in, start the server again with ALLOWED_ORIGINS=${wanted.join(',')}${scheme}`;
}
