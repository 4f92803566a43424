import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import type { Chat } from '../../shared/chat.ts';
import { newId } from '../../shared/new-id.ts';
import type { Message } from '../../shared/message.ts';
import { textOf } from '../../shared/message.ts';
import type { SendReply } from '../../server/chat-manager.ts';
import { echo, echoTokens } from '../helpers/model-provider-echo.ts';
import { startModelProvider } from '../helpers/model-provider.ts';
import { RawClient } from '../helpers/raw-client.ts';
import { ServerProcess, temporaryFolder } from '../helpers/server-process.ts';

const withModel = (folder: string, url: string) => ({
  DATA_DIR: folder,
  OPENAI_BASE_URL: url,
  DEFAULT_MODEL: 'openai:double',
  LOG_LEVEL: 'warn',
});
const history = async (client: RawClient, chat: Chat) =>
  (await client.query<{ messages: Message[] }>('chat.history', { chatId: chat.id })).messages;

describe('a crash', () => {
  test('[CRSH-1] loses no acknowledged message: the partial is interrupted, the queue starts, old cursors lead to what is stored', async () => {
    await using folder = await temporaryFolder();
    await using provider = await startModelProvider({ answer: echo({ tokens: 100, delayMs: 20 }) });
    await using before = new ServerProcess(withModel(folder.path, provider.url));
    const client = await RawClient.connect(await before.ready());
    const chat = await client.mutate<Chat>('chat.create', {});
    const stream = client.stream({ chatId: chat.id });
    const messageId = newId();
    await client.mutate<SendReply>('chat.send', { chatId: chat.id, text: 'first', messageId });
    await client.mutate<SendReply>('chat.send', { chatId: chat.id, text: 'second' });
    await stream.until(({ view }) => textOf(view?.messages.at(-1) ?? { parts: [] }).length > 300);
    await before.stop('SIGKILL');

    await using after = new ServerProcess(withModel(folder.path, provider.url));
    await using again = await RawClient.connect(await after.ready());
    const resumed = again.stream({ chatId: chat.id, lastEventId: stream.cursor }, stream.view);
    await resumed.untilEnded(2);
    const messages = await history(again, chat);
    expect(messages.map(({ status }) => status)).toEqual(['completed', 'interrupted', 'completed', 'completed']);
    expect(messages[0]?.id).toBe(messageId);
    const partial = textOf(messages[1]!);
    expect(echoTokens('first', 100).join('').startsWith(partial)).toBe(true);
    expect(partial.length).toBeGreaterThan(100);
    expect(textOf(messages[3]!)).toBe(echoTokens('second', 100).join(''));
    expect(resumed.types).not.toContain('snapshot');
    expect(resumed.view?.messages).toEqual(messages);
    expect(await again.mutate('chat.send', { chatId: chat.id, text: 'first', messageId })).toMatchObject({
      disposition: 'duplicate',
      messageId,
    });
    await again.mutate('chat.send', { chatId: chat.id, text: 'third' });
    await resumed.untilEnded(3);
    expect(textOf(resumed.view!.messages.at(-1)!)).toBe(echoTokens('third', 100).join(''));
  });
});

describe('SIGTERM', () => {
  test('[SIG-1] lets an active answer end within DRAIN_SECONDS, refuses new ones and exits with 0; twice changes nothing', async () => {
    await using folder = await temporaryFolder();
    await using provider = await startModelProvider({ answer: echo({ tokens: 50, delayMs: 20 }) });
    await using server = new ServerProcess(withModel(folder.path, provider.url));
    const url = await server.ready();
    await using client = await RawClient.connect(url);
    const chat = await client.mutate<Chat>('chat.create', {});
    const stream = client.stream({ chatId: chat.id });
    await client.mutate('chat.send', { chatId: chat.id, text: 'last words' });
    await stream.until(({ types }) => types.includes('message.delta'));
    server.child.kill('SIGTERM');
    server.child.kill('SIGTERM');
    await vi.waitFor(async () => expect((await fetch(`${url}/readyz`)).status).toBe(503));
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    await expect(client.mutate('chat.send', { chatId: chat.id, text: 'too late' })).rejects.toMatchObject({
      data: { code: 'UNAVAILABLE', retryable: true },
    });
    await stream.untilEnded();
    expect(textOf(stream.view!.messages.at(-1)!)).toBe(echoTokens('last words', 50).join(''));
    expect(await server.exited).toEqual({ code: 0, signal: null });
    expect(client.closeCode).toBe(1001);
  });

  test('[SIG-2] ends what is still active after DRAIN_SECONDS as interrupted, with its partial', async () => {
    await using folder = await temporaryFolder();
    await using provider = await startModelProvider({ answer: () => ['Half an', { end: 'hang' }] });
    const env = { ...withModel(folder.path, provider.url), DRAIN_SECONDS: '0' };
    await using server = new ServerProcess(env);
    await using client = await RawClient.connect(await server.ready());
    const chat = await client.mutate<Chat>('chat.create', {});
    const stream = client.stream({ chatId: chat.id });
    await client.mutate('chat.send', { chatId: chat.id, text: 'never ends' });
    await stream.until(({ types }) => types.includes('message.delta'));
    expect(await server.stop('SIGTERM')).toEqual({ code: 0, signal: null });
    expect(stream.view?.messages.at(-1)).toMatchObject({
      status: 'interrupted',
      parts: [{ type: 'text', text: 'Half an' }],
    });
    await using after = new ServerProcess(env);
    await using again = await RawClient.connect(await after.ready());
    expect(await history(again, chat)).toEqual(stream.view?.messages);
  });
});

