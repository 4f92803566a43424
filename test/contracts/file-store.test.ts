import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FileRecords } from '../../db/file-records.ts';
import type { FileStore } from '../../db/file-store.ts';
import { databaseOn } from '../../db/connect.ts';
import { openFolderFileStore } from '../../db/folder-file-store.ts';
import { openPostgres } from '../../db/postgres.ts';
import type { FileId } from '../../shared/ids.ts';
import { newId } from '../../shared/new-id.ts';
import { startPostgres } from '../helpers/postgres.ts';
import { newUser } from '../helpers/store-chat.ts';
import { bytesOf } from '../helpers/stored-file.ts';
import { openStore } from '../helpers/store.ts';

interface Opened extends AsyncDisposable {
  readonly store: FileStore;
  readonly records: FileRecords;
}

async function* pieces(...parts: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* parts;
}

async function* broken(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('half');
  throw new Error('the sender has left');
}

/** What every place for the bytes of files keeps to. */
function describeFileStore(place: string, open: () => Promise<Opened>): void {
  describe(`the bytes of files in ${place}`, () => {
    let opened: Opened;
    beforeAll(async () => {
      opened = await open();
    });
    afterAll(() => opened[Symbol.asyncDispose]());

    const begun = async (): Promise<FileId> => {
      const fileId = newId<FileId>();
      await opened.records.begin(newUser(), { fileId, name: 'x', mediaType: 'text/plain' });
      return fileId;
    };

    it('[FIL-8] come back as they were written, whatever they are and however they were cut', async () => {
      const all = Uint8Array.from({ length: 256 }, (_, index) => index);
      const large = Buffer.alloc(700_000, 'switchboard ');
      for (const parts of [[all], [all.subarray(0, 1), all.subarray(1)], [large, all]]) {
        const fileId = await begun();
        await opened.store.write(fileId, pieces(...parts));
        expect(Buffer.compare(await bytesOf(opened.store.read(fileId)), Buffer.concat(parts))).toBe(0);
        // Read again, and by several at once.
        const both = await Promise.all([1, 2].map(() => bytesOf(opened.store.read(fileId))));
        expect(both.map(({ length }) => length)).toEqual([1, 2].map(() => Buffer.concat(parts).length));
      }
    });

    it('[FIL-8] of what was not written whole nothing is left once it is deleted, and deleting twice is a no-op', async () => {
      const [whole, cut] = [await begun(), await begun()];
      await opened.store.write(whole, pieces(Buffer.from('whole')));
      await expect(opened.store.write(cut, broken())).rejects.toThrow('the sender has left');
      await opened.store.delete([cut]);
      await opened.store.delete([cut, newId()]);
      expect((await bytesOf(opened.store.read(cut))).length).toBe(0);
      expect((await bytesOf(opened.store.read(newId()))).length).toBe(0);
      expect((await bytesOf(opened.store.read(whole))).toString()).toBe('whole');
    });

    it('[FIL-8] a reader that leaves leaves nothing open', async () => {
      const fileId = await begun();
      await opened.store.write(fileId, pieces(Buffer.alloc(600_000, 'a'), Buffer.from('b')));
      for await (const piece of opened.store.read(fileId)) {
        expect(piece.length).toBeGreaterThan(0);
        break;
      }
      await opened.store.delete([fileId]);
      expect((await bytesOf(opened.store.read(fileId))).length).toBe(0);
    });
  });
}

describeFileStore('the embedded database', async () => {
  const opened = await openStore();
  const { files: records, fileStore: store } = databaseOn({ db: opened.db, close: async () => {} });
  return { store, records, [Symbol.asyncDispose]: () => opened[Symbol.asyncDispose]() };
});

describeFileStore('a Postgres server', async () => {
  const server = await startPostgres();
  const database = databaseOn(await openPostgres(await server.freshDatabase()));
  return {
    store: database.fileStore,
    records: database.files,
    [Symbol.asyncDispose]: async () => {
      await database.close();
      await server[Symbol.asyncDispose]();
    },
  };
});

describeFileStore('a folder', async () => {
  const opened = await openStore();
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-files-'));
  const { files: records } = databaseOn({ db: opened.db, close: async () => {} });
  return {
    store: await openFolderFileStore(join(folder, 'made')),
    records,
    [Symbol.asyncDispose]: async () => {
      await rm(folder, { recursive: true });
      await opened[Symbol.asyncDispose]();
    },
  };
});

describe('a folder for files', () => {
  it('[FIL-9] holds nothing but whole files, and one that cannot be used is refused by name', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'switchboard-files-'));
    const store = await openFolderFileStore(folder);
    const fileId = newId<FileId>();
    await store.write(fileId, pieces(Buffer.from('whole')));
    expect(await readdir(folder)).toEqual([fileId]);
    await expect(store.write(newId(), broken())).rejects.toThrow('the sender has left');
    expect((await readdir(folder)).filter((name) => !name.endsWith('.part'))).toEqual([fileId]);
    const file = join(folder, 'a-file');
    await writeFile(file, '');
    for (const path of [file, join(folder, 'none', 'inside')]) {
      await expect(openFolderFileStore(path)).rejects.toThrow(/^FILES_DIR: expected a folder .* got /);
    }
    await rm(folder, { recursive: true });
  });
});
