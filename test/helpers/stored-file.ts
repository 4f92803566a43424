import type { Database } from '../../db/connect.ts';
import type { FileId, UserId } from '../../shared/ids.ts';
import { newId } from '../../shared/new-id.ts';

/** A file of a user's, with its bytes, as an upload leaves it. */
export async function storedFile(
  { files, fileStore }: Pick<Database, 'files' | 'fileStore'>,
  userId: UserId,
  { name = 'notes.txt', mediaType = 'text/plain', bytes = Buffer.from('some notes') } = {},
): Promise<FileId> {
  const fileId = newId<FileId>();
  await files.begin(userId, { fileId, name, mediaType });
  await fileStore.write(
    fileId,
    (async function* () {
      yield bytes;
    })(),
  );
  await files.complete(userId, fileId, bytes.length);
  return fileId;
}

/** All bytes of a file; empty where nothing is kept. */
export async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const read: Uint8Array[] = [];
  for await (const piece of pieces) read.push(piece);
  return Buffer.concat(read);
}
