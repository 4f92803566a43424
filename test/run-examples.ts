import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { ServerProcess, temporaryFolder } from './helpers/server-process.ts';

/**
 * Runs the examples against a server of its own, which answers as the demo, and prints a line for each. Exits with 1
 * when one of them fails. `npm run examples -- test/examples/stop.ts` runs what is named.
 */
const folder = 'test/examples';
const named = process.argv.slice(2);
const examples =
  named.length > 0 ? named : readdirSync(folder).flatMap((name) => (name.endsWith('.ts') ? [`${folder}/${name}`] : []));

/** Milliseconds for one example; the demo answers in four seconds. */
const deadlineMs = 120_000;

await using data = await temporaryFolder();
await using server = new ServerProcess({ DATA_DIR: join(data.path, 'server'), LOG_LEVEL: 'warn' });
const url = await server.ready();

// All at once: nearly all of their time is the demo's pauses between two words.
const results = examples.map((example) => ({ example, outcome: run(example) }));
for (const { example, outcome } of results) {
  const { passed, seconds, output } = await outcome;
  console.log(
    `${passed ? 'passed' : 'FAILED'} ${basename(example, '.ts').padEnd(20)} ${seconds.toFixed(1).padStart(5)} s`,
  );
  if (passed) continue;
  console.log(output);
  process.exitCode = 1;
}
if (server.stderr !== '') console.log(`\nThe server's log:\n${server.stderr}`);

interface Outcome {
  readonly passed: boolean;
  readonly seconds: number;
  readonly output: string;
}

function run(example: string): Promise<Outcome> {
  const begin = performance.now();
  const options = {
    // What an example leaves in the temporary folder goes with it.
    env: { ...process.env, SWITCHBOARD_URL: url, TMPDIR: data.path },
    timeout: deadlineMs,
    killSignal: 'SIGKILL',
  } as const;
  return new Promise((settle) => {
    execFile(process.execPath, [resolve(example)], options, (error, stdout, stderr) => {
      const late = error?.killed ? `\nnot finished after ${deadlineMs / 1_000} s` : '';
      const seconds = (performance.now() - begin) / 1_000;
      settle({ passed: error === null, seconds, output: `${stdout}${stderr}${late}` });
    });
  });
}
