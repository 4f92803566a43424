import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { hostOf, notPublic } from './allowed-url.ts';
import type { AllowedUrl } from './allowed-url.ts';
import { isPublicAddress } from './public-address.ts';

interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** All addresses of a name. */
export type Resolve = (host: string) => Promise<readonly ResolvedAddress[]>;

export const systemResolve: Resolve = (host) => lookup(host, { all: true });

/**
 * What connects to the addresses that were looked at, and to no others: the name is resolved once, so an answer that is
 * another one the next time changes nothing.
 *
 * Errors: `RefusedAddress` when one of the addresses is not public, even if others are.
 */
export async function pinnedLookup({ url, isNamed }: AllowedUrl, resolve: Resolve): Promise<LookupFunction> {
  const host = hostOf(url);
  const family = isIP(host);
  const found = family === 0 ? await resolve(host) : [{ address: host, family }];
  if (!isNamed && !found.every(({ address }) => isPublicAddress(address))) throw notPublic(host);
  const [first] = found;
  if (!first) throw new Error(`${host} has no address`);
  return (_, options, callback) => {
    if (options.all)
      callback(
        null,
        found.map((one) => ({ ...one })),
      );
    else callback(null, first.address, first.family);
  };
}
