import { spawnSync } from 'node:child_process';

/** Runs the whole suite again and again and stops at the first failure: a test that fails once in twenty is wrong. */
const rounds = Number(process.argv[2] ?? 20);

for (let round = 1; round <= rounds; round += 1) {
  const begin = performance.now();
  const { status, stdout, stderr } = spawnSync('vitest', ['run', '--reporter=dot'], { encoding: 'utf8' });
  const seconds = ((performance.now() - begin) / 1_000).toFixed(0);
  process.stdout.write(`round ${round} of ${rounds}: ${status === 0 ? 'passed' : 'failed'} in ${seconds} s\n`);
  if (status === 0) continue;
  process.stdout.write(stdout);
  process.stderr.write(stderr);
  process.exit(1);
}
