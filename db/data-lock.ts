import { randomUUID } from 'node:crypto';
import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConnectError } from './connect-error.ts';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.ts';

/** While it is held, no other process opens the embedded database in the folder: two of them would corrupt it silently. */
export interface DataLock {
  release(): Promise<void>;
}

interface Holder extends ProcessIdentity {
  /** Tells one taking of the lock from all others. */
  readonly nonce: string;
}

type Taken = { readonly lock: DataLock } | { readonly heldBy: Holder };

/**
 * Takes the folder's lock, from a dead holder too; never from one that lives. Errors: `ConnectError` at once when it is
 * held, by this process as well.
 */
export async function takeDataLock(folder: string): Promise<DataLock> {
  const taken = await take(join(folder, 'lock'));
  if ('lock' in taken) return taken.lock;
  const { pid } = taken.heldBy;
  const who = pid === process.pid ? `this process (${pid}) itself` : `process ${pid}`;
  throw new ConnectError(
    `DATA_DIR: ${folder} is in use by ${who}; stop that one, or name another folder (a database is opened by one process at a time)`,
  );
}

/** The pid of the living process that holds the folder's lock, or null. Errors: `ConnectError` for a lock that is none. */
export async function holderOf(folder: string): Promise<number | null> {
  const holder = await readHolder(join(folder, 'lock'));
  return holder !== null && (await isAlive(holder)) ? holder.pid : null;
}

async function take(path: string): Promise<Taken> {
  const own: Holder = { ...(await ownIdentity()), nonce: randomUUID() };
  for (;;) {
    const holder = await readHolder(path);
    if (holder === null) {
      if (await create(path, own)) return { lock: heldAt(path) };
    } else if (await isAlive(holder)) {
      return { heldBy: holder };
    } else {
      const taken = await takeOver(path, holder, own);
      if (taken) return taken;
    }
  }
}

/**
 * Replaces a dead holder. Whoever wants to do that takes the lock on doing it first, which is named after that one
 * holder; so while it is held nobody else replaces anything, and the file cannot have become a living one's in between.
 *
 * @returns null when the holder has changed meanwhile
 */
async function takeOver(path: string, dead: Holder, own: Holder): Promise<Taken | null> {
  const right = await take(`${path}.${dead.nonce}`);
  if ('heldBy' in right) return right;
  try {
    const holder = await readHolder(path);
    if (holder?.nonce !== dead.nonce) return null;
    await replace(path, own);
    return { lock: heldAt(path) };
  } finally {
    await right.lock.release();
  }
}

/** False when somebody else has just created it. The file appears with its content, never empty. */
async function create(path: string, holder: Holder): Promise<boolean> {
  const draft = await writeDraft(path, holder);
  try {
    await link(draft, path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft);
  }
}

async function replace(path: string, holder: Holder): Promise<void> {
  await rename(await writeDraft(path, holder), path);
}

async function writeDraft(path: string, holder: Holder): Promise<string> {
  const draft = `${path}.${holder.nonce}.draft`;
  await writeFile(draft, `${JSON.stringify(holder)}\n`);
  return draft;
}

async function readHolder(path: string): Promise<Holder | null> {
  let content;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
  const holder = jsonOf(content);
  if (isHolder(holder)) return holder;
  throw new ConnectError(
    `DATA_DIR: expected a lock that this program wrote in ${path}, got something else; make sure that no other server uses the folder, then delete that file`,
  );
}

function isHolder(value: unknown): value is Holder {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, started, nonce } = value as Partial<Record<keyof Holder, unknown>>;
  const isStart = started === null || typeof started === 'string';
  return Number.isSafeInteger(pid) && Number(pid) > 0 && isStart && typeof nonce === 'string' && /^[\w-]+$/.test(nonce);
}

function jsonOf(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return undefined;
  }
}

function heldAt(path: string): DataLock {
  let released: Promise<void> | undefined;
  return { release: () => (released ??= rm(path, { force: true })) };
}
