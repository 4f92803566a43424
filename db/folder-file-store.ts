import { createReadStream } from 'node:fs';
import { access, constants, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { FileId } from '../shared/ids.ts';
import { ConnectError } from './connect-error.ts';
import type { FileStore } from './file-store.ts';

/** Bytes that are read at once. */
const pieceBytes = 262_144;

/**
 * Keeps the bytes of files in a folder, each under its id; several servers may share one. A file appears when all of it is
 * there. Errors: `ConnectError` when the folder cannot be used.
 */
export async function openFolderFileStore(path: string): Promise<FileStore> {
  const folder = resolve(path);
  await makeWritable(folder);
  const pathOf = (fileId: FileId) => join(folder, fileId);
  const draftOf = (fileId: FileId) => join(folder, `${fileId}.part`);
  return {
    async write(fileId, pieces) {
      await writeFile(draftOf(fileId), pieces, { mode: 0o600 });
      await rename(draftOf(fileId), pathOf(fileId));
    },
    async *read(fileId) {
      try {
        yield* createReadStream(pathOf(fileId), { highWaterMark: pieceBytes }) as AsyncIterable<Uint8Array>;
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    },
    async delete(fileIds) {
      for (const fileId of fileIds) {
        await rm(pathOf(fileId), { force: true });
        await rm(draftOf(fileId), { force: true });
      }
    },
  };
}

async function makeWritable(folder: string): Promise<void> {
  try {
    await mkdir(folder).catch((error: unknown) => {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    });
    await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    const expected = 'expected a folder that can be written to, in one that exists';
    throw new ConnectError(`FILES_DIR: ${expected}; got ${folder} (${reason})`, { cause });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
