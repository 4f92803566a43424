import { lastChunk, goodEvents, streamed, tokens, whole } from '../fault-case.ts';
import type { FaultCase, FaultClass } from '../fault-case.ts';
import { anthropic, openai } from '../dialect.ts';

const broken = 'MODEL_BROKEN_STREAM' as const;

/** Wrong in the place of a text: what is no text, and is not nothing either. */
const noTexts = ['17', 'true', '{"text":"x"}', '["x"]'];

/** In the place of an event. */
const noEvents = ['null', '17', '"text"', '[]', '[[null]]', 'true'];

export const format: FaultClass = (dialect, random): FaultCase[] => {
  const texts = tokens(random);
  const text = texts.join('');
  const said = [dialect.start(), ...texts.map(dialect.text)];
  const ending = dialect.finish() + dialect.end();
  const after =
    (...events: readonly string[]) =>
    () =>
      streamed([...said, ...events], lastChunk);
  const other = dialect.name === 'openai' ? anthropic : openai;
  const named = (json: string): string => `event: message_delta\ndata: ${json}\n\n`;
  return [
    ...['{"choices":[{"del', '{"a":1}}', 'hello', "{'a':1}", '{"a":NaN}'].map((json) => ({
      name: `malformed JSON: ${json}`,
      answer: after(named(json), dialect.text('lost'), ending),
      code: broken,
      text,
    })),
    ...noTexts.map((json) => ({
      name: `${json} for a text`,
      answer: after(dialect.textJson(json), ending),
      code: broken,
      text,
    })),
    ...noEvents.map((json) => ({
      name: `${json} for an event, then the end`,
      answer: after(named(json)),
      code: broken,
      text,
    })),
    ...['null', '{}', '{"type":"other"}', '{"choices":null}', '{"choices":[]}', '{"choices":{}}'].map((json) => ({
      name: `${json} for the first event`,
      answer: () => streamed([named(json)], lastChunk),
      code: broken,
      text: '',
    })),
    ...[-1, 0.5, '7', null, {}, [], 1e300].map((tokens) => ({
      name: `${JSON.stringify(tokens)} for a count of tokens`,
      answer: () => streamed([dialect.usage(tokens), ...said, dialect.usage(tokens), ending], lastChunk),
      code: null,
      text,
    })),
    {
      name: 'events of unknown types between',
      answer: after('event: news\ndata: {"type":"news","text":"x"}\n\n', 'retry: 10\nid: 7\nfoo: bar\n\n', ending),
      code: null,
      text,
    },
    {
      name: 'events of another protocol',
      answer: () => streamed([goodEvents(other, texts)], lastChunk),
      code: broken,
      text: '',
    },
    ...[
      ['a page', '<!doctype html><html><body>data: here</body></html>', 'text/html'],
      [
        'a whole answer that is no stream',
        '{"choices":[{"message":{"content":"x"},"finish_reason":"stop"}]}',
        'application/json',
      ],
      ['an error that is no stream', '{"error":{"message":"x"}}', 'application/json'],
      ['an empty body', '', 'text/event-stream'],
    ].map(([name = '', body = '', type = '']) => ({
      name,
      answer: () => [whole(200, body, { 'content-type': type })],
      code: broken,
      text: '',
    })),
    { name: 'no content', answer: () => ['HTTP/1.1 204 No Content\r\n\r\n'], code: broken, text: '' },
    {
      name: 'an error that is only a word',
      answer: after('event: error\ndata: {"error":"x"}\n\n'),
      code: broken,
      text,
    },
    {
      name: 'an error of overload in the stream',
      answer: after(dialect.error({ type: 'overloaded_error', message: 'Overloaded' })),
      code: 'MODEL_UNAVAILABLE',
      text,
    },
    {
      name: 'an error that is only a sentence',
      answer: after(dialect.error('context_length_exceeded: 9000 tokens are more than 8192')),
      code: 'CONTEXT_TOO_LONG',
      text,
    },
    {
      name: 'an error before the first token that is only a sentence',
      answer: () => streamed([dialect.error('Rate limit reached for this model')], lastChunk),
      code: 'MODEL_RATE_LIMITED',
      text: '',
    },
    {
      name: 'an error before the first token',
      answer: () => streamed([dialect.start(), dialect.error({ type: 'rate_limit_error', message: 'x' })], lastChunk),
      code: 'MODEL_RATE_LIMITED',
      text: '',
    },
  ];
};
