import { expect, test } from 'vitest';
import { AnswerText } from '../../../../client/cli/answer-text.ts';
import { printable } from '../../../../client/cli/terminal.ts';
import type { ChatEvent, ChatView } from '../../../../shared/events.ts';
import type { Message, Part } from '../../../../shared/message.ts';
import { delta, message, run, snapshot } from '../scripted-calls.ts';

const active = run();
const answer = message('assistant', '', { runId: active.id });
const other = run();

function viewOf(over: Partial<ChatView> = {}): ChatView {
  const { type: _, ...view } = snapshot(over) as Extract<ChatEvent, { type: 'snapshot' }>;
  return view;
}

const withText = (text: string, over: Partial<Message> = {}): Message => ({
  ...answer,
  parts: [{ type: 'text', text }],
  ...over,
});

/** What was shown of a run's answer after these events. */
function show(...events: ChatEvent[]) {
  const answers = new AnswerText(viewOf(), active.id);
  const shown = events.map((event) => answers.apply(event));
  return {
    text: shown.map(({ text }) => text).join(''),
    reasoning: shown.map(({ reasoning }) => reasoning).join(''),
    notices: shown.flatMap(({ notices }) => notices),
    ending: shown.findLast(({ ending }) => ending)?.ending ?? null,
  };
}

const added: ChatEvent = { type: 'message.added', message: answer };
const ended: ChatEvent = { type: 'run.ended', runId: active.id, status: 'completed' };

test('[CLI-4] deltas that overlap after a resume add only what is new', () => {
  const shown = show(added, delta(answer, 0, 'one two'), delta(answer, 4, 'two three'), ended);
  expect(shown).toEqual({ text: 'one two three', reasoning: '', notices: [], ending: { status: 'completed' } });
});

test('[CLI-4] a snapshot in the middle adds only what was not shown yet', () => {
  const middle = snapshot({ messages: [withText('one two three')], activeRun: active });
  const shown = show(added, delta(answer, 0, 'one '), middle, delta(answer, 13, '!'));
  expect(shown).toMatchObject({ text: 'one two three!', ending: null });
});

test('[CLI-4] a snapshot in which the run has ended shows the rest and its ending', () => {
  const error = { code: 'MODEL_TIMEOUT', message: 'too slow' } as const;
  const after = snapshot({ messages: [withText('one two', { status: 'failed', error })] });
  expect(show(added, delta(answer, 0, 'one'), after)).toMatchObject({
    text: 'one two',
    ending: { status: 'failed', error },
  });
});

test('[CLI-4] a run that is neither waiting nor active nor answered was stopped before it began', () => {
  expect(show(snapshot({ queue: [active] })).ending).toBeNull();
  expect(show(snapshot({ activeRun: other })).ending).toEqual({ status: 'stopped' });
});

test('[CLI-4] a stored answer that is not the one that was shown is told on stderr', () => {
  const stored: ChatEvent = { type: 'message.completed', message: withText('on', { status: 'interrupted' }) };
  expect(show(added, delta(answer, 0, 'one'), stored)).toMatchObject({
    text: 'one',
    notices: ['the stored answer is not the one that was shown; read it again in the chat'],
  });
});

test('[CLI-1] what other runs of the chat say is not shown', () => {
  const foreign = message('assistant', '', { runId: other.id });
  const theirs: ChatEvent[] = [
    { type: 'message.added', message: foreign },
    delta(foreign, 0, 'not yours'),
    { type: 'run.ended', runId: other.id, status: 'failed' },
  ];
  expect(show(...theirs, added, delta(answer, 0, 'yours'))).toMatchObject({ text: 'yours', ending: null });
});

test('[CLI-3] reasoning is kept apart from the text, and each state of a tool is told once', () => {
  const reasoning: ChatEvent = { ...delta(answer, 0, 'hm'), kind: 'reasoning' } as ChatEvent;
  const tool = (state: 'running' | 'done'): ChatEvent => {
    const value: Part = { type: 'tool', toolCallId: '1', name: 'search', input: {}, state };
    return { type: 'message.part', runId: active.id, messageId: answer.id, part: 1, value };
  };
  const text = { ...delta(answer, 0, 'found'), part: 2 } as ChatEvent;
  expect(show(added, reasoning, tool('running'), tool('running'), tool('done'), text)).toMatchObject({
    text: 'found',
    reasoning: 'hm',
    notices: ['[search: running]', '[search: done]'],
  });
});

test('[CLI-5] the answer of a demo model is labelled once', () => {
  const model = 'demo:guide';
  const demo: ChatEvent = { type: 'message.completed', message: withText('hi', { model, status: 'completed' }) };
  expect(show({ type: 'message.added', message: { ...answer, model } }, demo, ended).notices).toEqual([
    '(a demo answer: no language model is connected to this server)',
  ]);
});

test('[CLI-11] control characters become U+FFFD; tabs, newlines and other scripts stay', () => {
  expect(printable('a\u001b[2Jb\u0007\u009b\r\u007f')).toBe('a\uFFFD[2Jb\uFFFD\uFFFD\uFFFD\uFFFD');
  expect(printable('tab\tline\n日本語 🎉')).toBe('tab\tline\n日本語 🎉');
});
