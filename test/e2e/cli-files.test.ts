import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createChatClient } from '../../client/index.ts';
import type { ChatHandler } from '../../server/handlers/handler.ts';
import type { Server } from '../../server/index.ts';
import { limits } from '../../shared/limits.ts';
import { images } from '../helpers/images.ts';
import { switchboard } from '../helpers/command.ts';
import { startScriptedServer } from '../helpers/scripted-server.ts';
import { temporaryFolder } from '../helpers/server-process.ts';
import { atTerminal } from '../helpers/terminal.ts';

/** Says what it was given, and where that is from. */
const tell: ChatHandler['run'] = async function* ({ text, attachments, readFile }) {
  const files = await Promise.all(
    attachments.map(async (file) => `${file.name}: ${(await readFile(file.fileId)).length}`),
  );
  yield { type: 'text', text: [`“${text}”`, ...files].join(', ') };
  const source = { type: 'source', title: 'The paper', url: 'https://example.org/paper' } as const;
  yield { type: 'part', key: 'source', value: source };
};

let server: Server & AsyncDisposable;
beforeAll(async () => {
  server = await startScriptedServer(tell);
}, 120_000);
afterAll(() => server[Symbol.asyncDispose]());

test('[CLI-31] `ask --file` sends files along, with words or without, and tells what they were taken for', async () => {
  await using folder = await temporaryFolder();
  const [image, text] = [join(folder.path, 'cat.png'), join(folder.path, 'notes.md')];
  await writeFile(image, images['image/png']);
  await writeFile(text, 'some notes');
  const files = ['--file', image, '--file', text];
  await using command = switchboard(['ask', '--url', server.url, ...files, 'what', 'is', 'this?'], '');
  expect(await command.ended).toBe(0);
  expect(command.printed.stdout).toBe('“what is this?”, cat.png: 70, notes.md: 10\n');
  expect(command.printed.stderr).toContain('file cat.png (image/png, 70 bytes)\n');
  expect(command.printed.stderr).toContain('file notes.md (text/plain, 10 bytes)\n');
  expect(command.printed.stderr).toContain('source: The paper https://example.org/paper\n');
  await using silent = switchboard(['ask', '--url', server.url, '--json', '--file', text], '');
  expect(await silent.ended).toBe(0);
  const events = silent.printed.stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string });
  expect(events.find(({ type }) => type === 'message.added')).toMatchObject({
    message: { parts: [{ type: 'file', name: 'notes.md', size: 10 }] },
  });
  const [chat] = await withClient(async ({ api }) => (await api.chat.list.query({ limit: 1 })).chats);
  expect(chat?.title).toBe('notes.md');
});

async function withClient<Result>(
  work: (client: ReturnType<typeof createChatClient>) => Promise<Result>,
): Promise<Result> {
  const client = createChatClient({ url: server.url });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

test('[CLI-31] a file that cannot be read, or is too large, is refused by its name, and nothing is sent', async () => {
  await using folder = await temporaryFolder();
  const large = join(folder.path, 'large.txt');
  await writeFile(large, Buffer.alloc(limits.fileBytes + 1, 'a'));
  for (const [path, words] of [
    [join(folder.path, 'none.txt'), 'ENOENT'],
    [large, `expected at most ${limits.fileBytes} bytes`],
  ] as const) {
    await using command = switchboard(['ask', '--url', server.url, '--file', path, 'look'], '');
    expect(await command.ended).toBe(5);
    expect(command.printed.stderr).toContain(`--file: ${path}: ${words}`);
    expect(command.printed.stdout).toBe('');
  }
});

test('[CLI-32] in `chat` /attach puts files to the next message, and to no other', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'a b.txt');
  const dropped = join(folder.path, 'dropped.txt');
  await writeFile(file, 'words');
  await writeFile(dropped, 'other words');
  const terminal = atTerminal(['chat', '--url', server.url]);
  await terminal.sees('stdout', '> ');
  const type = async (line: string, answer: string) => {
    terminal.type(`${line}\r`);
    await terminal.sees('screen', answer);
  };
  await type('/attach', '/attach: expected a file, got nothing');
  await type(`/attach ${join(folder.path, 'none')}`, 'ENOENT');
  await type(`/attach ${dropped}`, 'file dropped.txt (text/plain, 11 bytes)');
  await type('/attach', 'nothing goes with your next message');
  await type(`/attach ${file}`, 'file a b.txt (text/plain, 5 bytes)');
  await type('first', '“first”, a b.txt: 5');
  await type('second', '“second”');
  terminal.type('/exit\r');
  expect(await terminal.ended).toBe(0);
  expect(terminal.printed.stdout).not.toContain('“second”,');
  const chat = await withClient(async ({ api }) => (await api.chat.list.query({ limit: 1 })).chats[0]);
  const tail = atTerminal(['tail', '--url', server.url, chat?.id ?? '']);
  await tail.sees('screen', '> first [a b.txt]');
  tail.interrupt();
  await tail.ended;
});
