import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createChatClient } from '../../client/index.ts';
import type { ChatClient } from '../../client/index.ts';
import { expectAnswer } from '../../server/handlers/expect-answer.ts';
import type { ChatHandler } from '../../server/handlers/handler.ts';
import type { Server } from '../../server/index.ts';
import { newId } from '../../shared/new-id.ts';
import type { Question } from '../../shared/run.ts';
import { switchboard } from '../helpers/command.ts';
import { startScriptedServer } from '../helpers/scripted-server.ts';
import { atTerminal } from '../helpers/terminal.ts';

const questions: Readonly<Record<string, Omit<Question, 'id'>>> = {
  text: { kind: 'text', prompt: 'What is your name?', schema: { type: 'string', maxLength: 5 } },
  brief: { kind: 'text', prompt: 'Quick?', schema: { type: 'string' }, expiresAt: '2999-12-31T12:00:00.000Z' },
  choice: { kind: 'choice', prompt: 'Left or right?', schema: { enum: ['left', 'right'] } },
  form: {
    kind: 'form',
    prompt: 'Your order?',
    schema: {
      type: 'object',
      properties: {
        seats: { type: 'integer', minimum: 1 },
        where: { enum: ['inside', 'outside'] },
        note: { type: 'string' },
        vegan: { type: 'boolean' },
        extras: { type: 'array', items: { enum: ['high chair', 'window'] } },
        guests: { type: 'array', items: { type: 'string' } },
      },
      required: ['seats', 'where', 'vegan'],
    },
  },
};

/** Asks what the message names, and says the answer. */
const asks: ChatHandler['run'] = async function* ({ text, resumed }) {
  const last = resumed?.answers.at(-1);
  const question = questions[text];
  if (last) yield { type: 'text', text: `You said ${JSON.stringify(expectAnswer(last))}` };
  else if (question) yield { type: 'ask', input: { id: newId(), ...question } };
  else yield { type: 'text', text: 'Nothing to ask.' };
};

let server: Server & AsyncDisposable;
let client: ChatClient;
let options: string[];
beforeAll(async () => {
  server = await startScriptedServer(asks);
  client = createChatClient({ url: server.url });
  options = ['--url', server.url];
}, 120_000);
afterAll(async () => {
  await client.close();
  await server[Symbol.asyncDispose]();
});

/** The chat whose id stands on stderr, and its question. */
async function asked(stderr: string) {
  const chatId = /^chat (\S+)/.exec(stderr)?.[1] ?? '';
  const { pendingInput } = await client.api.chat.get.query({ chatId });
  return { chatId, inputId: pendingInput?.id ?? 'none' };
}

test('[CLI-22] [CLI-23] from a pipe the line after a question answers it, and one that does not fit is asked again', async () => {
  const lines =
    'text\nfar too long\nAnn\nchoice\nup\n2\nform\n{"seats":0}\n{"seats":2,"where":"inside","vegan":true}\n';
  await using command = switchboard(['chat', ...options], lines);
  expect(await command.ended).toBe(0);
  expect(command.printed.stdout).toBe(
    'You said "Ann"\nYou said "right"\nYou said {"seats":2,"where":"inside","vegan":true}\n',
  );
  const { stderr } = command.printed;
  expect(stderr).toMatch(
    /What is your name\?\nINVALID_INPUT: value: .*\nLeft or right\?\n {2}1 {2}left\n {2}2 {2}right\n/,
  );
  expect(stderr).toContain('expected a number from 1 to 2 or the word, got "up"\nYour order?\nINVALID_INPUT: ');
});

test('[CLI-22] [CLI-23] at a terminal a form is asked field by field, what does not fit once more', async () => {
  const terminal = atTerminal(['chat', ...options]);
  await terminal.sees('stdout', '> ');
  for (const [line, prompt] of [
    ['form', 'seats? '],
    ['many', 'expected a number, got "many"'],
    ['3', 'where (inside, outside)? '],
    ['2', 'note (may be empty)? '],
    ['', 'vegan (y or n)? '],
    ['n', 'extras (high chair, window, several with commas between, may be empty)? '],
    ['', 'guests (several with commas between, may be empty)? '],
    ['', 'You said {"seats":3,"where":"outside","vegan":false}'],
  ] as const) {
    terminal.type(`${line}\r`);
    await terminal.sees('screen', prompt);
  }
  terminal.endInput();
  expect(await terminal.ended).toBe(0);
});

