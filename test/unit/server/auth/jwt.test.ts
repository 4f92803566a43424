import type { JWTPayload } from 'jose';
import { describe, expect, test } from 'vitest';
import type { KnownUser } from '../../../../server/authenticate.ts';
import { checkJwts } from '../../../../server/auth/jwt.ts';
import type { JwtRules } from '../../../../server/auth/jwt.ts';
import type { Logger } from '../../../../server/logger.ts';
import { authSecret, startIssuer, tokenFor } from '../../../helpers/tokens.ts';

const logged: unknown[] = [];
const log = (...line: unknown[]) => void logged.push(...line);
const logger: Logger = { debug: log, info: log, warn: log, error: log };

const check = async (token: string | null, rules: JwtRules = { secret: authSecret }): Promise<KnownUser | null> =>
  checkJwts(rules, logger)(token);

const base64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const seconds = (fromNow: number) => Date.now() / 1_000 + fromNow;

describe('a token with a shared secret', () => {
  test('[AUTH-1] names its user, and its end where it has one', async () => {
    expect(await check(await tokenFor('ann'))).toEqual({ id: 'ann' });
    const exp = Math.floor(seconds(60));
    expect(await check(await tokenFor('ann', { claims: { exp } }))).toEqual({ id: 'ann', expiresAt: exp * 1_000 });
  });

  test('[AUTH-1] that is forged, expired, not for us or nobody’s is nobody’s', async () => {
    const good = await tokenFor('ann');
    const [header = '', payload = '', signature = ''] = good.split('.');
    const bad: Record<string, string | null> = {
      none: null,
      empty: '',
      nonsense: 'x',
      'other secret': await tokenFor('ann', { secret: `${authSecret}!` }),
      'other payload': `${header}.${base64({ sub: 'bob' })}.${signature}`,
      'alg none': `${base64({ alg: 'none' })}.${payload}.`,
      'alg none with a signature': `${base64({ alg: 'none' })}.${payload}.${signature}`,
      'alg HS384 in place of HS256': `${base64({ alg: 'HS384' })}.${payload}.${signature}`,
      'signed with HS384': await tokenFor('ann', { alg: 'HS384' }),
      'signed with HS512': await tokenFor('ann', { alg: 'HS512' }),
      'unknown critical header': `${base64({ alg: 'HS256', crit: ['x'], x: 1 })}.${payload}.${signature}`,
      expired: await tokenFor('ann', { expiresIn: -1 }),
      'not yet valid': await tokenFor('ann', { claims: { nbf: seconds(60) } }),
      'no user': await tokenFor(''),
      'a user that is a number': await tokenFor('', { claims: { sub: 7 as unknown as string } }),
      'a long user': await tokenFor('x'.repeat(256)),
      'a user with NUL': await tokenFor('an\0n'),
      'a user with half a pair': await tokenFor('an\ud800n'),
    };
    for (const [name, token] of Object.entries(bad)) expect([name, await check(token)]).toEqual([name, null]);
    const said = JSON.stringify(logged);
    expect(said).toContain('ERR_JWS_SIGNATURE_VERIFICATION_FAILED');
    for (const piece of ['ann', payload, signature]) expect(said).not.toContain(piece);
  });

  test('[AUTH-1] begins a little early for clocks that differ, and its end is exact', async () => {
    expect(await check(await tokenFor('ann', { claims: { nbf: seconds(3) } }))).toEqual({ id: 'ann' });
    expect(await check(await tokenFor('ann', { claims: { exp: Math.floor(seconds(0)) } }))).toBeNull();
  });

  test('[AUTH-1] has to be from the issuer and for the audience where these are set', async () => {
    const rules = { secret: authSecret, issuer: 'https://login.example.com', audience: 'chat' };
    const of = async (claims: JWTPayload) => check(await tokenFor('ann', { claims }), rules);
    expect(await of({ iss: rules.issuer, aud: 'chat' })).toEqual({ id: 'ann' });
    expect(await of({ iss: rules.issuer, aud: ['mail', 'chat'] })).toEqual({ id: 'ann' });
    for (const claims of [{}, { iss: rules.issuer }, { aud: 'chat' }, { iss: `${rules.issuer}/`, aud: 'chat' }])
      expect(await of(claims)).toBeNull();
    expect(await of({ iss: rules.issuer, aud: 'mail' })).toBeNull();
  });
});

describe('a token with a published key', () => {
  test('[AUTH-2] is taken by its signature, never by a secret, also not by the public key as one', async () => {
    await using issuer = await startIssuer();
    const rules = { jwksUrl: issuer.jwksUrl };
    expect(await check(await issuer.sign({ sub: 'ann' }), rules)).toEqual({ id: 'ann' });
    const guesses = [JSON.stringify(issuer.publicKey), String(issuer.publicKey['n'])];
    for (const guess of guesses) {
      const forged = await issuer.sign({ sub: 'ann' }, { alg: 'HS256', key: new TextEncoder().encode(guess) });
      expect(await check(forged, rules)).toBeNull();
      expect(await check(await tokenFor('ann', { secret: guess }), rules)).toBeNull();
    }
    expect(await check(await tokenFor('ann'), rules)).toBeNull();
    expect(await check(await issuer.sign({ sub: 'ann' }), { secret: authSecret })).toBeNull();
    expect(await check(await issuer.sign({ sub: 'ann', exp: seconds(-1) }), rules)).toBeNull();
  });

  test('[AUTH-2] cannot be judged while the keys are out of reach', async () => {
    await using issuer = await startIssuer();
    issuer.breakDown();
    await expect(check(await issuer.sign({ sub: 'ann' }), { jwksUrl: issuer.jwksUrl })).rejects.toThrow(
      /keys that tokens are checked with cannot be had .*AUTH_JWKS_URL/,
    );
  });
});
