import { isIP } from 'node:net';
import { isPublicAddress } from './public-address.ts';

/** Why a request is not made; the model and the person are told. */
export class RefusedAddress extends Error {
  override readonly name = 'RefusedAddress';
}

/** Ports above 1023 of services that answer to text which looks like a request, or that nobody means by a web address. */
const servicePorts = new Set([
  1099, 1433, 1521, 1723, 2049, 2181, 2375, 2376, 2379, 2380, 3306, 3389, 4369, 5432, 5672, 5900, 5984, 5985, 6000,
  6379, 6443, 6665, 6666, 6667, 6668, 6669, 6697, 7001, 8086, 9042, 9092, 9200, 9300, 10250, 10255, 11211, 27017, 50070,
]);

const lastSystemPort = 1023;
const webPorts = new Set([80, 443]);

/** A URL that may be asked, and whose host in it is known. */
export interface AllowedUrl {
  readonly url: URL;
  /** Named by whoever runs the server: neither address nor port is looked at. */
  readonly isNamed: boolean;
}

/**
 * The URL as it is requested: parsed once, so that what was checked is what is asked for. Names are not looked up here.
 *
 * Errors: `RefusedAddress` for anything but http and https, for user and password, ports of other services, addresses
 * that are not public, however they are written.
 *
 * @param allowedHosts `host` or `host:port`, which the operator has named
 */
export function allowedUrl(text: string, allowedHosts: ReadonlySet<string>): AllowedUrl {
  const url = URL.parse(text);
  if (!url) throw new RefusedAddress('expected a whole URL such as https://example.com/page');
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw new RefusedAddress(`expected an address with https or http, got one with ${url.protocol}`);
  }
  if (url.username !== '' || url.password !== '') throw new RefusedAddress('expected a URL without user and password');
  // With the dot of the root, a name is the same and compares otherwise.
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1);
  const host = hostOf(url);
  const port = Number(url.port || (url.protocol === 'https:' ? 443 : 80));
  const isNamed = allowedHosts.has(host) || allowedHosts.has(`${host}:${port}`);
  if (!isNamed) refuse(host, port);
  return { url, isNamed };
}

/** Without the brackets of an IPv6 address. */
export function hostOf({ hostname }: URL): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname;
}

function refuse(host: string, port: number): void {
  const isWeb = webPorts.has(port) || (port > lastSystemPort && !servicePorts.has(port));
  if (!isWeb) throw new RefusedAddress(`port ${port} is not one of the web`);
  if (isIP(host) !== 0 && !isPublicAddress(host)) throw notPublic(host);
}

export function notPublic(host: string): RefusedAddress {
  return new RefusedAddress(
    `${host} is not a public address; whoever runs the server may allow it (TOOL_ALLOWED_HOSTS)`,
  );
}
