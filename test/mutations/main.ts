import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../helpers/source-files.ts';
import { mutate } from './mutation.ts';
import type { Mutation } from './mutation.ts';
import { otherMutations } from './other-mutations.ts';
import { serverMutations } from './server-mutations.ts';

const usage = `npm run mutations -- [options]
  --only WORDS   those with these words in their name or file
  --list         names them and does nothing else

Breaks a copy of the code in one place after the other and expects the tests to notice.`;

/** A test that never ends has noticed too. */
const deadlineMs = 180_000;
/** Tests that pass without any mutation; one that fails then would notice nothing. */
const soundTests = new Set<string>();

const { values } = parseArgs({
  options: { only: { type: 'string', default: '' }, list: { type: 'boolean' }, help: { type: 'boolean' } },
});
const chosen = [...serverMutations, ...otherMutations].filter(({ name, file }) =>
  `${name} ${file}`.includes(values.only),
);

if (values.help) console.log(usage);
else if (values.list) for (const { name, file } of chosen) console.log(`${name} (${file})`);
else if (chosen.length === 0) fail(`--only: expected words of a mutation's name, got ${JSON.stringify(values.only)}`);
else apply(chosen);

function apply(mutations: readonly Mutation[]): void {
  const copy = mkdtempSync(join(tmpdir(), 'switchboard-mutations-'));
  try {
    copyCheckout(copy);
    const survivors = mutations.filter((mutation) => !isKilled(copy, mutation));
    console.log(`${mutations.length - survivors.length} of ${mutations.length} mutations were noticed`);
    if (survivors.length > 0) fail(`not noticed: ${survivors.map(({ name }) => name).join('; ')}`);
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}

function copyCheckout(copy: string): void {
  const left = new Set(['node_modules', '.git', '.data', 'dist']);
  cpSync(root, copy, { recursive: true, filter: (path) => !left.has(basename(path)) });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
}

function isKilled(copy: string, mutation: Mutation): boolean {
  const command = mutation.tests.join(' ');
  if (!soundTests.has(command) && !passes(copy, mutation.tests)) {
    console.log(`UNKNOWN   ${mutation.name}: “vitest run ${command}” fails, or runs nothing, without any mutation`);
    return false;
  }
  soundTests.add(command);
  const path = join(copy, mutation.file);
  const original = readFileSync(path, 'utf8');
  const begin = performance.now();
  writeFileSync(path, mutate(original, mutation));
  const isNoticed = !passes(copy, mutation.tests);
  writeFileSync(path, original);
  const seconds = ((performance.now() - begin) / 1_000).toFixed(0);
  console.log(`${isNoticed ? 'noticed ' : 'SURVIVED'}  ${mutation.name} (${mutation.file}, ${seconds} s)`);
  return isNoticed;
}

function passes(copy: string, tests: readonly string[]): boolean {
  const { status } = spawnSync('vitest', ['run', '--bail=1', '--reporter=dot', ...tests], {
    cwd: copy,
    timeout: deadlineMs,
    killSignal: 'SIGKILL',
    stdio: 'ignore',
    env: { ...process.env, SEED: '1', RUNS: '50' },
  });
  return status === 0;
}

function fail(message: string): void {
  console.error(message);
  process.exitCode = 1;
}
