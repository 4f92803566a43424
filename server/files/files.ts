import type { FileRecords, StoredFile } from '../../db/file-records.ts';
import type { FileStore } from '../../db/file-store.ts';
import { SwitchboardError } from '../../shared/errors.ts';
import { fileKind } from '../../shared/file-types.ts';
import type { FileId, ShareId, UserId } from '../../shared/ids.ts';
import type { Limits } from '../../shared/limits.ts';
import { newId } from '../../shared/new-id.ts';
import { checkedText, typeOfFile } from './media-type.ts';
import { inPieces } from './pieces.ts';

export interface FilesOptions {
  readonly records: FileRecords;
  readonly store: FileStore;
  readonly limits: Pick<Limits, 'fileBytes'>;
}

export interface Upload {
  readonly name: string;
  /** As the sender says; `application/octet-stream` where it does not know. */
  readonly mediaType: string;
  readonly body: AsyncIterable<Uint8Array>;
  /** Told of the bytes of each chunk before any of it is kept; what it throws ends the upload. */
  readonly onChunk: (bytes: number) => Promise<void>;
}

/** A file that may be read: what it is, and its bytes. */
export interface ReadableFile {
  readonly file: StoredFile;
  readonly bytes: AsyncIterable<Uint8Array>;
}

/** Unused files in one go of the sweep: each is a few statements. */
const sweptAtOnce = 100;

/** What people upload: bytes in one place, whose they are in another, and the two brought together. */
export class Files {
  readonly #options: FilesOptions;

  constructor(options: FilesOptions) {
    this.#options = options;
  }

  /**
   * Keeps a file while it comes; no more than a few pieces of it are in memory. When it fails nothing is kept.
   *
   * Errors: `TOO_LARGE` past `fileBytes`, `INVALID_INPUT` for what is empty, not taken, or not what it is said to be.
   */
  async upload(userId: UserId, upload: Upload): Promise<StoredFile> {
    const count = { bytes: 0 };
    const pieces = inPieces(this.#counted(upload, count));
    try {
      const first = await pieces.next();
      if (first.done) throw new SwitchboardError('INVALID_INPUT', 'file: expected some bytes, got none');
      const mediaType = typeOfFile(upload.mediaType, first.value);
      const all = from(first.value, pieces);
      const checked = fileKind(mediaType) === 'text' ? checkedText(all) : all;
      return await this.#keep(userId, { name: upload.name, mediaType }, checked, count);
    } finally {
      // Lets go of a body of which not all was read.
      await pieces.return(undefined);
    }
  }

  /** A file of the user's. Errors: `NOT_FOUND`. */
  async open(userId: UserId, fileId: FileId): Promise<ReadableFile> {
    const { records, store } = this.#options;
    return { file: await records.file(userId, fileId), bytes: store.read(fileId) };
  }

  /** A file of a chat that is shared under this id. Errors: `NOT_FOUND`. */
  async openShared(shareId: ShareId, fileId: FileId): Promise<ReadableFile> {
    const { records, store } = this.#options;
    return { file: await records.sharedFile(shareId, fileId), bytes: store.read(fileId) };
  }

  /** All bytes of a file of the user's, for a model; at most `fileBytes`. Errors: `NOT_FOUND`. */
  async read(userId: UserId, fileId: FileId): Promise<Uint8Array> {
    const { bytes } = await this.open(userId, fileId);
    const pieces: Uint8Array[] = [];
    for await (const piece of bytes) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  /** Deletes what nobody uses any more. */
  async sweep(): Promise<void> {
    for (;;) {
      const unused = await this.#options.records.unused(sweptAtOnce);
      await this.#delete(unused);
      if (unused.length < sweptAtOnce) return;
    }
  }

  async #keep(
    userId: UserId,
    file: Pick<StoredFile, 'name' | 'mediaType'>,
    pieces: AsyncIterable<Uint8Array>,
    count: { readonly bytes: number },
  ): Promise<StoredFile> {
    const { records, store } = this.#options;
    const fileId = newId<FileId>();
    await records.begin(userId, { fileId, ...file });
    try {
      await store.write(fileId, pieces);
      return await records.complete(userId, fileId, count.bytes);
    } catch (error) {
      // What cannot be deleted now is swept later.
      await this.#delete([fileId]).catch(() => {});
      throw error;
    }
  }

  async #delete(fileIds: readonly FileId[]): Promise<void> {
    await this.#options.store.delete(fileIds);
    await this.#options.records.forget(fileIds);
  }

  async *#counted({ body, onChunk }: Upload, count: { bytes: number }): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      count.bytes += chunk.length;
      if (count.bytes > this.#options.limits.fileBytes) throw tooLarge(this.#options.limits);
      await onChunk(chunk.length);
      yield chunk;
    }
  }
}

export function tooLarge({ fileBytes: limit }: Pick<Limits, 'fileBytes'>): SwitchboardError {
  return new SwitchboardError('TOO_LARGE', `file: expected at most ${limit} bytes`, { details: { limit } });
}

async function* from(first: Uint8Array, rest: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* rest;
}
