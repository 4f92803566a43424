import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../db/connect.ts';
import type { FileId } from '../../shared/ids.ts';
import { limits } from '../../shared/limits.ts';
import { newId } from '../../shared/new-id.ts';
import { answerOf } from '../helpers/asked-chat.ts';
import { openDatabase } from '../helpers/open-database.ts';
import { definitionOf, llmNode, startOwn } from '../helpers/own-workflow.ts';
import { RawClient } from '../helpers/raw-client.ts';
import { startServerWithModel } from '../helpers/server.ts';
import type { ServerWithModel } from '../helpers/server.ts';
import { authSecret, tokenFor } from '../helpers/tokens.ts';

const patience = { timeout: 10_000 };

let now = Date.now();
let database: Database;
let running: ServerWithModel;
beforeAll(async () => {
  database = await openDatabase(() => now);
  const options = { authSecret, database, limits: { fileSweepMs: 20 } };
  running = await startServerWithModel({ answer: ({ text }) => ['«', text, '»'] }, options);
});
afterEach(() => running.settled());
afterAll(() => running[Symbol.asyncDispose]());

const connectAs = async (user: string) => RawClient.connect(running.url, { token: await tokenFor(user) });
const bearer = async (user: string) => ({ authorization: `Bearer ${await tokenFor(user)}` });

async function upload(user: string, name: string, body: string) {
  const headers = { ...(await bearer(user)), 'content-type': 'text/plain' };
  const response = await fetch(`${running.url}/files?name=${name}`, { method: 'POST', headers, body });
  expect(response.status).toBe(200);
  return (await response.json()) as { fileId: string; name: string; mediaType: string; size: number };
}

const isThere = async (fileId: string) =>
  (await fetch(`${running.url}/files/${fileId}`, { headers: await bearer('ann') })).status === 200;

/** Until a file that nobody uses, and that is as old as all others, has been swept. */
async function isSwept(fileId: string): Promise<void> {
  now += limits.unusedFileMs * 2;
  await expect
    .poll(async () => {
      const pieces = [];
      for await (const piece of database.fileStore.read(fileId as FileId)) pieces.push(piece);
      return pieces.length;
    }, patience)
    .toBe(0);
}

const papers = definitionOf(
  [
    { id: 'start', type: 'start' },
    {
      id: 'ask',
      type: 'input',
      mode: 'form',
      prompt: 'Papers?',
      fields: [{ key: 'papers', label: 'Papers', type: 'files' }],
    },
    llmNode('read', 'Sum up {{ask.papers.0.name}}: {{ask.papers.0.text}}'),
    { id: 'end', type: 'end' },
  ],
  ['start > ask', 'ask > read', 'read > end'],
);

describe('a form with a field for files', () => {
  test('[WFQ-5] [WFQ-6] [FIL-15] takes one’s own uploads, tells what they say, and keeps them with the chat', async () => {
    await using ann = await connectAs('ann');
    const [own, unused] = [await upload('ann', 'notes.txt', 'milk and tea'), await upload('ann', 'x.txt', 'nobody')];
    const { asked } = await startOwn(ann, papers);
    const question = await asked.question();
    expect(question).toMatchObject({
      kind: 'form',
      schema: { properties: { papers: { type: 'array', items: { type: 'string', format: 'file-id' } } } },
    });
    await asked.respond(question.id, { papers: [own.fileId] });
    await asked.stream.untilEnded();
    expect(answerOf(asked.stream.view)).toBe('«Sum up notes.txt: milk and tea»');
    expect(asked.stream.view?.messages.at(-1)?.parts[0]).toEqual({
      type: 'input',
      inputId: question.id,
      prompt: 'Papers?',
      answer: { papers: [{ type: 'file', ...own }] },
      answeredBy: 'ann',
    });
    expect(asked.stream.view).toEqual(await asked.stored());
    await isSwept(unused.fileId);
    expect(await isThere(own.fileId)).toBe(true);
    await ann.mutate('chat.delete', { chatId: asked.chatId });
    expect(await isThere(own.fileId)).toBe(false);
  });

  test('[FIL-16] refuses what is not one’s own naming the field, and goes on waiting', async () => {
    await using ann = await connectAs('ann');
    const [own, foreign] = [await upload('ann', 'own.txt', 'mine'), await upload('bob', 'secret.txt', 'of bob')];
    const { asked } = await startOwn(ann, papers);
    const { id } = await asked.question();
    const refusalOf = async (fileId: string): Promise<string> => {
      const refused: unknown = await asked
        .respond(id, { papers: [own.fileId, fileId] })
        .catch((error: unknown) => error);
      expect(refused).toMatchObject({ data: { code: 'INVALID_INPUT' } });
      return String(refused).replace(fileId, 'ID');
    };
    const words = await refusalOf(foreign.fileId);
    expect(words).toContain('value.papers: There is no file ID; upload it first.');
    expect(await refusalOf(newId())).toBe(words);
    expect(await refusalOf('notes.txt')).toContain('value.papers: expected ids of files');
    expect((await asked.state()).pendingInput?.id).toBe(id);
    expect(running.provider.requests.map(({ text }) => text).join()).not.toContain('of bob');
    await asked.respond(id, { papers: [own.fileId] });
    await asked.stream.untilEnded();
    expect(answerOf(asked.stream.view)).toBe('«Sum up own.txt: mine»');
  });
});
