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

const waits = ['0', '3600', 'Wed, 21 Oct 2065 07:28:00 GMT', 'soon', '-1'];

/** Every status, each with a body and a `retry-after` that the seed picks. */
export const status: FaultClass = (_, random) =>
  Object.entries(codes).map(([number, code]): FaultCase => {
    const [name, body, headers] = pick(random, bodies);
    const wait = pick(random, [undefined, ...waits]);
    const value = Number(number);
    const repeats = code === 'MODEL_UNAVAILABLE';
    return {
      name: `${value} with ${name}, retry-after ${wait ?? 'absent'}`,
      answer: () => [whole(value, body, { ...headers, ...(wait !== undefined && { 'retry-after': wait }) })],
      code,
      text: '',
      requests: repeats ? 3 : 1,
    };
  });
