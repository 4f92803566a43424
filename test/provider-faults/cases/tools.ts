import type { RawStep } from '../../helpers/raw-provider.ts';
import { chunk, lastChunk, pick, streamed, tokens } from '../fault-case.ts';
import type { FaultCase, FaultClass } from '../fault-case.ts';

const malformed = ['{"path":', '}', 'rm -rf /', '[1,2', '"', '\\', 'null', '', '{"a":1}{"b":2}'];

/** Calls of tools that nobody has offered. */
export const tools: FaultClass = (dialect, random): FaultCase[] => {
  const texts = tokens(random);
  const text = texts.join('');
  const said = [dialect.start(), ...texts.map(dialect.text)];
  const ending = dialect.finish(dialect.reasons.tool) + dialect.end();
  const args = pick(random, malformed);
  const fault = (name: string, text_: string, events: readonly string[]): FaultCase => ({
    name,
    answer: () => streamed(events, lastChunk),
    code: 'MODEL_BROKEN_STREAM',
    text: text_,
  });
  return [
    fault('a call instead of an answer', '', [dialect.start(), dialect.tool('{"path":"/"}'), ending]),
    fault('a call after some text', text, [...said, dialect.tool('{"path":', '"/"}'), ending]),
    fault(`malformed arguments ${JSON.stringify(args)}`, text, [...said, dialect.tool(args), ending]),
    fault('a call that breaks off', text, [...said, dialect.tool('{"path":')]),
    fault('a call, and then a natural end', text, [...said, dialect.tool('{}'), dialect.finish(), dialect.end()]),
    fault('the reason of a call without one', text, [...said, ending]),
    {
      name: 'arguments without end',
      *answer(): Generator<RawStep> {
        yield* streamed([...said, dialect.tool('')]);
        for (;;) yield chunk(dialect.tool('x'.repeat(1_000)));
      },
      code: 'MODEL_BROKEN_STREAM',
      text,
    },
  ];
};
