/**
 * Many questions from a file, a few at a time, with the answers in a file of JSON lines.
 *
 *     npm start                                                            in one terminal
 *     npx node test/examples/batch.ts questions.txt answers.jsonl          in another
 *
 * The questions stand one on each line. Without names of files it takes those beside it and answers into a temporary one.
 */
import assert from 'node:assert/strict';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChatClient } from 'switchboard/client';
import { textOf } from 'switchboard/shared';

/** One line of the file of answers. */
interface Answer {
  readonly question: string;
  readonly chatId: string;
  readonly status: string;
  readonly answer: string;
}

/** Questions that are asked at once; what the provider of the model allows is the bound. */
const atOnce = 3;

const [
  questionFile = join(import.meta.dirname, 'questions.txt'),
  answerFile = join(tmpdir(), `answers-${process.pid}.jsonl`),
] = process.argv.slice(2);
const client = createChatClient({ url: process.env['SWITCHBOARD_URL'] ?? 'http://127.0.0.1:3000' });

const questions = linesOf(questionFile);
writeFileSync(answerFile, '');
let done = 0;

// Whoever has finished a question takes the next one: all workers share the iterator.
const waiting = questions.values();
await Promise.all(Array.from({ length: atOnce }, work));
await client.close();

const answers = linesOf(answerFile).map((line) => JSON.parse(line) as Answer);
assert.equal(answers.length, questions.length);
assert.deepEqual(new Set(answers.map((line) => line.question)), new Set(questions));
assert.deepEqual(new Set(answers.map((line) => line.status)), new Set(['completed']), `see ${answerFile}`);
console.log(`${answers.length} answers in ${answerFile}`);

async function work(): Promise<void> {
  for (const question of waiting) {
    appendFileSync(answerFile, `${JSON.stringify(await ask(question))}\n`);
    done += 1;
    showProgress(question);
  }
}

/** Each question gets a chat of its own, so that no answer knows of the others. */
async function ask(question: string): Promise<Answer> {
  const chat = await client.api.chat.create.mutate({ title: question.slice(0, 60) });
  const { cursor } = await client.send({ chatId: chat.id, text: question });
  for await (const event of client.stream({ chatId: chat.id, lastEventId: cursor })) {
    // The whole answer, however it ended: nobody here looks at the pieces.
    if (event.type !== 'message.completed') continue;
    return { question, chatId: chat.id, status: event.message.status, answer: textOf(event.message) };
  }
  throw new Error(`${chat.id} was deleted before it was answered`);
}

function linesOf(file: string): string[] {
  const lines = readFileSync(file, 'utf8').split('\n');
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}

/** One bar that fills at a terminal; in a file or a pipe a line for each answer. */
function showProgress(question: string): void {
  const { stderr } = process;
  if (!stderr.isTTY) {
    console.error(`${done}/${questions.length} ${question}`);
    return;
  }
  const width = 30;
  const filled = Math.round((width * done) / questions.length);
  stderr.write(`\r[${'█'.repeat(filled)}${' '.repeat(width - filled)}] ${done}/${questions.length}`);
  if (done === questions.length) stderr.write('\n');
}
