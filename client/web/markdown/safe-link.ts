const allowed = new Set(['http:', 'https:', 'mailto:']);

/** The address in full where a click on it is harmless; null for everything else, relative addresses too. */
export function safeLink(address: string | undefined): string | null {
  if (address === undefined || !URL.canParse(address)) return null;
  const url = new URL(address);
  return allowed.has(url.protocol) ? url.href : null;
}
