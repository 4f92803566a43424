import type { FileId, ShareId, UserId } from '../shared/ids.ts';
import type { FilePart } from '../shared/message.ts';

/** What is known of a file, without its bytes. */
export type StoredFile = Omit<FilePart, 'type' | 'fileId'> & { readonly fileId: FileId };

/**
 * Whose files there are, and which of them are of use. A file is its owner's alone; one that is missing, another user's, not
 * whole or not of use any more is `NOT_FOUND`, with the same words.
 *
 * A file is of use for `limits.unusedFileMs` after its upload, and as long as a message names it. With its chat it goes.
 */
export interface FileRecords {
  /** A file whose bytes are going to be kept. */
  begin(userId: UserId, file: Omit<StoredFile, 'size'>): Promise<void>;
  /** All of its bytes are kept. */
  complete(userId: UserId, fileId: FileId, size: number): Promise<StoredFile>;
  file(userId: UserId, fileId: FileId): Promise<StoredFile>;
  /** A file that a message of the chat names which is shared under this id. */
  sharedFile(shareId: ShareId, fileId: FileId): Promise<StoredFile>;
  /** Files of anybody that are of no use any more, at most so many: delete their bytes, and then forget them. */
  unused(limit: number): Promise<FileId[]>;
  /** Only after their bytes are gone, so that none are left that nobody knows. */
  forget(fileIds: readonly FileId[]): Promise<void>;
}
