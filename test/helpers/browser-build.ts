import { execFile } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { promisify } from 'node:util';
import { root } from './source-files.ts';

export const builtPage = join(root, 'client/web/dist');

/** Builds the page, as `npm start` does, unless what is built is newer than everything it is made of. */
export async function buildPage(): Promise<void> {
  if (isFresh()) return;
  const parent = join(root, 'node_modules/.cache');
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'page-'));
  try {
    await runVite(join(folder, 'new'));
    // Another test file may have been quicker; a page that is in use already must not be pulled away.
    if (!isFresh()) await replace(builtPage, join(folder, 'new'), join(folder, 'old'));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function runVite(outDir: string): Promise<void> {
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const args = [vite, 'build', 'client/web', '--outDir', outDir, '--emptyOutDir', '--logLevel', 'warn'];
  // Vitest sets NODE_ENV to "test", which would put React's development build into the page.
  await promisify(execFile)(process.execPath, args, { cwd: root, env: { ...process.env, NODE_ENV: 'production' } });
}

async function replace(target: string, fresh: string, old: string): Promise<void> {
  await rename(target, old).catch(() => {});
  await rename(fresh, target).catch((error: unknown) => {
    if (!isFresh()) throw error;
  });
}

function isFresh(): boolean {
  const index = join(builtPage, 'index.html');
  if (!existsSync(index)) return false;
  const newest = Math.max(...['client', 'shared', 'package-lock.json'].flatMap(changeTimes));
  return statSync(index).mtimeMs > newest;
}

/** Milliseconds since 1970 at which each file was changed last; built output left out. */
function changeTimes(path: string): number[] {
  const whole = join(root, path);
  if (statSync(whole).isFile()) return [statSync(whole).mtimeMs];
  return readdirSync(whole, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !`${entry.parentPath}${sep}`.startsWith(`${builtPage}${sep}`))
    .map((entry) => statSync(join(entry.parentPath, entry.name)).mtimeMs);
}
