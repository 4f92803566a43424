import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { builtPage } from './browser-build.ts';
import { root } from './source-files.ts';

const execute = promisify(execFile);

/** What `npm pack` and its scripts read, besides the packages. */
const packedFrom = ['.ci', 'shared', 'db', 'server', 'client', 'tsconfig.json', 'tsconfig.package.json'];
const documents = ['package.json', 'README.md', 'CHANGELOG.md', 'LICENSE'];

export interface Packed {
  readonly tarball: string;
  /** From the package's top, with slashes. */
  readonly files: readonly string[];
  /** The copy's package.json before and after packing. */
  readonly manifest: { readonly before: string; readonly after: string };
}

/**
 * `npm pack`, in a copy of the checkout: while npm packs, another package.json stands in the place of the checkout's, and
 * who works there must not see it.
 *
 * @param folder taken for the copy and for the tarball
 */
export async function packCheckout(folder: string): Promise<Packed> {
  const checkout = join(folder, 'checkout');
  await mkdir(checkout);
  for (const name of [...packedFrom, ...documents]) {
    await cp(join(root, name), join(checkout, name), { recursive: true, filter: (path) => path !== builtPage });
  }
  await symlink(join(root, 'node_modules'), join(checkout, 'node_modules'));
  const manifest = () => readFile(join(checkout, 'package.json'), 'utf8');
  const before = await manifest();
  const { stdout } = await runIn(checkout, 'npm', 'pack', '--json', '--pack-destination', folder);
  const [packed] = JSON.parse(stdout) as [{ filename: string; files: { path: string }[] }];
  return {
    tarball: join(folder, packed.filename),
    files: packed.files.map(({ path }) => path),
    manifest: { before, after: await manifest() },
  };
}

/** An empty project into which these packages are installed, as a newcomer does it. */
export async function projectWith(folder: string, ...packages: string[]): Promise<string> {
  await mkdir(folder);
  await writeFile(join(folder, 'package.json'), '{ "name": "newcomer", "private": true, "type": "module" }\n');
  await runIn(folder, 'npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', ...packages);
  return folder;
}

/** Why npm cannot install anything here; null when it can. */
export async function whyNoRegistry(): Promise<string | null> {
  try {
    await runIn(root, 'npm', 'ping', '--fetch-retries=0', '--fetch-timeout=5000');
    return null;
  } catch {
    return 'npm does not reach its registry (npm ping)';
  }
}

/** Rejects when the command fails; the message has all that it printed. */
export async function runIn(
  cwd: string,
  command: string,
  ...args: string[]
): Promise<{ stdout: string; stderr: string }> {
  // Vitest sets NODE_ENV to "test", which is nobody's wish here.
  const env = { ...process.env, NODE_ENV: undefined };
  try {
    return await execute(command, args, { cwd, env, maxBuffer: 2 ** 24 });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`, { cause: error });
  }
}
