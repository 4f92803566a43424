import { isIPv6 } from 'node:net';

/** Groups of an IPv6 address that one household or machine has all of: the first 64 bits. */
const ownGroups = 4;

/**
 * What somebody without a name is counted by: an IPv4 address, or the network of an IPv6 address, of which one machine
 * has as many as it likes.
 */
export function guestAddress(remoteAddress: string | undefined): string {
  if (remoteAddress === undefined || !isIPv6(remoteAddress)) return remoteAddress ?? 'unknown';
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(remoteAddress)?.[1];
  if (mapped !== undefined) return mapped;
  const [address = ''] = remoteAddress.split('%');
  const [head = '', tail = ''] = address.split('::');
  const groups = groupsOf(head);
  const missing = address.includes('::') ? 8 - groups.length - groupsOf(tail).length : 0;
  const all = [...groups, ...Array.from({ length: missing }, () => '0'), ...groupsOf(tail)];
  return `${all
    .slice(0, ownGroups)
    .map((group) => Number.parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':');
}
