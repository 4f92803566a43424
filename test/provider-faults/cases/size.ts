import type { RawStep } from '../../helpers/raw-provider.ts';
import { between, chunk, goodEvents, head, lastChunk, streamed, tokens } from '../fault-case.ts';
import type { FaultCase, FaultClass } from '../fault-case.ts';

/** Until the client leaves; several chunks in a write, as a fast server does. */
function* forever(content: string): Generator<RawStep> {
  const one = chunk(content);
  const bytes = Buffer.concat(Array.from({ length: Math.ceil(16_384 / one.length) }, () => one));
  for (;;) yield bytes;
}

const answerText = 20_000;

/** Each would go on for ever, or is far larger than anything honest. */
export const size: FaultClass = (dialect, random): FaultCase[] => {
  const texts = tokens(random);
  const text = texts.join('');
  const said = [dialect.start(), ...texts.map(dialect.text)];
  const kib = 'x'.repeat(1_024);
  const endless = (
    name: string,
    code: FaultCase['code'],
    content: string,
    ...before: readonly string[]
  ): FaultCase => ({
    name,
    *answer() {
      yield* streamed([...said, ...before]);
      yield* forever(content);
    },
    code,
    text,
    limits: { answerText },
  });
  const several = (event: string): string => event.repeat(between(random, 1, 50));
  const inText = (token: string): FaultCase => ({
    ...endless(`tokens of ${token.length} without end`, 'ANSWER_TOO_LARGE', several(dialect.text(token))),
    text: new RegExp(`^[^]{${answerText - 1},${answerText}}$`),
  });
  return [
    inText('z'),
    inText('🙂'.repeat(between(random, 2, 2_000))),
    {
      name: 'one event that is longer than the answer may be',
      answer: () => streamed([goodEvents(dialect, ['y'.repeat(100_000)])], lastChunk),
      code: 'ANSWER_TOO_LARGE',
      text: 'y'.repeat(answerText),
      limits: { answerText },
    },
    {
      name: 'one long event that is not too long',
      answer: () => streamed([goodEvents(dialect, ['é'.repeat(1_000_000)])], lastChunk),
      code: null,
      text: 'é'.repeat(1_000_000),
      limits: { answerText: 1_000_000 },
    },
    endless('a line without end', 'ANSWER_TOO_LARGE', kib, 'data: '),
    endless('an event of lines without end', 'ANSWER_TOO_LARGE', `data: ${kib}\n`),
    endless('the name of an event without end', 'ANSWER_TOO_LARGE', kib, 'event: '),
    endless('a line of no field without end', 'MODEL_TIMEOUT', kib, 'x'),
    endless('empty events', 'MODEL_TIMEOUT', several('data:\n\n')),
    endless('events of nothing', 'MODEL_TIMEOUT', several('event: message_delta\ndata: {"type":"news"}\n\n')),
    endless('comments', 'MODEL_TIMEOUT', `: ${kib}\n\n`),
    endless('empty lines', 'MODEL_TIMEOUT', several('\n')),
    ...(dialect.name === 'anthropic' ? hidden(endless) : []),
    refusalWithoutEnd(400, 'MODEL_BAD_REQUEST', 1),
    refusalWithoutEnd(999, 'MODEL_UNAVAILABLE', 3),
  ];
};

function refusalWithoutEnd(status: number, code: FaultCase['code'], requests: number): FaultCase {
  return {
    name: `a refusal without end, ${status}`,
    *answer() {
      yield head(status, { 'content-type': 'text/plain' });
      yield* forever('x'.repeat(8_192));
    },
    code,
    text: '',
    requests,
  };
}

/** What nobody is shown, and the library collects. */
function hidden(endless: (name: string, code: FaultCase['code'], content: string) => FaultCase): FaultCase[] {
  const event = (type: string, fields: object): string =>
    `event: ${type}\ndata: ${JSON.stringify({ type, index: 0, ...fields })}\n\n`;
  const delta = (fields: object): string => event('content_block_delta', { delta: fields });
  const block = event('content_block_start', { content_block: { type: 'text', text: '' } });
  return [
    endless('texts of nothing', 'ANSWER_TOO_LARGE', delta({ type: 'text_delta', text: '' })),
    endless('signatures', 'ANSWER_TOO_LARGE', delta({ type: 'signature_delta', signature: 's'.repeat(1_000) })),
    endless('citations', 'ANSWER_TOO_LARGE', delta({ type: 'citations_delta', citation: { cited_text: 'c' } })),
    endless('beginnings of blocks', 'ANSWER_TOO_LARGE', block),
  ];
}
