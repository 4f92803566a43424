import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import type { ChatHandler } from '../../server/handlers/handler.ts';
import { switchboard } from '../helpers/command.ts';
import { startScriptedServer } from '../helpers/scripted-server.ts';
import { startTcpProxy } from '../helpers/tcp-proxy.ts';
import { atTerminal, ctrlC, ctrlD } from '../helpers/terminal.ts';

/** Says what it was told; goes on without end when told to. */
const talk: ChatHandler['run'] = async function* ({ text }, { signal }) {
  yield { type: 'text', text: `You said ${text}` };
  if (text !== 'go on') return;
  for (;;) {
    await sleep(20, undefined, { signal });
    yield { type: 'text', text: ' and on' };
  }
};

test('[CLI-8] lines from a pipe are answered one after the other in one chat', async () => {
  await using server = await startScriptedServer(talk);
  await using command = switchboard(['chat', '--url', server.url], 'one\n\ntwo\nthree');
  expect(await command.ended).toBe(0);
  expect(command.printed.stdout).toBe('You said one\nYou said two\nYou said three\n');
  expect(command.printed.stderr).toMatch(/^chat [\da-f-]{36}\n$/);
});

test('[CLI-8] from a pipe the exit code is that of the last answer; Ctrl-C stops the one that is being written', async () => {
  await using server = await startScriptedServer(talk);
  await using command = switchboard(['chat', '--url', server.url], 'go on\n');
  await command.sees('stdout', 'and on');
  command.process.kill('SIGINT');
  expect(await command.ended).toBe(3);
});

test('[CLI-9] at a terminal Ctrl-C stops the answer, the next line is answered, and Ctrl-C at the prompt leaves with 0', async () => {
  await using server = await startScriptedServer(talk);
  const terminal = atTerminal(['chat', '--url', server.url]);
  await terminal.sees('stdout', '> ');
  terminal.type('go on\r');
  await terminal.sees('stdout', 'and on and on');
  terminal.type(ctrlC);
  await terminal.sees('stderr', 'stopped');
  terminal.type('again\r');
  await terminal.sees('stdout', 'You said again');
  await vi.waitUntil(() => server.census().runs === 0, { interval: 5, timeout: 5_000 });
  await vi.waitUntil(() => terminal.printed.stdout.lastIndexOf('> ') > terminal.printed.stdout.indexOf('said again'));
  terminal.type(ctrlC);
  expect(await terminal.ended).toBe(0);
  await vi.waitUntil(() => server.census().connections === 0, { interval: 5, timeout: 5_000 });
});

test('[CLI-9] at a terminal a second Ctrl-C leaves the answer, which goes on, and Ctrl-D at the prompt leaves', async () => {
  await using server = await startScriptedServer(talk);
  await using proxy = await startTcpProxy(server.url);
  const terminal = atTerminal(['chat', '--url', proxy.url]);
  await terminal.sees('stdout', '> ');
  terminal.type('go on\r');
  await terminal.sees('stdout', 'and on');
  proxy.pause();
  terminal.type(ctrlC);
  terminal.type(ctrlC);
  expect(await terminal.ended).toBe(0);
  expect(server.census().runs).toBe(1);

  const other = atTerminal(['chat', '--url', server.url]);
  await other.sees('stdout', '> ');
  other.type(ctrlD);
  expect(await other.ended).toBe(0);
});

test('[CLI-10] a lost connection and its return are told on stderr, and the conversation goes on', async () => {
  await using server = await startScriptedServer(talk);
  await using proxy = await startTcpProxy(server.url);
  const terminal = atTerminal(['chat', '--url', proxy.url]);
  await terminal.sees('stdout', '> ');
  proxy.cutAll();
  await terminal.sees('stderr', 'connection lost, trying again …\nconnected again');
  terminal.type('still there?\r');
  await terminal.sees('stdout', 'You said still there?');
  terminal.endInput();
  expect(await terminal.ended).toBe(0);
});

test('[CLI-11] what would command a terminal is shown as U+FFFD there, and left alone in a pipe', async () => {
  const sneaky = 'red \u001b[31m alert';
  await using server = await startScriptedServer(async function* () {
    yield { type: 'text', text: sneaky };
  });
  const terminal = atTerminal(['chat', '--url', server.url]);
  await terminal.sees('stdout', '> ');
  terminal.type('hello\r');
  await terminal.sees('stdout', 'red \uFFFD[31m alert');
  expect(terminal.printed.stdout).not.toContain(sneaky);
  terminal.endInput();
  expect(await terminal.ended).toBe(0);

  await using command = switchboard(['ask', '--url', server.url], 'hello');
  expect(await command.ended).toBe(0);
  expect(command.printed.stdout).toBe(`${sneaky}\n`);
});

test('[CLI-8] a message that is refused is told, and the next line is answered', async () => {
  await using server = await startScriptedServer(talk);
  await using command = switchboard(['chat', '--url', server.url], `${'x'.repeat(100_001)}\nhello\n`);
  expect(await command.ended).toBe(0);
  expect(command.printed.stdout).toBe('You said hello\n');
  expect(command.printed.stderr).toContain('TOO_LARGE');
});
