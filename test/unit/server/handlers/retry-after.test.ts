import { expect, test } from 'vitest';
import { retryAfterMs } from '../../../../server/handlers/retry-after.ts';

const now = Date.parse('2026-01-02T03:04:05Z');
const failed = (headers: HeadersInit): Error => Object.assign(new Error('503'), { headers: new Headers(headers) });

test.each([
  [{ 'retry-after': '7' }, 7_000],
  [{ 'retry-after': ' 1.5 ' }, 1_500],
  [{ 'retry-after': 'Fri, 02 Jan 2026 03:04:15 GMT' }, 10_000],
  [{ 'retry-after': 'Fri, 02 Jan 2026 03:00:00 GMT' }, 0],
  [{ 'retry-after-ms': '250', 'retry-after': '7' }, 250],
  [{ 'retry-after-ms': 'x', 'retry-after': '7' }, 7_000],
  [{ 'retry-after': '0' }, 0],
  [{ 'retry-after': '' }, null],
  [{ 'retry-after': 'soon' }, null],
  [{ 'retry-after': '-1' }, null],
  [{ 'retry-after': '1e9' }, null],
  [{ 'retry-after': 'Infinity' }, null],
  [{}, null],
])('[PRV-16] %j is a wait of %j ms', (headers, ms) => {
  expect(retryAfterMs(failed(headers), now)).toBe(ms);
});

test('[PRV-16] headers of a response inside the error are read as well; what has none says nothing', () => {
  expect(retryAfterMs({ response: { headers: new Headers({ 'retry-after': '7' }) } })).toBe(7_000);
  for (const error of [
    null,
    undefined,
    'x',
    { headers: null },
    { headers: { 'retry-after': '7' } },
    { response: null },
  ])
    expect(retryAfterMs(error)).toBeNull();
});
