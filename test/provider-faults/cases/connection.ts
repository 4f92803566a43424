import { between, chunk, goodEvents, head, lastChunk, tokens } from '../fault-case.ts';
import type { FaultCase, FaultClass } from '../fault-case.ts';

const unreachable = { code: 'MODEL_UNAVAILABLE', text: '' } as const;

export const connection: FaultClass = (dialect, random): FaultCase[] => {
  const texts = tokens(random);
  const headBytes = Buffer.from(head());
  const at = between(random, 1, headBytes.length - 2);
  return [
    // Nothing listens on port 1.
    { ...unreachable, name: 'refused', answer: () => [], origin: () => 'http://127.0.0.1:1', requests: 0 },
    {
      ...unreachable,
      name: 'a host that does not exist',
      answer: () => [],
      origin: () => `http://no-such-host-${between(random, 1, 999)}.invalid`,
      requests: 0,
    },
    {
      ...unreachable,
      name: 'TLS to a plain port',
      answer: () => [],
      origin: (port) => `https://127.0.0.1:${port}`,
      requests: 0,
    },
    { ...unreachable, name: 'reset before the headers', answer: () => [{ end: 'reset' }], requests: 3 },
    { ...unreachable, name: 'closed before the headers', answer: () => [{ end: 'close' }], requests: 3 },
    {
      ...unreachable,
      name: `cut in the headers, after ${at} bytes`,
      answer: () => [headBytes.subarray(0, at), { end: 'close' }],
      requests: 3,
    },
    {
      ...unreachable,
      name: 'what is no HTTP',
      answer: () => ['SSH-2.0-OpenSSH_9.2\r\n', { end: 'close' }],
      requests: 3,
    },
    {
      ...unreachable,
      name: 'headers without end',
      *answer() {
        yield 'HTTP/1.1 200 OK\r\n';
        for (let index = 0; index < 1_000; index += 1) yield `x-more-${index}: ${'y'.repeat(100)}\r\n`;
        yield { end: 'hang' };
      },
      requests: 3,
    },
    {
      name: 'reset once before the headers, then good',
      *answer({ index }) {
        if (index === 0) yield { end: 'reset' };
        else yield* [head(), chunk(goodEvents(dialect, texts)), lastChunk];
      },
      code: null,
      text: texts.join(''),
      requests: 2,
    },
    {
      name: 'closed after the headers',
      answer: () => [head(), { end: 'close' }],
      code: 'MODEL_BROKEN_STREAM',
      text: '',
    },
    {
      name: 'reset after the headers',
      answer: () => [head(), chunk(': hello\n\n'), { end: 'reset' }],
      code: 'MODEL_BROKEN_STREAM',
      text: '',
    },
  ];
};
