/**
 * A client is killed in the middle of an answer, with `kill -9`. A second one goes on from the cursor that the first one
 * saved: nothing is lost, nothing comes twice.
 *
 *     npm start                                          in one terminal
 *     npx node test/examples/resume-after-kill.ts        in another
 *
 * Run without arguments it plays all the parts; `resume-after-kill.ts watch CHAT FILE` is the client.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { createChatClient } from 'switchboard/client';
import { textOf } from 'switchboard/shared';

/** What survives a kill: the text so far, and the place in the stream that it reaches to. */
interface Progress {
  readonly cursor?: string;
  readonly text: string;
}

const client = createChatClient({ url: process.env['SWITCHBOARD_URL'] ?? 'http://127.0.0.1:3000' });
const [, , command, chatId = '', file = ''] = process.argv;
if (command === 'watch') await watch(chatId, file);
else await play();
await client.close();

async function watch(chatId: string, file: string): Promise<void> {
  let { cursor, text } = load(file);
  for await (const event of client.stream({ chatId, ...(cursor && { lastEventId: cursor }) })) {
    if (event.type === 'message.delta' && event.kind === 'text') text += event.text;
    cursor = event.cursor;
    // Together, in one file: a text and a cursor that do not fit each other would be a loss or a repeat.
    save(file, { cursor, text });
    console.log(event.type);
    if (event.type === 'run.ended') break;
  }
}

async function play(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'resume-'));
  const file = join(folder, 'progress.json');
  const chat = await client.api.chat.create.mutate({ title: 'Killed and resumed' });
  const { cursor } = await client.send({ chatId: chat.id, text: 'Tell me something that takes a while.' });
  save(file, { cursor, text: '' });

  const first = startWatcher(chat.id, file);
  for await (const _ of createInterface(first.stdout)) {
    if (load(file).text.length > 100) first.kill('SIGKILL');
  }
  const before = load(file).text;

  const second = startWatcher(chat.id, file);
  const types: string[] = [];
  for await (const type of createInterface(second.stdout)) types.push(type);
  const after = load(file).text;

  const { messages } = await client.api.chat.history.query({ chatId: chat.id });
  const stored = textOf(messages.at(-1) ?? { parts: [] });
  assert.ok(before.length > 100 && before.length < stored.length, 'the first was killed in the middle');
  assert.equal(after, stored, 'the text is whole and has nothing twice');
  assert.ok(!types.includes('snapshot'), 'the second did not begin again');
  console.log(`killed after ${before.length} characters, resumed, whole at ${after.length}`);
  rmSync(folder, { recursive: true });
}

function startWatcher(chatId: string, file: string): ChildProcessByStdio<null, Readable, null> {
  const args = [import.meta.filename, 'watch', chatId, file];
  return spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
}

function load(file: string): Progress {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Progress) : { text: '' };
}

/** By way of a second file, because a kill may come in the middle of writing. */
function save(file: string, progress: Progress): void {
  writeFileSync(`${file}.new`, JSON.stringify(progress));
  renameSync(`${file}.new`, file);
}
