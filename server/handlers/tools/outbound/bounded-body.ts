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
  const bytes = new GrowingBytes(most);
  const packed = new Packed(body, most + packedMore);
  // One that is left before anybody reads it tells nobody else.
  body.on('error', () => undefined);
  try {
    for await (const part of unpacked(body, encoding, packed) as AsyncIterable<Buffer>) {
      if (!bytes.add(part)) return { bytes: bytes.all(), isCut: true };
    }
  } catch (error) {
    const isEmpty = packed.size === 0 && (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR';
    if (!isEmpty && !(error instanceof TooMuchPacked)) throw error;
    return { bytes: bytes.all(), isCut: !isEmpty };
  } finally {
    body.destroy();
  }
  return { bytes: bytes.all(), isCut: false };
}

/** What comes in, in one place: pieces of a byte each would take a hundred times as much. */
class GrowingBytes {
  readonly #most: number;
  #bytes: Buffer;
  #size = 0;

  constructor(most: number) {
    this.#most = most;
    this.#bytes = Buffer.alloc(Math.min(most, 16_384));
  }

  /** False: there was no room for all of it. */
  add(part: Buffer): boolean {
    const size = Math.min(this.#most, this.#size + part.length);
    if (size > this.#bytes.length) this.#grow(size);
    part.copy(this.#bytes, this.#size);
    const isWhole = size === this.#size + part.length;
    this.#size = size;
    return isWhole;
  }

  all(): Buffer {
    return this.#bytes.subarray(0, this.#size);
  }

  #grow(size: number): void {
    const larger = Buffer.alloc(Math.min(this.#most, Math.max(size, this.#bytes.length * 2)));
    this.#bytes.copy(larger);
    this.#bytes = larger;
  }
}

function unpacked(body: Readable, encoding: string, packed: Packed): Readable {
  const name = encoding.trim().toLowerCase();
  if (name === '' || name === 'identity') return body;
  const decoder = decoders[name];
  if (!decoder) throw new Error('the answer is packed in a way that is not known here');
  // Whoever reads it is told of its errors.
  return pipeline(packed.read(), decoder(), () => undefined);
}

/** Counts what comes of a body before it is unpacked. */
class Packed {
  size = 0;
  readonly #body: AsyncIterable<Buffer>;
  readonly #most: number;

  constructor(body: AsyncIterable<Buffer>, most: number) {
    this.#body = body;
    this.#most = most;
  }

  async *read(): AsyncGenerator<Buffer> {
    for await (const part of this.#body) {
      this.size += part.length;
      if (this.size > this.#most) throw new TooMuchPacked('the answer is packed longer than what it may become');
      yield part;
    }
  }
}
