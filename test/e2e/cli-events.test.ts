import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { createChatClient } from '../../client/index.ts';
import type { ChatHandler } from '../../server/handlers/handler.ts';
import { ChatEvent } from '../../shared/events.ts';
import { switchboard } from '../helpers/command.ts';
import { gate, startScriptedServer, words } from '../helpers/scripted-server.ts';
import { atTerminal } from '../helpers/terminal.ts';

type Line = ChatEvent & { readonly cursor: string };

/** Each line is an event of the contract, with its cursor. */
function eventsOf(stdout: string): Line[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => {
      const event = JSON.parse(line) as Line;
      expect(ChatEvent.safeParse(event).error).toBeUndefined();
      expect(event.cursor).toMatch(/./);
      return event;
    });
}

function textOf(events: readonly Line[]): string {
  return events.map((event) => (event.type === 'message.delta' ? event.text : '')).join('');
}

const count: ChatHandler['run'] = async function* ({ text }, { signal }) {
  for (const word of words(Number(text) || 3)) {
    yield { type: 'text', text: word };
    await sleep(2, undefined, { signal });
  }
};

test('[CLI-12] ask --json prints the events of its run in the order of the wire, and ends with the code of the ending', async () => {
  await using server = await startScriptedServer(count);
  await using command = switchboard(['ask', '--json', '--url', server.url, '40'], '');
  expect(await command.ended).toBe(0);
  const events = eventsOf(command.printed.stdout);
  const types = events.map(({ type }) => type).filter((type, index, all) => type !== all[index - 1]);
  expect(types).toEqual([
    'run.queued',
    'message.added',
    'run.started',
    'message.added',
    'message.delta',
    'message.completed',
    'run.ended',
  ]);
  expect(textOf(events)).toBe(words(40).join(''));
  expect(command.printed.stderr).toMatch(/^chat [\da-f-]{36}\n$/);
});

test('[CLI-12] ask --json leaves out what another run of the chat does meanwhile', async () => {
  const door = gate();
  await using server = await startScriptedServer(async function* ({ text }) {
    yield { type: 'text', text: `${text}, begun` };
    if (text === 'first') await door.passed;
    yield { type: 'text', text: `, ended` };
  });
  const client = createChatClient({ url: server.url });
  const chat = await client.api.chat.create.mutate({});
  await client.send({ chatId: chat.id, text: 'first' });
  await using command = switchboard(['ask', '--json', '--url', server.url, '--chat', chat.id, 'second'], '');
  await command.sees('stdout', 'run.queued');
  door.open();
  expect(await command.ended).toBe(0);
  await client.close();
  const events = eventsOf(command.printed.stdout);
  expect(textOf(events)).toBe('second, begun, ended');
  expect(events.filter(({ type }) => type === 'run.ended')).toHaveLength(1);
  expect(command.printed.stdout).not.toContain('first');
});

test('[CLI-12] a failed answer is told by its events too, and ends with 1', async () => {
  await using server = await startScriptedServer(async function* () {
    yield { type: 'text', text: 'I begin' };
    throw new Error('inside');
  });
  await using command = switchboard(['ask', '--json', '--url', server.url, 'hello'], '');
  expect(await command.ended).toBe(1);
  expect(eventsOf(command.printed.stdout).at(-1)).toMatchObject({ type: 'run.ended', status: 'failed' });
  expect(command.printed.stderr).toContain('failed: INTERNAL: ');
});

test('[CLI-13] tail --json follows until it is stopped, tells its place, and --from goes on there without loss or repetition', async () => {
  const door = gate();
  await using server = await startScriptedServer(async function* (_run, { signal }) {
    for (const [index, text] of words(200).entries()) {
      yield { type: 'text', text };
      if (index === 100) await door.passed;
      await sleep(2, undefined, { signal });
    }
  });
  const client = createChatClient({ url: server.url });
  const chat = await client.api.chat.create.mutate({ title: 'Followed' });
  await using first = switchboard(['tail', chat.id, '--json', '--url', server.url]);
  await first.sees('stdout', 'snapshot');
  await client.send({ chatId: chat.id, text: 'go' });
  await first.sees('stdout', 'w100 ');
  first.process.kill('SIGTERM');
  expect(await first.ended).toBe(0);
  const cursor = /switchboard tail (\S+) --from (\S+)\n$/.exec(first.printed.stderr) ?? [];
  expect(cursor[1]).toBe(chat.id);
  const before = eventsOf(first.printed.stdout);
  expect(before.at(-1)?.cursor).toBe(cursor[2]);

  await using second = switchboard(['tail', chat.id, '--json', '--url', server.url, '--from', cursor[2] ?? '']);
  door.open();
  await second.sees('stdout', 'run.ended');
  second.process.kill('SIGINT');
  expect(await second.ended).toBe(0);
  await client.close();
  const after = eventsOf(second.printed.stdout);
  expect(after.map(({ type }) => type)).not.toContain('snapshot');
  expect(textOf([...before, ...after])).toBe(words(200).join(''));
});

