import { ConnectError } from './connect-error.ts';

const expected = 'DATABASE_URL: expected postgres://user:password@host:port/database';

/** Errors: `ConnectError`, without anything of the address in it that could be a password. */
export function parseDatabaseUrl(text: string): URL {
  const url = URL.parse(text);
  if (!url) throw new ConnectError(`${expected}, got ${text.length} characters that are no URL; write it like that`);
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:') {
    throw new ConnectError(`${expected}, got one that begins with ${url.protocol}; write it like that`);
  }
  return url;
}

/** For messages: without password and options. */
export function describeUrl({ protocol, username, host, pathname }: URL): string {
  return `${protocol}//${username === '' ? '' : `${username}@`}${host}${pathname}`;
}
