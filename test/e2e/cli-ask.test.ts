import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { connect } from '../../client/cli/session.ts';
import type { ChatHandler } from '../../server/handlers/handler.ts';
import { createServer as createSwitchboard } from '../../server/index.ts';
import { SwitchboardError } from '../../shared/errors.ts';
import type { Chat } from '../../shared/chat.ts';
import type { Run } from '../../shared/run.ts';
import { switchboard } from '../helpers/command.ts';
import { RawClient } from '../helpers/raw-client.ts';
import { startScriptedServer, words } from '../helpers/scripted-server.ts';
import { startTcpProxy } from '../helpers/tcp-proxy.ts';

/** Says what it was told. */
const echo: ChatHandler['run'] = async function* ({ text }) {
  yield { type: 'reasoning', text: 'let me think' };
  yield { type: 'text', text: `You said ` };
  yield { type: 'text', text };
};

/** Begins, and goes on until it is stopped. */
const endless: ChatHandler['run'] = async function* (_run, { signal }) {
  yield { type: 'text', text: 'and so' };
  for (;;) {
    await sleep(20, undefined, { signal });
    yield { type: 'text', text: ' on' };
  }
};

test.each([
  [[], 'hello\n'],
  [['hello'], undefined],
] as const)(
  '[CLI-1] `ask` with words %j and stdin %j prints the answer, a newline, and ends with 0',
  async (given, input) => {
    await using server = await startScriptedServer(echo);
    await using command = switchboard(['ask', '--url', server.url, ...given], input);
    expect(await command.ended).toBe(0);
    expect(command.printed.stdout).toBe('You said hello\n');
    expect(command.printed.stderr).toMatch(/^chat [\da-f-]{36}\n$/);
  },
);

test('[CLI-3] the reasoning goes to stderr, and only where it was asked for', async () => {
  await using server = await startScriptedServer(echo);
  await using command = switchboard(['ask', '--url', server.url, '--reasoning', 'hello'], '');
  expect(await command.ended).toBe(0);
  expect(command.printed.stdout).toBe('You said hello\n');
  expect(command.printed.stderr).toMatch(/^chat .*\nlet me think\n$/);
});

test('[CLI-2] a failed answer keeps its text on stdout, tells the reason on stderr, and ends with 1', async () => {
  await using server = await startScriptedServer(async function* () {
    yield { type: 'text', text: 'I begin' };
    throw new SwitchboardError('MODEL_RATE_LIMITED', 'the provider has had enough');
  });
  await using command = switchboard(['ask', '--url', server.url], 'hello');
  expect(await command.ended).toBe(1);
  expect(command.printed.stdout).toBe('I begin\n');
  expect(command.printed.stderr).toContain('failed: MODEL_RATE_LIMITED: the provider has had enough\n');
});

test('[CLI-2] without a server it says how to start one, and ends with 2', async () => {
  await using command = switchboard(['ask', '--url', 'http://127.0.0.1:1'], 'hello');
  expect(await command.ended).toBe(2);
  expect(command.printed.stderr).toBe(
    'No Switchboard server answers at http://127.0.0.1:1. Start one with: npm start (or: switchboard serve)\n',
  );
  expect(command.printed.stdout).toBe('');
});

