import type { RawStep } from '../../helpers/raw-provider.ts';
import { between, chunk, cut as pieces, head, streamed, tokens } from '../fault-case.ts';
import type { Exchange, FaultCase, FaultClass } from '../fault-case.ts';

const broken = { code: 'MODEL_BROKEN_STREAM' } as const;

export const cut: FaultClass = (dialect, random): FaultCase[] => {
  const texts = tokens(random);
  const text = texts.join('');
  const said = [dialect.start(), ...texts.map(dialect.text)];
  const next = Buffer.from(dialect.text('漢 🙂 lost'));
  const at = between(random, 1, next.length - 3);
  const after = (...then: RawStep[]) =>
    async function* ({ shown }: Exchange): AsyncGenerator<RawStep> {
      yield* streamed(said);
      await shown(text.length);
      yield* then;
    };
  const reset = { end: 'reset' } as const;
  const close = { end: 'close' } as const;
  return [
    { ...broken, name: 'reset between two tokens', answer: after(reset), text },
    { ...broken, name: `reset after ${at} bytes of a token`, answer: after(chunk(next.subarray(0, at)), reset), text },
    { ...broken, name: 'closed without the last chunk', answer: after(close), text },
    { ...broken, name: `closed after ${at} bytes of a token`, answer: after(chunk(next.subarray(0, at)), close), text },
    { ...broken, name: 'closed cleanly without a finish', answer: after('0\r\n\r\n', close), text },
    { ...broken, name: 'half of a chunk header, then closed', answer: after('1f', close), text },
    { ...broken, name: 'half of a chunk header, then reset', answer: after('1f', reset), text },
    { ...broken, name: 'a chunk header that is none', answer: after('zz\r\nlost\r\n'), text },
    { ...broken, name: 'a chunk longer than it says', answer: after('3\r\ndata: too much\r\n'), text },
    {
      ...broken,
      name: 'a content-length that is not reached',
      async *answer({ shown }) {
        yield head(200, { 'content-length': '99999' }).replace('transfer-encoding: chunked\r\n', '');
        yield* pieces(random, Buffer.from(said.join('')));
        await shown(text.length);
        yield close;
      },
      text,
    },
    {
      ...broken,
      name: 'closed cleanly, with no length at all',
      *answer() {
        yield head().replace('transfer-encoding: chunked\r\n', '');
        yield said.join('');
        yield close;
      },
      text,
    },
  ];
};
