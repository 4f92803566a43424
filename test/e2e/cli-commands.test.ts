import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { createChatClient } from '../../client/index.ts';
import type { ChatHandler } from '../../server/handlers/handler.ts';
import { startScriptedServer } from '../helpers/scripted-server.ts';
import { startTcpProxy } from '../helpers/tcp-proxy.ts';
import { atTerminal, ctrlC } from '../helpers/terminal.ts';

/** Says what it was told; goes on without end when told to. */
const talk: ChatHandler['run'] = async function* ({ text }, { signal }) {
  yield { type: 'text', text: `You said ${text}` };
  if (text !== 'go on') return;
  for (;;) {
    await sleep(20, undefined, { signal });
    yield { type: 'text', text: ' and on' };
  }
};

/** What is typed, line by line, each when the words that answer the one before have been seen. */
async function type(terminal: ReturnType<typeof atTerminal>, lines: readonly (readonly [string, string])[]) {
  for (const [line, answer] of lines) {
    terminal.type(`${line}\r`);
    await terminal.sees('screen', answer);
    await vi.waitUntil(() => terminal.printed.screen.lastIndexOf('> ') > terminal.printed.screen.indexOf(answer), {
      interval: 5,
      timeout: 5_000,
    });
  }
}

test('[CLI-16] [CLI-15] a chat is begun, called by its first words, renamed, listed and gone on in by its number', async () => {
  await using server = await startScriptedServer(talk);
  const terminal = atTerminal(['chat', '--url', server.url]);
  await terminal.sees('stdout', '> ');
  await type(terminal, [
    ['/help', '/title WORDS'],
    ['first   words\there', 'You said first   words\there'],
    ['/title', 'title: first words here'],
    ['/title Another name', 'title: Another name'],
    ['/new editor', 'a new chat with Editor'],
    ['second', 'You said second'],
    ['/chats', '  2  '],
    ['/open 2', 'Another name\n> first   words\there\nYou said first   words\there'],
    ['third', 'You said third'],
  ]);
  terminal.type('/exit\r');
  expect(await terminal.ended).toBe(0);
  const client = createChatClient({ url: server.url });
  const { chats } = await client.api.chat.list.query({});
  expect(chats.map(({ title }) => title)).toEqual(['Another name', 'second']);
  expect(chats[0]?.app.id).not.toBe(chats[1]?.app.id);
  const { messages } = await client.api.chat.history.query({ chatId: chats[0]?.id ?? '' });
  expect(messages).toHaveLength(4);
  await client.close();
});

test('[CLI-16] /new without a name offers everybody who answers, and takes a number, a name or nothing', async () => {
  await using server = await startScriptedServer(talk);
  const terminal = atTerminal(['chat', '--url', server.url]);
  await terminal.sees('stdout', '> ');
  terminal.type('/new\r');
  await terminal.sees('screen', 'who answers? ');
  expect(terminal.printed.stderr).toMatch(/ {2}1 {2}Assistant .*\n {2}2 {2}Editor .*\n {2}3 {2}Summarise .*workflow: /);
  terminal.type('nobody\r');
  await terminal.sees(
    'stderr',
    'expected an assistant or workflow (Assistant, Editor, Summarise, Trip planner, Letter with approval, One by one), got "nobody"',
  );
  await type(terminal, [['3', 'a new chat with Summarise']]);
  terminal.type('/new\r');
  await type(terminal, [['', 'a new chat with Assistant']]);
  terminal.type('/exit\r');
  expect(await terminal.ended).toBe(0);
});

test('[CLI-16] /stop stops the answer at once, and what is no command is said and not sent', async () => {
  await using server = await startScriptedServer(talk);
  const terminal = atTerminal(['chat', '--url', server.url]);
  await terminal.sees('stdout', '> ');
  await type(terminal, [
    ['/stop', 'no answer is being written in this chat'],
    ['/nope', 'there is no command /nope; /help lists them'],
    ['/open 7', '/open: expected a number from 1 to 0, got 7'],
    ['/title x', '/title: this chat begins with its first message'],
    [' /nope', 'You said  /nope'],
  ]);
  terminal.type('go on\r');
  await terminal.sees('stdout', 'and on');
  terminal.type('/stop\r');
  await terminal.sees('stderr', 'stopped\n');
  await type(terminal, [['after', 'You said after']]);
  expect(terminal.printed.stderr.match(/no answer is being written/g)).toHaveLength(1);
  terminal.type('/quit\r');
  expect(await terminal.ended).toBe(0);
});

test('[CLI-17] [CLI-15] --last shows the last messages and follows the answer that is being written', async () => {
  await using server = await startScriptedServer(talk);
  const client = createChatClient({ url: server.url });
  const chat = await client.api.chat.create.mutate({ title: 'Earlier' });
  await client.send({ chatId: chat.id, text: 'go on' });
  const terminal = atTerminal(['chat', '--url', server.url, '--last']);
  await terminal.sees('stdout', 'You said go on and on and on');
  expect(terminal.printed.stderr).toBe(`chat ${chat.id}  Earlier\n> go on\nan answer is being written:\n`);
  terminal.type(ctrlC);
  await terminal.sees('stderr', 'stopped\n');
  await type(terminal, [['more', 'You said more']]);
  terminal.type('/exit\r');
  expect(await terminal.ended).toBe(0);
  await client.close();

  const again = atTerminal(['chat', '--url', server.url, '--chat', chat.id]);
  await again.sees('stderr', ' [stopped]\n> more\nYou said more\n');
  again.endInput();
  expect(await again.ended).toBe(0);
});

test('[CLI-18] notices in the middle of an answer, and while a prompt waits, stand on lines of their own', async () => {
  await using server = await startScriptedServer(talk);
  await using proxy = await startTcpProxy(server.url);
  const terminal = atTerminal(['chat', '--url', proxy.url]);
  await terminal.sees('stdout', '> ');
  terminal.type('go on\r');
  await terminal.sees('stdout', 'and on and on');
  proxy.cutAll();
  await terminal.sees('stderr', 'connected again');
  terminal.type(ctrlC);
  await terminal.sees('stderr', 'stopped\n');
  expect(terminal.printed.screen).toMatch(/ and on\n(connection lost|stopping)/);
  expect(terminal.printed.screen).not.toMatch(/[^\n](connection lost|connected again|stopping the answer|stopped\n)/);
  // eslint-disable-next-line no-control-regex -- the prompt is taken away by control characters
  const promptAgain = /\nstopped\n(?:\u001b\[[^a-z]*[A-Za-z])*> /;
  await vi.waitUntil(() => promptAgain.test(terminal.printed.screen), { interval: 5, timeout: 5_000 });
  proxy.cutAll();
  await vi.waitUntil(() => terminal.printed.stderr.match(/connected again/g)?.length === 2, { timeout: 10_000 });
  expect(terminal.printed.screen).not.toMatch(/> (connection lost|connected again)/);
  expect(terminal.printed.screen.lastIndexOf('> ')).toBeGreaterThan(
    terminal.printed.screen.lastIndexOf('connected again'),
  );
  terminal.endInput();
  expect(await terminal.ended).toBe(0);
});
