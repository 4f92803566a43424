import { SwitchboardError } from '../../shared/errors.ts';
import { fileKind, takenFiles } from '../../shared/file-types.ts';

/** How files of a type begin, and where: what they are is known by that, and not by what anybody calls them. */
const signatures: readonly {
  readonly mediaType: string;
  readonly marks: readonly (readonly [at: number, bytes: string])[];
}[] = [
  { mediaType: 'image/png', marks: [[0, '89504e470d0a1a0a']] },
  { mediaType: 'image/jpeg', marks: [[0, 'ffd8ff']] },
  { mediaType: 'image/gif', marks: [[0, '474946383761']] },
  { mediaType: 'image/gif', marks: [[0, '474946383961']] },
  // RIFF, its length, WEBP.
  {
    mediaType: 'image/webp',
    marks: [
      [0, '52494646'],
      [8, '57454250'],
    ],
  },
];

/** What a sender says who does not know. */
const unknownType = 'application/octet-stream';

/** What `curl --data-binary` says where nobody tells it anything else. */
const formType = 'application/x-www-form-urlencoded';

const plainText = 'text/plain';

/** In lower case, without parameters such as `charset`. */
export function parseMediaType(header: string | undefined): string {
  const mediaType = (header ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
  return mediaType === '' || mediaType === formType ? unknownType : mediaType;
}

/**
 * The type of a file that begins like this: an image where it is one, else a text of the type that was said. Whether all of
 * it is text is for `checkedText` to see.
 *
 * Errors: `INVALID_INPUT` for what is not taken, and for what is not what it is said to be.
 */
export function typeOfFile(said: string, beginning: Uint8Array): string {
  const found = signatures.find(({ marks }) => marks.every(([at, bytes]) => hexAt(beginning, at, bytes) === bytes));
  if (said === unknownType) return found?.mediaType ?? plainText;
  const kind = fileKind(said);
  if (kind === null) throw refused(`expected ${takenFiles}, got ${JSON.stringify(said.slice(0, 100))}`);
  if (kind === 'image' ? found?.mediaType === said : !found) return said;
  throw refused(
    `expected what Content-Type says, ${said}; the file ${found ? `is ${found.mediaType}` : 'is something else'}`,
  );
}

function hexAt(bytes: Uint8Array, at: number, like: string): string {
  return Buffer.from(bytes.subarray(at, at + like.length / 2)).toString('hex');
}

/** The same pieces, as long as they are text in UTF-8 without NUL. Errors: `INVALID_INPUT`. */
export async function* checkedText(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  const check = (piece: Uint8Array, stream: boolean): void => {
    try {
      decoder.decode(piece, { stream });
    } catch (cause) {
      throw refused('expected text in UTF-8, got other bytes', cause);
    }
  };
  for await (const piece of pieces) {
    if (piece.includes(0)) throw refused('expected text in UTF-8, got bytes that are none (NUL)');
    check(piece, true);
    yield piece;
  }
  check(new Uint8Array(), false);
}

function refused(message: string, cause?: unknown): SwitchboardError {
  return new SwitchboardError('INVALID_INPUT', `file: ${message}`, { cause });
}
