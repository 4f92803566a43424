import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createChatClient } from '../../client/index.ts';
import type { ChatClient } from '../../client/index.ts';
import type { ChatHandler } from '../../server/handlers/handler.ts';
import type { Server } from '../../server/index.ts';
import { textOf } from '../../shared/message.ts';
import { startScriptedServer } from '../helpers/scripted-server.ts';
import { temporaryFolder } from '../helpers/server-process.ts';
import { atTerminal } from '../helpers/terminal.ts';

let answers = 0;
/** Numbers its answers; goes on without end when told to. */
const talk: ChatHandler['run'] = async function* ({ text }, { signal }) {
  yield { type: 'text', text: `${(answers += 1)}: ${text}` };
  if (text !== 'go on') return;
  for (;;) await sleep(20, undefined, { signal });
};

let server: Server & AsyncDisposable;
let client: ChatClient;
beforeAll(async () => {
  server = await startScriptedServer(talk);
  client = createChatClient({ url: server.url });
}, 120_000);
afterAll(async () => {
  await client.close();
  await server[Symbol.asyncDispose]();
});

/** What is typed, line by line, each when the answer to the one before and then a prompt have been seen. */
async function type(terminal: ReturnType<typeof atTerminal>, lines: readonly (readonly [string, string])[]) {
  for (const [line, answer] of lines) {
    terminal.type(`${line}\r`);
    await terminal.sees('screen', answer);
    const { printed } = terminal;
    await vi.waitUntil(() => printed.screen.lastIndexOf('> ') > printed.screen.lastIndexOf(answer), {
      interval: 5,
      timeout: 10_000,
    });
  }
}

const shown = async (chatId: string) => (await client.api.chat.history.query({ chatId })).messages.map(textOf);

test('[CLI-26] [CLI-28] [CLI-14] [CLI-30] another answer, another last message, a fork, files and a share', async () => {
  answers = 0;
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'chat.md');
  const chat = await client.create({ title: 'Branches' });
  const terminal = atTerminal(['chat', '--url', server.url, '--chat', chat.id]);
  await terminal.sees('stdout', '> ');
  await type(terminal, [
    ['/regenerate', '/regenerate: nothing was said in this chat yet'],
    ['hello', '1: hello'],
    ['/regenerate', '2: hello'],
    ['/edit', '/edit: expected what to say'],
    ['/edit good   morning', '3: good morning'],
    [`/export ${file}`, `written: ${file}`],
    [`/export ${file}`, `/export: ${file} is there already`],
    ['/export chat.txt', 'expected a file that ends in .md or .json, got "chat.txt"'],
    ['/share', 'shared: others read it as share '],
  ]);
  expect(await shown(chat.id)).toEqual(['good morning', '3: good morning']);
  expect(await readFile(file, 'utf8')).toContain('3: good morning');
  const shareId = /as share (\S+)/.exec(terminal.printed.stderr)?.[1] ?? '';
  expect((await client.api.share.get.query({ shareId })).chat.title).toBe('Branches');
  await type(terminal, [
    ['/unshare', 'shared no more'],
    ['/fork', '3: good morning\n'],
    ['in the fork', '4: in the fork'],
  ]);
  await expect(client.api.share.get.query({ shareId })).rejects.toThrow('share');
  terminal.endInput();
  expect(await terminal.ended).toBe(0);
  expect(await shown(chat.id)).toHaveLength(2);

  const isFound = async () => (await client.api.chat.list.query({ search: 'morning' })).chats.length > 0;
  await vi.waitUntil(isFound, { interval: 20, timeout: 20_000 });
  const found = atTerminal(['chats', '--search', 'morning', '--url', server.url]);
  expect(await found.ended).toBe(0);
  expect(found.printed.stdout).toContain(`${chat.id}  `);
  expect(found.printed.stdout).toMatch(/Branches\n {4}3: good morning\n/);
  expect(found.printed.stdout).not.toContain('new answer');

  const exported = atTerminal(['export', chat.id, '--format', 'json', '--url', server.url]);
  expect(await exported.ended).toBe(0);
  expect(JSON.parse(exported.printed.stdout)).toMatchObject({ chat: { id: chat.id }, messages: [{}, {}] });
});

test('[CLI-27] what waits is listed, one is dropped, and a paused queue goes on', async () => {
  answers = 0;
  const chat = await client.create({ title: 'Queue' });
  const { runId } = await client.send({ chatId: chat.id, text: 'go on' });
  for (const text of ['one', 'two', 'three']) await client.send({ chatId: chat.id, text });
  await client.stop({ chatId: chat.id, runId });
  await vi.waitUntil(() => server.census().runs === 0, { interval: 5, timeout: 10_000 });
  const terminal = atTerminal(['chat', '--url', server.url, '--chat', chat.id]);
  await terminal.sees('stdout', '> ');
  await type(terminal, [
    ['/queue', '  1  one\n  2  two\n  3  three\npaused; /queue go lets it go on'],
    ['/queue drop 7', '/queue drop: expected a number from 1 to 3, got 7'],
    ['/queue drop 2', 'dropped: two'],
    ['/queue go', '3: three'],
    ['/queue', 'nothing waits in this chat'],
  ]);
  terminal.endInput();
  expect(await terminal.ended).toBe(0);
  expect((await shown(chat.id)).filter((text) => /^[23]:/.test(text))).toEqual(['2: one', '3: three']);
});
