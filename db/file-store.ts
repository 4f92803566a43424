import type { FileId } from '../shared/ids.ts';

/**
 * Where the bytes of files are. It knows no owners: whoever asks has found the file among those of its user.
 *
 * Errors: `UNAVAILABLE` when a database that holds them does not answer.
 */
export interface FileStore {
  /** Keeps these bytes under the id of a file that was begun. When it rejects, some may be kept: delete them. */
  write(fileId: FileId, pieces: AsyncIterable<Uint8Array>): Promise<void>;
  /** All bytes in order, in pieces of any size; none where nothing is kept. No more of them are in memory than are read. */
  read(fileId: FileId): AsyncIterable<Uint8Array>;
  /** What is not there is deleted already. */
  delete(fileIds: readonly FileId[]): Promise<void>;
}
