import { spawnSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { publishManifest, readManifest, restoreManifest } from './checkout-manifest.ts';
import { distManifest } from './manifest.ts';

// `npm pack` runs this at the top of the project and packs what it leaves: `dist` and the package.json for it.

function run(command: string, ...args: string[]): void {
  const env = { ...process.env, NODE_ENV: 'production' };
  // Stdout belongs to npm, which prints the name of the tarball there.
  const { status, error } = spawnSync(command, args, { stdio: ['ignore', 2, 2], env });
  if (error) throw error;
  if (status !== 0) process.exit(1);
}

// A run that was cut off may have left the tarball's package.json in place of the checkout's.
restoreManifest();
rmSync('dist', { recursive: true, force: true });
run('tsc', '-p', 'tsconfig.package.json');
// From here on everything lies where it lies in the checkout, so that what is found beside a module is found there too.
cpSync('db/migrations', 'dist/db/migrations', { recursive: true });
run('vite', 'build', 'client/web', '--outDir', '../../dist/client/web/dist', '--emptyOutDir', '--logLevel', 'warn');
writeFileSync('dist/package.json', `${JSON.stringify(distManifest(readManifest()), null, 2)}\n`);
publishManifest();