describe('start', () => {
  const refused = async (env: Record<string, string>) => {
    await using server = new ServerProcess({ LOG_LEVEL: 'warn', ...env });
    const { code } = await server.exited;
    expect(server.stdout).toBe('');
    return `${code} ${server.stderr}`;
  };

  test('[CFG-1] is refused for a bad value, naming the variable, what was expected and what came', async () => {
    await using folder = await temporaryFolder();
    const DATA_DIR = folder.path;
    expect(await refused({ DATA_DIR, PORT: 'eighty' })).toMatch(
      /^1 [\s\S]*PORT: expected a number from 0 to 65535; got "eighty"/,
    );
    expect(await refused({ DATA_DIR, DATABASE_URL: 'mysql://me:secret@here/db' })).toMatch(
      /DATABASE_URL: expected .*postgres:/,
    );
    expect(await refused({ DATA_DIR, DATABASE_URL: 'mysql://me:secret@here/db' })).not.toContain('secret');
    expect(await refused({ DATA_DIR, ALLOWED_ORIGINS: 'chat.example.com' })).toMatch(
      /ALLOWED_ORIGINS: expected origins .*; got "chat.example.com"/,
    );
    expect(await refused({ DATA_DIR, DEFAULT_MODEL: 'gpt' })).toMatch(
      /DEFAULT_MODEL: expected provider:model.*; got "gpt"/,
    );
  });

  test('[CFG-2] is refused on an open address without tokens, and when how they are checked is unclear or too weak', async () => {
    await using folder = await temporaryFolder();
    const DATA_DIR = folder.path;
    expect(await refused({ DATA_DIR, HOST: '0.0.0.0' })).toMatch(/HOST: expected 127.0.0.1.*; got "0.0.0.0"/);
    const weak = await refused({ DATA_DIR, AUTH_SECRET: 'hush-hush' });
    expect(weak).toMatch(/AUTH_SECRET: expected at least 32 characters.*; got 9 characters, not shown here/);
    expect(weak).not.toContain('hush-hush');
    expect(await refused({ DATA_DIR, AUTH_JWKS_URL: 'login.example.com' })).toMatch(/AUTH_JWKS_URL: expected a URL/);
    expect(await refused({ DATA_DIR, AUTH_AUDIENCE: 'chat' })).toMatch(
      /AUTH_AUDIENCE: .*set AUTH_SECRET or AUTH_JWKS_URL/,
    );
  });

  test('[CFG-3] is refused when the port is in use, the database cannot be reached or the folder is none', async () => {
    await using folder = await temporaryFolder();
    const taken = createServer().listen(0, '127.0.0.1');
    await once(taken, 'listening');
    const port = String((taken.address() as AddressInfo).port);
    expect(await refused({ DATA_DIR: folder.path, PORT: port })).toContain(`PORT: ${port} is in use`);
    taken.close();
    const unreachable = await refused({ DATABASE_URL: `postgres://me:hush-hush@127.0.0.1:${port}/chats` });
    expect(unreachable).toMatch(/^1 [\s\S]*DATABASE_URL/);
    expect(unreachable).not.toContain('hush-hush');
    const file = join(folder.path, 'file');
    await writeFile(file, 'not a folder');
    expect(await refused({ DATA_DIR: file })).toMatch(/^1 [\s\S]*DATA_DIR/);
  });

  test('[CFG-4] is refused on the folder of a living server within a second, naming its pid, and that one lives on', async () => {
    await using folder = await temporaryFolder();
    await using first = new ServerProcess({ DATA_DIR: folder.path, LOG_LEVEL: 'warn' });
    const url = await first.ready();
    expect(await refused({ DATA_DIR: folder.path })).toContain(String(first.child.pid));
    const there = { DATA_DIR: folder.path, PORT: new URL(url).port };
    expect(await refused(there)).toContain(`A Switchboard is running already: ${url}`);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
  });

  test('[CFG-5] prints one line with the URL, and a server that is closed leaves nothing that keeps the process alive', async () => {
    const script =
      "const { createServer } = await import('./server/index.ts'); const { createChatClient } = await import('./client/index.ts');" +
      "const server = await createServer({ port: 0, dataDir: null, logLevel: 'silent' });" +
      'const client = createChatClient({ url: server.url }); const chat = await client.api.chat.create.mutate({});' +
      "await client.send({ chatId: chat.id, text: 'bye' });" +
      'for await (const event of client.stream({ chatId: chat.id })) if (event.type === "message.delta") break;' +
      'await client.close(); await server.close(); console.log("closed");';
    await using program = new ServerProcess({}, ['--input-type=module-typescript', '--eval', script]);
    expect(await program.exited).toEqual({ code: 0, signal: null });
    expect(program.stdout).toBe('closed\n');
    await using folder = await temporaryFolder();
    await using server = new ServerProcess({ DATA_DIR: folder.path });
    await server.ready();
    expect(server.stdout).toMatch(/^Switchboard is ready at http:\/\/127\.0\.0\.1:\d+ \(.*demo.*\)\n$/);
  });
});
