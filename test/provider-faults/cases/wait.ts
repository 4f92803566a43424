import { chunk, goodEvents, head, lastChunk, tokens, whole } from '../fault-case.ts';
import type { FaultCase, FaultClass } from '../fault-case.ts';

/** Longer than the longest first pause by which a request is sent again, which is two seconds. */
const waitMs = 2_500;

/** A provider that asks to be left alone for a while. */
export const wait: FaultClass = (dialect, random): FaultCase[] => {
  const texts = tokens(random);
  const refusal = (status: number, headers: Readonly<Record<string, string>>) => whole(status, 'not now', headers);
  const keeps = (name: string, status: number, headers: () => Readonly<Record<string, string>>): FaultCase => ({
    name,
    *answer({ index }) {
      if (index === 0) yield refusal(status, headers());
      else yield* [head(), chunk(goodEvents(dialect, texts)), lastChunk];
    },
    code: null,
    text: texts.join(''),
    requests: 2,
    notBeforeMs: waitMs,
  });
  /** A date has whole seconds. */
  const date = () => new Date(Date.now() + waitMs + 1_000).toUTCString();
  return [
    keeps('429 with milliseconds', 429, () => ({ 'retry-after-ms': String(waitMs) })),
    keeps('429 with seconds', 429, () => ({ 'retry-after': String(waitMs / 1_000) })),
    keeps('503 with a date', 503, () => ({ 'retry-after': date() })),
    ...[['MODEL_RATE_LIMITED', 429] as const, ['MODEL_UNAVAILABLE', 503] as const].map(([code, status]): FaultCase => ({
      name: `${status} for an hour`,
      answer: () => [refusal(status, { 'retry-after': '3600' })],
      code,
      text: '',
      message: /send it again in 60 minutes$/,
    })),
    {
      name: '429 of an account that is used up',
      answer: () => [
        whole(429, '{"error":{"code":"insufficient_quota","message":"x"}}', {
          'content-type': 'application/json',
          'retry-after': '1',
        }),
      ],
      code: 'MODEL_RATE_LIMITED',
      text: '',
      message: /quota/,
    },
  ];
};
