import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { between, chunk, cut, goodEvents, head, lastChunk, streamed, tokens, whole } from '../fault-case.ts';
import type { FaultCase, FaultClass } from '../fault-case.ts';

const REPLACEMENT = '\uFFFD';

export const encoding: FaultClass = (dialect, random): FaultCase[] => {
  const texts = tokens(random);
  const text = texts.join('');
  const good = goodEvents(dialect, texts);
  const cutGood = cut(random, Buffer.from(good));
  const [before, after] = [
    [dialect.start(), dialect.text('a')],
    [dialect.text('b'), dialect.finish(), dialect.end()],
  ];
  const around =
    (...events: readonly (string | Uint8Array)[]) =>
    () =>
      streamed([...before, ...events, ...after], lastChunk);
  const raw = (bytes: readonly number[]): Uint8Array => {
    const [left = '', right = ''] = dialect.text('<>').split('<>');
    return Buffer.concat([Buffer.from(left), Uint8Array.from(bytes), Buffer.from(right)]);
  };
  const packed = (name: string, pack: (bytes: string) => Uint8Array): FaultCase => ({
    name: `content-encoding ${name}`,
    *answer() {
      yield head(200, { 'content-encoding': name });
      for (const piece of cut(random, pack(good))) yield chunk(piece);
      yield lastChunk;
    },
    code: null,
    text,
  });
  const zipped = gzipSync(good);
  const half = between(random, 1, Math.floor(zipped.length / 3));
  const replaced = (name: string, bytes: Uint8Array, became: string): FaultCase => ({
    name,
    answer: around(bytes),
    code: null,
    text: `a${became}b`,
  });
  return [
    { name: 'cut anywhere', answer: () => streamed(cutGood, lastChunk), code: null, text },
    {
      name: 'byte by byte',
      answer: () =>
        streamed(
          [...Buffer.from(good)].map((byte) => Uint8Array.of(byte)),
          lastChunk,
        ),
      code: null,
      text,
    },
    {
      name: 'CRLF',
      answer: () => streamed(cut(random, Buffer.from(good.replaceAll('\n', '\r\n'))), lastChunk),
      code: null,
      text,
    },
    {
      name: 'CR alone',
      answer: () => streamed(cut(random, Buffer.from(good.replaceAll('\n', '\r'))), lastChunk),
      code: null,
      text,
    },
    {
      name: 'a byte order mark',
      answer: () => streamed(cut(random, Buffer.from(`\uFEFF${good}`)), lastChunk),
      code: null,
      text,
    },
    {
      name: 'no space after the colon',
      answer: () => streamed([good.replaceAll('data: {', 'data:{')], lastChunk),
      code: null,
      text,
    },
    { name: 'no empty line at the end', answer: () => streamed([good.trimEnd()], lastChunk), code: null, text },
    replaced('a lone byte of a character', raw([0xe6, 0xbc]), REPLACEMENT),
    replaced('bytes that are no UTF-8', raw([0xff, 0xfe]), REPLACEMENT.repeat(2)),
    replaced('an overlong slash', raw([0xc0, 0xaf]), REPLACEMENT.repeat(2)),
    replaced('a surrogate as UTF-8', raw([0xed, 0xa0, 0xbd]), REPLACEMENT.repeat(3)),
    replaced('a lone surrogate', Buffer.from(dialect.textJson('"\\ud83d"')), REPLACEMENT),
    replaced('a pair the wrong way round', Buffer.from(dialect.textJson('"\\ude42\\ud83d"')), REPLACEMENT.repeat(2)),
    replaced('NUL', Buffer.from(dialect.textJson('"\\u0000"')), REPLACEMENT),
    {
      name: 'a pair in two events',
      answer: around(dialect.textJson('"\\ud83d"'), dialect.textJson('"\\ude42"')),
      code: null,
      text: 'a🙂b',
    },
    packed('gzip', gzipSync),
    packed('GZIP', gzipSync),
    packed('deflate', deflateSync),
    packed('br', brotliCompressSync),
    {
      name: `gzip that ends after ${half} bytes`,
      answer: () => [whole(200, zipped.subarray(0, half), { 'content-encoding': 'gzip' })],
      code: 'MODEL_BROKEN_STREAM',
      text: /^/,
    },
    {
      name: 'gzip that is none',
      answer: () => [whole(200, good, { 'content-encoding': 'gzip' })],
      code: 'MODEL_BROKEN_STREAM',
      text: '',
    },
    {
      name: 'a refusal in gzip',
      answer: () => [
        whole(400, gzipSync('{"error":{"message":"prompt is too long"}}'), {
          'content-encoding': 'gzip',
          'content-type': 'application/json',
        }),
      ],
      code: 'CONTEXT_TOO_LONG',
      text: '',
    },
    {
      name: 'a header with other letters',
      *answer() {
        yield head(200, { 'x-region': 'Zürich 漢' });
        yield chunk(good);
        yield lastChunk;
      },
      code: null,
      text,
    },
  ];
};