test('[CLI-2] a port that accepts and keeps silent for two seconds is no server either', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}`;
  const from = performance.now();
  await expect(connect({ url })).rejects.toThrow(`No Switchboard server answers at ${url}.`);
  expect(performance.now() - from).toBeLessThan(3_000);
  await using command = switchboard(['ask', '--url', url], 'hello');
  expect(await command.ended).toBe(2);
  expect(command.printed.stderr).toContain('Start one with: npm start');
  silent.close();
});

test('[CLI-2] Ctrl-C stops the answer on the server and ends with 3', async () => {
  await using server = await startScriptedServer(endless);
  await using command = switchboard(['ask', '--url', server.url], 'hello');
  await command.sees('stdout', 'on on');
  command.process.kill('SIGINT');
  expect(await command.ended).toBe(3);
  expect(command.printed.stdout).toMatch(/^and so( on)+\n$/);
  expect(command.printed.stderr).toContain('stopped\n');
  expect(server.census().runs).toBe(0);
});

test('[CLI-2] a second Ctrl-C leaves with 130 although the server cannot be reached, and the answer goes on', async () => {
  await using server = await startScriptedServer(endless);
  await using proxy = await startTcpProxy(server.url);
  await using command = switchboard(['ask', '--url', proxy.url], 'hello');
  await command.sees('stdout', 'on on');
  proxy.pause();
  command.process.kill('SIGINT');
  await command.sees('stderr', 'Ctrl-C again leaves it');
  command.process.kill('SIGINT');
  expect(await command.ended).toBe(130);
  expect(server.census().runs).toBe(1);
});

test('[CLI-2] an answer that a stopping server cuts off ends with 4', async () => {
  await using server = await startScriptedServer(endless);
  await using command = switchboard(['ask', '--url', server.url], 'hello');
  await command.sees('stdout', 'on on');
  await server.drain(0);
  expect(await command.ended).toBe(4);
  expect(command.printed.stderr).toContain('interrupted');
});

test('[CLI-21] a message whose queue is paused before its turn is left waiting, with 6', async () => {
  await using server = await startScriptedServer(endless);
  await using client = await RawClient.connect(server.url);
  const chat = await client.mutate<Chat>('chat.create', {});
  await client.mutate('chat.send', { chatId: chat.id, text: 'first' });
  await using command = switchboard(['ask', '--url', server.url, '--chat', chat.id], 'second');
  await command.sees('stderr', 'waiting: another answer');
  await client.mutate('chat.stop', { chatId: chat.id });
  expect(await command.ended).toBe(6);
  expect(command.printed.stderr).toContain('paused: the message waits');
  const { queue } = await client.query<{ queue: Run[] }>('chat.queue.list', { chatId: chat.id });
  expect(queue.map(({ text }) => text)).toEqual(['second']);
});

test('[CLI-21] a message to a queue that was paused before lets it go on, and is answered in its turn', async () => {
  await using server = await startScriptedServer((run, options) =>
    run.text === 'endless' ? endless(run, options) : echo(run, options),
  );
  await using client = await RawClient.connect(server.url);
  const chat = await client.mutate<Chat>('chat.create', {});
  await client.mutate('chat.send', { chatId: chat.id, text: 'endless' });
  await client.mutate('chat.send', { chatId: chat.id, text: 'first' });
  await client.mutate('chat.stop', { chatId: chat.id });
  await using command = switchboard(['ask', '--url', server.url, '--chat', chat.id], 'second');
  expect(await command.ended).toBe(0);
  expect(command.printed.stdout).toBe('You said second\n');
});

test.each([
  ['no message', ['ask'], '', 'expected a message, got none'],
  ['an unknown option', ['ask', '--nope'], '', "unknown option '--nope'"],
  ['a chat that is no id', ['ask', '--chat', 'x'], 'hello', 'INVALID_INPUT'],
  ['a chat that does not exist', ['ask', '--chat', '0198c0de-0000-7000-8000-000000000001'], 'hello', 'NOT_FOUND'],
  ['an app that does not exist', ['ask', '--app', 'nobody'], 'hello', 'expected an assistant or workflow (Assistant,'],
  ['a message that is too long', ['ask'], 'x'.repeat(100_001), 'TOO_LARGE'],
  ['an endless message', ['ask'], 'x'.repeat(1_000_000), 'expected at most 100000 UTF-16 units on stdin'],
] as const)('[CLI-2] %s is refused with the reason and 5', async (_, args, input, reason) => {
  await using server = await startScriptedServer(echo);
  await using command = switchboard([...args, '--url', server.url], input);
  expect(await command.ended).toBe(5);
  expect(command.printed.stderr).toContain(reason);
  expect(command.printed.stdout).toBe('');
});

test('[CLI-2] an address that is none is refused with 5', async () => {
  await using command = switchboard(['ask', '--url', 'nonsense'], 'hello');
  expect(await command.ended).toBe(5);
  expect(command.printed.stderr).toContain(
    `--url: expected a server's address such as http://127.0.0.1:3000, got "nonsense"`,
  );
});

test('[CLI-4] an answer survives cut sockets: stdout has every word once', async () => {
  await using server = await startScriptedServer(async function* (_run, { signal }) {
    for (const text of words(300)) {
      yield { type: 'text', text };
      await sleep(5, undefined, { signal });
    }
  });
  await using proxy = await startTcpProxy(server.url);
  await using command = switchboard(['ask', '--url', proxy.url], 'hello');
  for (const word of ['w20 ', 'w100 ', 'w200 ']) {
    await command.sees('stdout', word);
    await vi.waitUntil(() => proxy.links > 0, { interval: 2, timeout: 5_000 });
    proxy.cutAll();
  }
  expect(await command.ended).toBe(0);
  expect(command.printed.stdout).toBe(`${words(300).join('')}\n`);
  expect(command.printed.stderr).toContain('connection lost, trying again …\nconnected again\n');
});

test('[CLI-5] the answer of the built-in demo is labelled on stderr, and only there', async () => {
  await using server = await createSwitchboard({ port: 0, dataDir: null, logLevel: 'silent' }).then((server) => ({
    ...server,
    [Symbol.asyncDispose]: () => server.close(),
  }));
  await using command = switchboard(['ask', '--url', server.url], 'what is this?');
  expect(await command.ended).toBe(0);
  expect(command.printed.stderr).toContain('(a demo answer: no language model is connected to this server)\n');
  expect(command.printed.stdout).toContain('what is this?');
});

test('[CLI-6] when the reader of its output goes away it ends quietly', async () => {
  await using server = await startScriptedServer(endless);
  await using command = switchboard(['ask', '--url', server.url], 'hello');
  await command.sees('stdout', 'on');
  command.process.stdout?.destroy();
  expect(await command.ended).toBe(0);
  expect(command.printed.stderr).toMatch(/^chat [\da-f-]{36}\n$/);
});

test('[CLI-7] --chat goes on in a chat and --app chooses who answers in a new one', async () => {
  await using server = await startScriptedServer(async function* (run) {
    yield { type: 'text', text: `${run.text} after ${(await run.history(10)).length}` };
  });
  await using first = switchboard(['ask', '--url', server.url, '--app', 'editor', 'one'], '');
  expect(await first.ended).toBe(0);
  expect(first.printed.stdout).toBe('one after 0\n');
  const chatId = /^chat (\S+)/.exec(first.printed.stderr)?.[1] ?? '';
  await using second = switchboard(['ask', '--url', server.url, '--chat', chatId, 'two'], '');
  expect(await second.ended).toBe(0);
  expect(second.printed.stdout).toBe('two after 2\n');
});

test('[CLI-2] --help documents every exit code', async () => {
  await using command = switchboard(['ask', '--help'], '');
  expect(await command.ended).toBe(0);
  for (const code of [0, 1, 2, 3, 4, 5, 6, 7, 130])
    expect(command.printed.stdout).toMatch(new RegExp(`^ +${code}  \\w`, 'm'));
});
