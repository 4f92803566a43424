import { lastChunk, pick, streamed, tokens } from '../fault-case.ts';
import type { FaultCase, FaultClass } from '../fault-case.ts';

const noReasons = [null, '', 0, false, 17, true, {}, [], ['stop']];

export const missingEnd: FaultClass = (dialect, random): FaultCase[] => {
  const texts = tokens(random);
  const text = texts.join('');
  const said = [dialect.start(), ...texts.map(dialect.text)];
  const ends = (name: string, code: FaultCase['code'], ...events: readonly string[]): FaultCase => ({
    name,
    answer: () => streamed([...said, ...events], lastChunk),
    code,
    text,
  });
  const broken = 'MODEL_BROKEN_STREAM';
  const none = pick(random, noReasons);
  return [
    ends('neither a finish nor an end', broken),
    ends('an end without a finish', broken, dialect.end()),
    ends('two ends without a finish', broken, dialect.end(), dialect.end()),
    ...noReasons.map((reason) =>
      ends(`${JSON.stringify(reason)} for a reason`, broken, dialect.finish(reason), dialect.end()),
    ),
    {
      name: `${JSON.stringify(none)} for a reason after each token`,
      answer: () =>
        streamed(
          [...said.flatMap((event) => [event, dialect.finish(none)]), dialect.finish(), dialect.end()],
          lastChunk,
        ),
      code: null,
      text,
    },
    ends('a finish without an end', null, dialect.finish()),
    ends('a finish at the limit of length', null, dialect.finish(dialect.reasons.length), dialect.end()),
    ...(dialect.name === 'openai'
      ? ['error', 'network_error', 'insufficient_system_resource'].map((reason) =>
          ends(`the reason ${reason}`, broken, dialect.finish(reason), dialect.end()),
        )
      : []),
    ends(
      'a refusal to answer',
      'MODEL_REFUSED',
      dialect.finish(dialect.name === 'openai' ? 'content_filter' : 'refusal'),
      dialect.end(),
    ),
  ];
};