test('[CLI-13] tail tells people what is said, how answers grow and end, and that the chat was deleted', async () => {
  await using server = await startScriptedServer(async function* ({ text }) {
    yield { type: 'text', text: `You said ${text}` };
    if (text === 'two') throw new Error('inside');
  });
  const client = createChatClient({ url: server.url });
  const chat = await client.api.chat.create.mutate({ title: 'Followed' });
  await client.send({ chatId: chat.id, text: 'one' });
  await vi.waitUntil(() => server.census().runs === 0, { interval: 5, timeout: 5_000 });
  const terminal = atTerminal(['tail', chat.id, '--url', server.url]);
  await terminal.sees('stdout', '> one\nYou said one');
  await client.send({ chatId: chat.id, text: 'two' });
  await terminal.sees('stdout', '\n> two\nYou said two\n(failed) INTERNAL: ');
  await client.api.chat.rename.mutate({ chatId: chat.id, title: 'Renamed' });
  await client.api.chat.delete.mutate({ chatId: chat.id });
  expect(await terminal.ended).toBe(0);
  expect(terminal.printed.stdout).toMatch(/\n\(title\) Renamed\n\(the chat was deleted\)\n$/);
  await client.close();
});

test('[CLI-13] tail of a chat that does not exist is refused with 5', async () => {
  await using server = await startScriptedServer(count);
  const terminal = atTerminal(['tail', '0198c0de-0000-7000-8000-000000000001', '--url', server.url]);
  expect(await terminal.ended).toBe(5);
  expect(terminal.printed.stderr).toMatch(/NOT_FOUND: .*; switchboard chats lists those that there are/);
});

test('[CLI-14] [CLI-15] [CLI-30] chats lists what was begun, last used first, and finds words of titles', async () => {
  await using server = await startScriptedServer(count);
  const options = ['--url', server.url];
  const none = atTerminal(['chats', ...options]);
  expect(await none.ended).toBe(0);
  expect(none.printed).toMatchObject({ stdout: '', stderr: 'no chats yet\n' });
  for (const text of ['Write a haiku about sockets', 'What is a cursor?']) {
    await using asked = switchboard(['ask', ...options, text], '');
    expect(await asked.ended).toBe(0);
  }
  const all = atTerminal(['chats', ...options]);
  expect(await all.ended).toBe(0);
  expect(all.printed.stdout).toMatch(
    /^[\da-f-]{36} {2}\d{4}-\d\d-\d\d \d\d:\d\d {2}What is a cursor\?\n[\da-f-]{36} .* {2}Write a haiku about sockets\n$/,
  );
  const found = atTerminal(['chats', ...options, '--search', 'HAIKU', '--json']);
  expect(await found.ended).toBe(0);
  const [chat, ...others] = found.printed.stdout.trimEnd().split('\n');
  expect(JSON.parse(chat ?? '')).toMatchObject({ title: 'Write a haiku about sockets' });
  expect(others).toEqual([]);

  const client = createChatClient({ url: server.url });
  const { id: chatId } = await client.create({ title: 'Elsewhere' });
  await client.send({ chatId, text: '1' });
  await vi.waitUntil(async () => (await client.api.chat.get.query({ chatId })).activeRun === null, { timeout: 5_000 });
  const marked = atTerminal(['chats', ...options]);
  expect(await marked.ended).toBe(0);
  expect(marked.printed.stdout).toMatch(/Elsewhere \(new answer\)\n.*What is a cursor\?\n.*sockets\n$/);
  await client.api.chat.delete.mutate({ chatId });
  await client.close();

  await using last = switchboard(['ask', ...options, '--last', '2'], '');
  expect(await last.ended).toBe(0);
  expect(last.printed.stdout).toBe('w0 w1 \n');
  expect(last.printed.stderr).toContain(all.printed.stdout.slice(0, 36));
});
