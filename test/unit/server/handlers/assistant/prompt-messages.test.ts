import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { newId } from '../../../../../shared/new-id.ts';
import type { Message } from '../../../../../shared/message.ts';
import { promptMessages } from '../../../../../server/handlers/assistant/prompt-messages.ts';

function message(role: Message['role'], text: string, status: Message['status'] = 'completed'): Message {
  return {
    id: newId(),
    chatId: newId(),
    runId: null,
    parentId: null,
    role,
    status,
    parts:
      text === ''
        ? []
        : [
            { type: 'reasoning', text: 'hidden' },
            { type: 'text', text },
          ],
    createdAt: '2026-01-01T00:00:00.000Z',
  };
}

function told(history: readonly Message[], text = 'now', historyTokens = 1_000, prompt = 'Be kind.'): string[] {
  return promptMessages({ prompt, history, text, historyTokens }).map((turn) => `${turn.type}: ${turn.text}`);
}

describe('what a model is told', () => {
  test('[AST-9] is the prompt, the conversation without its reasoning, and the text', () => {
    expect(told([message('user', 'what?'), message('assistant', 'this')])).toEqual([
      'system: Be kind.',
      'human: what?',
      'ai: this',
      'human: now',
    ]);
  });

  test('[AST-9] has no prompt where the assistant has none', () => {
    expect(told([], 'now', 1_000, ' \n')).toEqual(['human: now']);
  });

  test('[AST-9] begins with the person and alternates: neighbours are joined', () => {
    const history = [
      message('assistant', 'welcome'),
      message('user', 'one'),
      message('user', 'two'),
      message('assistant', 'three'),
      message('assistant', 'four'),
      message('user', 'five'),
    ];
    expect(told(history)).toEqual(['system: Be kind.', 'human: one\n\ntwo', 'ai: three\n\nfour', 'human: five\n\nnow']);
  });

  test.each([
    ['stopped', 'half [stopped by the user]'],
    ['failed', 'half [broken off by an error]'],
    ['interrupted', 'half [broken off by an error]'],
    ['completed', 'half'],
  ] as const)('[AST-10] has the answer that was %s as “%s”', (status, expected) => {
    expect(told([message('user', 'q'), message('assistant', 'half', status)])[2]).toBe(`ai: ${expected}`);
  });

  test('[STE-7] has what was added to an answer as the person’s turn, at its place', () => {
    const answer: Message = {
      ...message('assistant', '', 'stopped'),
      parts: [
        { type: 'text', text: 'so far' },
        { type: 'steering', messageId: newId(), text: 'shorter' },
        { type: 'steering', messageId: newId(), text: 'please' },
        { type: 'text', text: 'short' },
      ],
    };
    expect(told([message('user', 'q'), answer]).slice(2)).toEqual([
      'ai: so far',
      'human: shorter\n\nplease',
      'ai: short [stopped by the user]',
      'human: now',
    ]);
  });

  test('[AST-10] leaves out answers without text', () => {
    const history = [message('user', 'q'), message('assistant', '', 'stopped'), message('assistant', ' \n', 'failed')];
    expect(told(history)).toEqual(['system: Be kind.', 'human: q\n\nnow']);
  });
});

describe('a history that is too long', () => {
  const turns = [
    message('user', 'a'.repeat(40)),
    message('assistant', 'b'.repeat(40)),
    message('user', 'c'.repeat(40)),
    message('assistant', 'd'.repeat(40)),
  ];

  test('[AST-9] keeps its newest messages, whole', () => {
    expect(told(turns, 'now', 20)).toEqual([
      'system: Be kind.',
      `human: ${'c'.repeat(40)}`,
      `ai: ${'d'.repeat(40)}`,
      'human: now',
    ]);
  });

  test('[AST-9] does not begin with an answer whose question was dropped', () => {
    expect(told(turns, 'now', 10)).toEqual(['system: Be kind.', 'human: now']);
  });

  test('[AST-9] cuts the newest message only when it does not fit by itself, never inside a character', () => {
    const history = [message('user', `${'x'.repeat(39)}🙂${'y'.repeat(100)}`)];
    expect(told(history, 'now', 10)[1]).toBe(`human: ${'x'.repeat(39)} […]\n\nnow`);
  });
});

test('[AST-9] whatever the history, turns alternate, begin and end with the person, and fit', () => {
  const anyMessage = fc
    .record({
      role: fc.constantFrom('user' as const, 'assistant' as const),
      text: fc.string({ maxLength: 60 }),
      status: fc.constantFrom('completed' as const, 'stopped' as const, 'failed' as const),
    })
    .map(({ role, text, status }) => message(role, text, status));
  fc.assert(
    fc.property(fc.array(anyMessage, { maxLength: 12 }), fc.integer({ min: 1, max: 40 }), (history, historyTokens) => {
      const turns = promptMessages({ prompt: '', history, text: 'now', historyTokens });
      const types = turns.map((turn) => turn.type);
      expect(types).toEqual(types.map((_, index) => (index % 2 === 0 ? 'human' : 'ai')));
      expect(turns.at(-1)?.text.endsWith('now')).toBe(true);
      const units = turns.reduce((sum, turn) => sum + turn.text.length, 0) - 'now'.length;
      // What joins and marks turns is not counted: two units between two of them, four where one is cut.
      expect(units).toBeLessThanOrEqual(historyTokens * 4 + history.length * 2 + 4);
      expect(turns.every((turn) => turn.text.trim() !== '')).toBe(true);
    }),
  );
});
