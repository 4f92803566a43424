import { copyFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Manifest } from './manifest.ts';
import { publishedManifest } from './manifest.ts';

const manifestFile = 'package.json';

/** Where the checkout's package.json waits while npm packs; not in `dist`, which is packed. */
const putAside = 'package.checkout.json';

export function readManifest(): Manifest {
  return JSON.parse(readFileSync(manifestFile, 'utf8')) as Manifest;
}

/**
 * Puts the tarball's package.json in the place of the checkout's: npm packs the one that is there once `prepack` has
 * ended, and has no setting to take another. `restoreManifest` brings the checkout's back.
 */
export function publishManifest(): void {
  const published = publishedManifest(readManifest());
  copyFileSync(manifestFile, putAside);
  writeFileSync(manifestFile, `${JSON.stringify(published, null, 2)}\n`);
}

/** Does nothing where nothing was put aside. */
export function restoreManifest(): void {
  if (existsSync(putAside)) renameSync(putAside, manifestFile);
}
