import type { Authenticate } from '../authenticate.ts';
import type { Config } from '../config.ts';
import { isApiKey } from './api-keys.ts';
import type { JwtRules } from './jwt.ts';

/** How JSON Web Tokens are checked as configured; null where none are taken. */
export function jwtRulesOf(config: Config): JwtRules | null {
  const { authSecret: secret, authJwksUrl: jwksUrl, authIssuer: issuer, authAudience: audience } = config;
  if (secret !== undefined) return { secret, issuer, audience };
  return jwksUrl === undefined ? null : { jwksUrl, issuer, audience };
}

/** Both kinds of token; which one it is shows at its first characters. */
export function checkTokens(jwts: Authenticate, keys: Authenticate): Authenticate {
  return (token) => (token !== null && isApiKey(token) ? keys(token) : jwts(token));
}
