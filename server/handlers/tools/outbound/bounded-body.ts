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

/** There was more of what is packed than what it may become can take. */
class TooMuchPacked extends Error {}

/**
 * Bytes of what is packed beyond those that it may become: what cannot be packed is stored, with some for each block, and a
 * socket gives up to 64 KiB at once. Without a limit there could be any number of blocks with nothing in them.
 */
const packedMore = 262_144;

/**
 * The beginning of a body, unpacked: at most this many bytes, however small it was packed. What is left is not read.
 *
 * Errors: when it is packed in a way that is not known, or is not what it says.
 */
export async function boundedBody(body: Readable, encoding: string, most: number): Promise<BoundedBody> {
  const parts: Buffer[] = [];
  let size = 0;
  let isCut = false;
  // One that is left before anybody reads it tells nobody else.
  body.on('error', () => undefined);
  try {
    for await (const part of unpacked(body, encoding, most + packedMore) as AsyncIterable<Buffer>) {
      parts.push(part);
      size += part.length;
      isCut = size > most;
      if (isCut) break;
    }
  } catch (error) {
    if (!(error instanceof TooMuchPacked)) throw error;
    isCut = true;
  } finally {
    body.destroy();
  }
  return { bytes: Buffer.concat(parts).subarray(0, most), isCut };
}

function unpacked(body: Readable, encoding: string, most: number): Readable {
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity') return body;
  const decoder = decoders[name];
  if (!decoder) throw new Error('the answer is packed in a way that is not known here');
  // Whoever reads it is told of its errors.
  return pipeline(
    body,
    (parts: AsyncIterable<Buffer>) => counted(parts, most),
    decoder(),
    () => undefined,
  );
}

async function* counted(parts: AsyncIterable<Buffer>, most: number): AsyncGenerator<Buffer> {
  let size = 0;
  for await (const part of parts) {
    size += part.length;
    if (size > most) throw new TooMuchPacked('the answer is packed longer than what it may become');
    yield part;
  }
}
