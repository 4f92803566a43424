import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Of these only what is given to hosts of the public internet: what nobody has thought of is refused. */
const publicIpv6 = ipaddr.IPv6.parseCIDR('2000::/3');

/** Reached only from inside a cloud, though its block is public: the host's agent of Azure, which hands out secrets. */
const insideClouds = new Set(['168.63.129.16']);

/**
 * Whether an address is one of the public internet: not this machine, not its network, not a service beside it, and
 * none of the ways to write such an address inside another (mapped, compatible, translated, tunnelled).
 *
 * @param text as the system's resolver or a URL's `hostname` has it; anything else is refused
 */
export function isPublicAddress(text: string): boolean {
  if (isIP(text) === 0 || insideClouds.has(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== 'unicast') return false;
  return address instanceof ipaddr.IPv4 || address.match(publicIpv6);
}
