import { expect, test } from 'vitest';
import { Transcript } from '../../../../client/cli/transcript.ts';
import type { ChatEvent } from '../../../../shared/events.ts';
import type { Message } from '../../../../shared/message.ts';
import { sampleChat } from '../../../helpers/samples.ts';
import { delta, message, run, snapshot } from '../scripted-calls.ts';

const active = run();
const question = message('user', 'Why?');
const answer = message('assistant', '', { runId: active.id });
const whole = (text: string): Message => ({ ...answer, status: 'completed', parts: [{ type: 'text', text }] });
const growing = (text: string): Message => ({ ...answer, status: 'streaming', parts: [{ type: 'text', text }] });

/** What is told of these events: lines with their newline, text as it grows. */
function told(...events: ChatEvent[]): string {
  const transcript = new Transcript(sampleChat());
  return events
    .flatMap((event) => transcript.tell(event))
    .map(({ kind, text }) => (kind === 'line' ? `\n${text}\n` : text))
    .join('');
}

const completed = (text: string): ChatEvent => ({ type: 'message.completed', message: whole(text) });
const ended: ChatEvent = { type: 'run.ended', runId: active.id, status: 'completed' };

test('[CLI-13] deltas that overlap, and the whole answer at the end, are told once', () => {
  const events = [snapshot({ messages: [question, growing('one')], activeRun: active })];
  const text = told(
    ...events,
    delta(answer, 0, 'one two'),
    delta(answer, 4, 'two three'),
    completed('one two three'),
    ended,
  );
  expect(text).toBe('\n> Why?\none two three\n(completed)\n');
});

test('[CLI-13] a snapshot in the middle adds what was missed', () => {
  const before = snapshot({ messages: [question, growing('one ')], activeRun: active });
  const after = snapshot({ messages: [question, growing('one two ')], activeRun: active });
  expect(told(before, after, delta(answer, 8, 'three'))).toBe('\n> Why?\none two three');
});

test('[CLI-13] from a cursor in the middle of an answer it goes on in the middle', () => {
  expect(told(delta(answer, 4, 'two '), delta(answer, 8, 'three'), completed('one two three'))).toBe('two three');
});

test('[CLI-13] from a cursor before an answer that has ended meanwhile it is told whole', () => {
  expect(told(completed('one two three'), ended)).toBe('one two three\n(completed)\n');
});

test('[CLI-13] a chat is entered with its last messages, and those that wait', () => {
  const messages = Array.from({ length: 12 }, (_, index) => message('user', `m${index}`));
  const text = told(snapshot({ messages, queue: [run({ text: 'later' })] }));
  expect(text).toBe(
    `${messages
      .slice(2)
      .map((_, index) => `\n> m${index + 2}\n`)
      .join('')}\n(waiting) later\n`,
  );
});

test('[CLI-13] a message that waits is told when it comes only while another is answered', () => {
  const next = run({ text: 'next' });
  expect(told({ type: 'run.queued', run: next })).toBe('');
  expect(told({ type: 'run.started', run: active }, { type: 'run.queued', run: next })).toBe('\n(waiting) next\n');
});
