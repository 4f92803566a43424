import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { createChatClient } from '../../client/index.ts';
import { defineTool } from '../../server/index.ts';
import type { AppId } from '../../shared/ids.ts';
import type { ProviderRequest } from '../helpers/model-provider.ts';
import { switchboard } from '../helpers/command.ts';
import { atTerminal } from '../helpers/terminal.ts';
import { insertAssistant, startToolServer } from '../helpers/tool-scene.ts';
import type { ToolServer } from '../helpers/tool-scene.ts';

const made: unknown[] = [];
const book = defineTool({
  name: 'book',
  description: 'Books a table.',
  schema: z.object({ seats: z.number() }),
  readOnly: false,
  execute: (input) => made.push(input),
});

/** Calls the tool for the person's message, and says well when it is told the outcome. */
const answer = ({ body }: ProviderRequest) =>
  /tool_call_id/.test(JSON.stringify(body.messages.at(-1)))
    ? ['Well.']
    : ([{ call: 'book', args: { seats: 4 } }] as const);

let server: ToolServer;
let app: AppId;
beforeAll(async () => {
  server = await startToolServer(answer, { tools: [book] });
  app = await insertAssistant(server.db, { tools: [{ name: 'book', approval: true }] });
}, 120_000);
afterEach(() => void made.splice(0));
afterAll(() => server[Symbol.asyncDispose]());

test('[CLI-22] [CLI-25] calls are allowed, allowed with other arguments, and forbidden with a reason, and told in a line', async () => {
  const lines = 'go\ny\ngo\n{"seats":6}\ngo\nmaybe\nn too many\n';
  await using command = switchboard(['chat', '--url', server.url, '--app', app], lines);
  expect(await command.ended).toBe(0);
  expect(made).toEqual([{ seats: 4 }, { seats: 6 }]);
  const { stderr, stdout } = command.printed;
  expect(stdout).toBe('Well.\nWell.\nWell.\n');
  expect(stderr.match(/^May book be called\?\n {2}book \{"seats":4\}$/gm)).toHaveLength(3);
  expect(stderr.match(/^\[book: done, \d+ ms\]$/gm)).toHaveLength(2);
  expect(stderr).toContain('expected y, n with or without a reason, or JSON with other arguments, got "maybe"\n');
  expect(stderr.match(/^\[book: denied.*\]$/gm)).toHaveLength(1);
  expect(JSON.stringify(server.provider.requests.at(-1)?.body)).toContain('too many');
});

test('[CLI-25] tail tells calls and questions once, also to who comes later', async () => {
  const client = createChatClient({ url: server.url });
  const chat = await client.create({ app: { kind: 'assistant', id: app } });
  const first = atTerminal(['tail', chat.id, '--url', server.url]);
  const asked = Promise.withResolvers<string>();
  const store = client.open(chat.id);
  store.subscribe(() => {
    const id = store.get().view?.pendingInput?.id;
    if (id !== undefined) asked.resolve(id);
  });
  await client.send({ chatId: chat.id, text: 'go' });
  const inputId = await asked.promise;
  const second = atTerminal(['tail', chat.id, '--url', server.url]);
  await second.sees('stdout', '(asks) May book be called?');
  await client.respond({ chatId: chat.id, inputId, value: { decision: 'approve' } });
  for (const terminal of [first, second]) {
    await terminal.sees('stdout', '(completed)');
    const { stdout } = terminal.printed;
    for (const once of [/\[book: waits for permission\]/g, /\(asks\)/g, /\[book: done, \d+ ms\]/g])
      expect(stdout.match(once)).toHaveLength(1);
    expect(stdout).toContain('(answered by local) {"decision":"approve"}\n');
    terminal.interrupt();
    expect(await terminal.ended).toBe(0);
  }
  store.close();
  await client.close();
});
