import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { switchboard } from '../helpers/command.ts';
import { startScriptedServer } from '../helpers/scripted-server.ts';

const run = async (...args: string[]) => {
  await using command = switchboard(args, '');
  return { code: await command.ended, ...command.printed };
};

test('[CLI-19] without a word it prints what there is, on stdout, and ends with 0', async () => {
  const { code, stderr, stdout } = await run();
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const command of ['serve', 'ask', 'chat', 'chats', 'tail', 'export', 'usage', 'workflow', 'doctor']) {
    expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  }
});

test.each(['serve', 'ask', 'chat', 'chats', 'tail', 'export', 'usage', 'workflow', 'doctor'])(
  '[CLI-19] %s --help has two examples or more, and the exit codes',
  async (command) => {
    const { code, stdout } = await run(command, '--help');
    expect(code).toBe(0);
    const [, examples = ''] = stdout.split('Examples:\n');
    expect(examples.match(/^ +.*\bswitchboard /gm)?.length).toBeGreaterThanOrEqual(2);
    expect(stdout).toMatch(/Exit codes:\n {2}0 {2}\w/);
    expect(stdout).toMatch(/\benvironment\b/i);
  },
);

test('[CLI-19] a mistyped command is answered with the near one', async () => {
  const { code, stderr } = await run('aks', 'hello');
  expect(code).toBe(1);
  expect(stderr).toContain("unknown command 'aks'\n(Did you mean ask?)");
});

test('[CLI-19] help waits for no library of the client or the server', async () => {
  const script =
    "import { registerHooks } from 'node:module'; const seen = [];" +
    'registerHooks({ load(url, context, next) { seen.push(url); return next(url, context); } });' +
    "process.argv.push('ask', '--help'); process.on('exit', () => console.error(JSON.stringify(seen)));" +
    "await import('./server/bin.ts');";
  const { stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script, 'x'], { encoding: 'utf8' });
  const seen = JSON.parse(stderr) as string[];
  expect(seen.some((url) => url.includes('/commander/'))).toBe(true);
  expect(seen.filter((url) => /@trpc|client\/index|server\/index|langchain|zod/.test(url))).toEqual([]);
});

test.each([
  ['--limit', '0'],
  ['--limit', 'many'],
])('[CLI-19] chats %s %s is refused with what is expected', async (...args) => {
  const { code, stderr } = await run('chats', ...args);
  expect(code).toBe(5);
  expect(stderr).toContain('expected a whole number from 1 to 10000');
});

test('[CLI-20] another web server is told apart from no server', async () => {
  await using other = createServer((_, response) => response.end('hello')).listen(0, '127.0.0.1');
  await once(other, 'listening');
  const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
  const { code, stderr } = await run('ask', '--url', url, 'hello');
  expect(code).toBe(2);
  expect(stderr).toBe(`What answers at ${url} is no Switchboard server. Check --url, or start one with: npm start\n`);
});

test('[CLI-20] a server that does not know the name it is called by says what to set, and that is 5', async () => {
  await using server = await startScriptedServer(async function* () {});
  const url = server.url.replace('127.0.0.1', '0.0.0.0');
  const { code, stderr } = await run('ask', '--url', url, 'hello');
  expect(code).toBe(5);
  expect(stderr).toContain(`${url} does not let this connection in: Host "${new URL(url).host}" is not allowed here`);
  expect(stderr).toContain(`ALLOWED_ORIGINS=${url}`);
});
