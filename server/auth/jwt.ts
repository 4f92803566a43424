import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { JWTPayload, JWTVerifyOptions, JWTVerifyResult } from 'jose';
import { cleanText } from '../../shared/text.ts';
import type { Authenticate, KnownUser } from '../authenticate.ts';
import type { Logger } from '../logger.ts';

/** How the issuer's tokens are checked: with the secret that both share, or with the public keys that it publishes. */
export type JwtRules = ({ readonly secret: string } | { readonly jwksUrl: string }) & {
  /** What `iss` has to be; absent: not looked at. */
  readonly issuer?: string | undefined;
  /** What `aud` has to be or to hold; absent: not looked at. */
  readonly audience?: string | undefined;
};

/** With a secret both sides sign the same way; a published key must never be taken for one. */
const secretAlgorithms = ['HS256'];
const publishedAlgorithms = 'RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519'.split(' ');

/** Seconds by which the clocks of issuer and server may differ for a token that is not valid yet. Its end is exact. */
const clockTolerance = 5;

/** Milliseconds in which an issuer has to tell its keys. */
const jwksMs = 5_000;

/** What is wrong with the token. Anything else, such as keys that cannot be fetched, says nothing about it. */
const faultsOfTheToken: ReadonlySet<string> = new Set([
  errors.JOSEAlgNotAllowed.code,
  errors.JOSENotSupported.code,
  errors.JWKSMultipleMatchingKeys.code,
  errors.JWKSNoMatchingKey.code,
  errors.JWSInvalid.code,
  errors.JWSSignatureVerificationFailed.code,
  errors.JWTClaimValidationFailed.code,
  errors.JWTExpired.code,
  errors.JWTInvalid.code,
]);

/**
 * Checks JSON Web Tokens: algorithm, signature, issuer, audience, times. `sub` is the user.
 *
 * Throws when the issuer's keys cannot be had. Why a token was refused is in the log, without anything of the token.
 */
export function checkJwts(rules: JwtRules, logger: Logger): Authenticate {
  const verify = verifierOf(rules);
  return async (token) => {
    if (token === null) return null;
    try {
      return userOf((await verify(token)).payload);
    } catch (error) {
      const code = error instanceof errors.JOSEError ? error.code : '';
      if (!faultsOfTheToken.has(code)) throw unavailable(error);
      logger.debug({ code }, 'a token was refused');
      return null;
    }
  };
}

function verifierOf(rules: JwtRules): (token: string) => Promise<JWTVerifyResult> {
  const { issuer, audience } = rules;
  const options: JWTVerifyOptions = {
    clockTolerance,
    ...(issuer === undefined ? {} : { issuer }),
    ...(audience === undefined ? {} : { audience }),
  };
  if ('secret' in rules) {
    const secret = new TextEncoder().encode(rules.secret);
    return (token) => jwtVerify(token, secret, { ...options, algorithms: secretAlgorithms });
  }
  const keys = createRemoteJWKSet(new URL(rules.jwksUrl), { timeoutDuration: jwksMs });
  return (token) => jwtVerify(token, keys, { ...options, algorithms: publishedAlgorithms });
}

/** Null where nobody is named, or by a name that could not be stored as it is. */
function userOf({ sub, exp }: JWTPayload): KnownUser | null {
  if (typeof sub !== 'string' || sub === '' || sub.length > 255 || cleanText(sub) !== sub) return null;
  if (exp === undefined) return { id: sub };
  const expiresAt = exp * 1_000;
  return expiresAt > Date.now() ? { id: sub, expiresAt } : null;
}

/** The library's own errors may have what was checked among their properties, and errors are logged. */
function unavailable(error: unknown): Error {
  const reason = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new Error(`the keys that tokens are checked with cannot be had (${reason}); is AUTH_JWKS_URL right?`);
}
