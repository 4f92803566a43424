import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { JWTPayload } from 'jose';

export const authSecret = 'a secret of tests, long enough to be one';

interface TokenOptions {
  /** Seconds from now; absent: never. */
  readonly expiresIn?: number;
  readonly secret?: string;
  readonly claims?: JWTPayload;
  /** `HS256` when absent. */
  readonly alg?: string;
}

/** A token of this user as an issuer with the shared secret makes it. */
export function tokenFor(
  user: string,
  { expiresIn, secret = authSecret, claims = {}, alg = 'HS256' }: TokenOptions = {},
) {
  const token = new SignJWT({ sub: user, ...claims }).setProtectedHeader({ alg });
  // The standard counts in seconds, of which tests want parts too.
  if (expiresIn !== undefined) token.setExpirationTime(Date.now() / 1_000 + expiresIn);
  return token.sign(new TextEncoder().encode(secret));
}

export interface Issuer extends AsyncDisposable {
  readonly jwksUrl: string;
  sign(claims: JWTPayload, options?: { readonly alg?: string; readonly key?: CryptoKey | Uint8Array }): Promise<string>;
  /** What anybody can know of its key. */
  readonly publicKey: Record<string, unknown>;
  /** From now on it does not tell its keys. */
  breakDown(): void;
}

/** Publishes the key that it signs with, over real HTTP. */
export async function startIssuer(): Promise<Issuer> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one' };
  let isBroken = false;
  const server = createServer((_, response) => {
    response.writeHead(isBroken ? 500 : 200, { 'content-type': 'application/json' });
    response.end(isBroken ? '' : JSON.stringify({ keys: [jwk] }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    jwksUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
    sign: (claims, { alg = 'RS256', key = privateKey } = {}) =>
      new SignJWT(claims).setProtectedHeader({ alg, kid: 'one' }).sign(key),
    publicKey: jwk,
    breakDown: () => {
      isBroken = true;
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