test('[CLI-38] [CLI-39] a list is written with commas between, and of a form that is refused only what was wrong is asked again', async () => {
  const terminal = atTerminal(['chat', ...options]);
  await terminal.sees('stdout', '> ');
  for (const [line, prompt] of [
    ['form', 'seats? '],
    ['0', 'where (inside, outside)? '],
    ['inside', 'note (may be empty)? '],
    ['by the door', 'vegan (y or n)? '],
    ['y', 'extras (high chair'],
    ['2, balcony', 'expected a number from 1 to 2 or the word, got "balcony"'],
    ['2, High Chair', 'guests (several'],
    ['Ann, Bob', 'INVALID_INPUT: value.seats: 0 is less than 1'],
  ] as const) {
    terminal.type(`${line}\r`);
    await terminal.sees('screen', prompt);
  }
  terminal.type('4\r');
  const order =
    '{"where":"inside","note":"by the door","vegan":true,"extras":["window","high chair"],"guests":["Ann","Bob"],"seats":4}';
  await terminal.sees('screen', `You said ${order}`);
  terminal.endInput();
  expect(await terminal.ended).toBe(0);
});

test('[CLI-23] the answer of somebody else is told, the prompt goes away, and the answer is shown', async () => {
  const terminal = atTerminal(['chat', ...options]);
  await terminal.sees('stdout', '> ');
  terminal.type('choice\r');
  await terminal.sees('stdout', 'number or word? ');
  terminal.type('ri');
  await client.respond({ ...(await asked(terminal.printed.stderr.replace(/^[^]*?(?=^chat )/m, ''))), value: 'left' });
  await terminal.sees('stdout', 'You said "left"');
  expect(terminal.printed.stderr).toContain('somebody else has answered the question: local\n');
  terminal.type('next\r');
  await terminal.sees('stdout', 'Nothing to ask.');
  terminal.type('text\r');
  await terminal.sees('stdout', 'answer? ');
  terminal.type('/stop\r');
  await terminal.sees('stderr', 'stopped\n');
  terminal.endInput();
  expect(await terminal.ended).toBe(0);
});

test('[CLI-24] ask ends with 7 where nobody can be asked, and a pipe into chat answers later', async () => {
  await using command = switchboard(['ask', ...options, 'choice'], '');
  expect(await command.ended).toBe(7);
  const { chatId, inputId } = await asked(command.printed.stderr);
  expect(command.printed.stderr).toContain(`\nwaiting: question ${inputId} of chat ${chatId} has no answer yet;`);
  expect(command.printed.stdout).toBe('');
  await using none = switchboard(['chat', ...options, '--chat', chatId], '');
  expect(await none.ended).toBe(7);
  await using later = switchboard(['chat', ...options, '--chat', chatId], 'LEFT\n');
  expect(await later.ended).toBe(0);
  expect(later.printed.stdout).toBe('You said "left"\n');
});

test('[CLI-24] ask --json ends with 7 after the question', async () => {
  await using command = switchboard(['ask', '--json', ...options, 'text'], '');
  expect(await command.ended).toBe(7);
  expect(JSON.parse(command.printed.stdout.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
    type: 'input.requested',
    input: { id: (await asked(command.printed.stderr)).inputId },
  });
});

test('[CLI-40] until when a question can be answered is told with it', async () => {
  await using command = switchboard(['ask', ...options, 'brief'], '');
  expect(await command.ended).toBe(7);
  expect(command.printed.stderr).toMatch(/\nQuick\?\n {2}\(open until 2999-12-31 \d\d:00\)\n/);
});

test('[CLI-24] ask asks at a terminal', async () => {
  const terminal = atTerminal(['ask', ...options, 'choice']);
  await terminal.sees('stdout', 'number or word? ');
  terminal.type('2\r');
  expect(await terminal.ended).toBe(0);
  expect(terminal.printed.stdout).toContain('You said "right"');
  await vi.waitUntil(() => server.census().runs === 0, { interval: 5, timeout: 10_000 });
});
