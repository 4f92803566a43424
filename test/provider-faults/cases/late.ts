import type { RawStep } from '../../helpers/raw-provider.ts';
import { chunk, lastChunk, pick, streamed, tokens } from '../fault-case.ts';
import type { FaultCase, FaultClass } from '../fault-case.ts';

/** What comes after the model has said that its answer is whole. No word of the answer is lost by it. */
export const late: FaultClass = (dialect, random): FaultCase[] => {
  const texts = tokens(random);
  const text = texts.join('');
  const said = [dialect.start(), ...texts.map(dialect.text), dialect.finish()];
  const kept = (name: string, ...then: readonly RawStep[]): FaultCase => ({
    name,
    answer: () => streamed(said, ...then),
    code: null,
    text,
  });
  const end = chunk(dialect.end());
  const rubbish = pick(random, ['data: {"a":\n\n', 'hello', 'data: 17\n\n', '\u0000']);
  return [
    kept('the end twice', end, end, lastChunk),
    kept('text after the end', end, chunk(dialect.text('late')), lastChunk),
    kept('another answer after the end', end, chunk(said.join('') + dialect.end()), lastChunk),
    kept(`rubbish after the end: ${JSON.stringify(rubbish)}`, end, chunk(rubbish), lastChunk),
    kept('rubbish after the finish', chunk('data: {"a":\n\n'), lastChunk),
    kept('an error after the finish', chunk(dialect.error({ type: 'overloaded_error', message: 'x' })), lastChunk),
    kept('a stall after the end', end, { end: 'hang' }),
    kept('a stall after the finish', { end: 'hang' }),
    kept('no last chunk', end, { end: 'close' }),
    kept('a close after the finish', { end: 'close' }),
    {
      ...kept('a reset after the finish'),
      async *answer({ shown }) {
        yield* streamed(said);
        await shown(text.length);
        yield { end: 'reset' };
      },
    },
    {
      ...kept('bytes without end after the end'),
      *answer() {
        yield* streamed([...said, dialect.end()]);
        for (;;) yield chunk(dialect.text('x'));
      },
    },
    {
      ...kept('comments without end after the finish'),
      *answer() {
        yield* streamed(said);
        for (;;) yield chunk(': x\n\n'.repeat(100));
      },
    },
  ];
};
