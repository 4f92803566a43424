const protocols: Partial<Record<string, string>> = { 'http:': 'ws:', 'https:': 'wss:', 'ws:': 'ws:', 'wss:': 'wss:' };

/** Where a server's socket is: `http://host/base` → `ws://host/base/trpc`. Errors: a TypeError that names the value. */
export function socketUrl(address: string): string {
  const url = URL.canParse(address) ? new URL(address) : null;
  const protocol = url && protocols[url.protocol];
  if (!url || !protocol) {
    throw new TypeError(
      `url: expected a server's address such as http://127.0.0.1:3000, got ${JSON.stringify(address)}`,
    );
  }
  const path = url.pathname.replace(/\/+$/, '');
  return `${protocol}//${url.host}${path.endsWith('/trpc') ? path : `${path}/trpc`}`;
}

/** Where the files of the server are whose socket is there: `ws://host/base/trpc` → `http://host/base/files`. */
export function filesUrl(socket: string): string {
  return socket.replace(/^ws/, 'http').replace(/\/trpc$/, '/files');
}
