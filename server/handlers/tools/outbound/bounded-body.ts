import { pipeline } from 'node:stream';
import type { Readable, Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';

const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

export interface BoundedBody {
  readonly bytes: Uint8Array;
  /** There was more, which was not read. */
  readonly isCut: boolean;
}

/**
 * The beginning of a body, unpacked: at most this many bytes, however small it was packed. What is left is not read.
 *
 * Errors: when it is packed in a way that is not known, or is not what it says.
 */
export async function boundedBody(body: Readable, encoding: string, most: number): Promise<BoundedBody> {
  const parts: Buffer[] = [];
  let size = 0;
  // One that is left before anybody reads it tells nobody else.
  body.on('error', () => undefined);
  try {
    for await (const part of unpacked(body, encoding) as AsyncIterable<Buffer>) {
      parts.push(part);
      size += part.length;
      if (size > most) break;
    }
  } finally {
    body.destroy();
  }
  return { bytes: Buffer.concat(parts).subarray(0, most), isCut: size > most };
}

function unpacked(body: Readable, encoding: string): Readable {
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity') return body;
  const decoder = decoders[name];
  if (!decoder) throw new Error('the answer is packed in a way that is not known here');
  // Whoever reads it is told of its errors.
  return pipeline(body, decoder(), () => undefined);
}
