import type { ErrorCode } from '../../../shared/errors.ts';
import { pick, whole } from '../fault-case.ts';
import type { FaultCase, FaultClass } from '../fault-case.ts';

const codes: Readonly<Record<number, ErrorCode>> = {
  400: 'MODEL_BAD_REQUEST',
  401: 'MODEL_AUTH',
  403: 'MODEL_AUTH',
  404: 'MODEL_BAD_REQUEST',
  408: 'MODEL_UNAVAILABLE',
  409: 'MODEL_UNAVAILABLE',
  413: 'CONTEXT_TOO_LONG',
  418: 'MODEL_BAD_REQUEST',
  422: 'MODEL_BAD_REQUEST',
  429: 'MODEL_RATE_LIMITED',
  500: 'MODEL_UNAVAILABLE',
  502: 'MODEL_UNAVAILABLE',
  503: 'MODEL_UNAVAILABLE',
  504: 'MODEL_UNAVAILABLE',
  529: 'MODEL_UNAVAILABLE',
  999: 'MODEL_UNAVAILABLE',
};

const json = { 'content-type': 'application/json' };
const bodies: readonly (readonly [string, string, Readonly<Record<string, string>>])[] = [
  ['a JSON body', '{"error":{"type":"some_error","message":"it is so"}}', json],
  ['a body of other JSON', '{"detail":[{"loc":["body"],"msg":"no"}]}', json],
  ['a body that only claims to be JSON', '{"error":', json],
  ['a page', '<html><body>Bad gateway</body></html>', { 'content-type': 'text/html' }],
  ['an empty body', '', {}],
  ['JSON null', 'null', json],
];

/** What a provider may ask to wait, and whether it is worth while; null where it says nothing. */
const waits: readonly (readonly [string, boolean | null])[] = [
  ['0', true],
  ['1', true],
  ['Wed, 21 Oct 2015 07:28:00 GMT', true],
  ['3600', false],
  ['1e3', null],
  ['Wed, 21 Oct 2065 07:28:00 GMT', false],
  ['soon', null],
  ['-1', null],
];

/** Codes that are asked again whatever the provider says, unless it is a wait that is too long. */
function requestsFor(code: ErrorCode, isWorthWaiting: boolean | null): number {
  if (code === 'MODEL_RATE_LIMITED') return isWorthWaiting === true ? 3 : 1;
  return code === 'MODEL_UNAVAILABLE' && isWorthWaiting !== false ? 3 : 1;
}

/** Every status, each with a body and a `retry-after` that the seed picks. */
export const status: FaultClass = (_, random) =>
  Object.entries(codes).map(([number, code]): FaultCase => {
    const [name, body, headers] = pick(random, bodies);
    const [wait, isWorthWaiting] = pick(random, [[undefined, null] as const, ...waits]);
    const value = Number(number);
    return {
      name: `${value} with ${name}, retry-after ${wait ?? 'absent'}`,
      answer: () => [whole(value, body, { ...headers, ...(wait !== undefined && { 'retry-after': wait }) })],
      code,
      text: '',
      requests: requestsFor(code, isWorthWaiting),
    };
  });
