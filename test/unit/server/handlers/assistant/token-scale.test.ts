import { describe, expect, test } from 'vitest';
import { contextSize, cutToSize } from '../../../../../server/handlers/assistant/context-size.ts';
import { tokenScale } from '../../../../../server/handlers/assistant/token-scale.ts';
import type { Message } from '../../../../../shared/message.ts';
import { sampleChat, sampleMessage } from '../../../../helpers/samples.ts';

const chat = sampleChat();
const question = sampleMessage(chat, { role: 'user', status: 'completed' });
const answer = (inputTokens: number, fields: Partial<Message> = {}): Message =>
  sampleMessage(chat, {
    status: 'completed',
    parts: [{ type: 'text', text: 'yes' }],
    usage: { inputTokens, outputTokens: 1, source: 'reported' },
    ...fields,
  });
const thousand = () => 1_000;

describe('the estimate of tokens', () => {
  test('[CTX-2] counts a sign of Chinese as about one token, four Latin letters as one', () => {
    expect(contextSize('x'.repeat(400))).toBe(100);
    expect(contextSize('漢'.repeat(400))).toBe(300);
    expect(cutToSize('漢'.repeat(400), 30)).toBe(`${'漢'.repeat(40)} […]`);
    expect(cutToSize('short', 30)).toBe('short');
  });

  test('[CTX-2] is corrected by what the provider reported of the newest answer', () => {
    expect(tokenScale([question, answer(9_000), question, answer(6_000)], thousand, 1_000)).toBe(1.5);
    expect(tokenScale([question, answer(3_000), question], thousand, 1_000)).toBe(1.5);
  });

  test('[CTX-2] is never made smaller, nor more than four times as large', () => {
    expect(tokenScale([question, answer(10)], thousand, 1_000)).toBe(1);
    expect(tokenScale([question, answer(1_000_000)], thousand, 1_000)).toBe(4);
  });

  test.each([
    ['estimated', { usage: { inputTokens: 9_000, outputTokens: 1, source: 'estimated' } }],
    ['of several calls', { parts: [{ type: 'tool', toolCallId: 'a', name: 'b', input: {}, state: 'done' }] }],
  ] as const)('[CTX-2] stays as it is where usage is %s', (_, fields) => {
    expect(tokenScale([question, answer(9_000, fields as unknown as Partial<Message>)], thousand, 0)).toBe(1);
  });

  test('[CTX-2] stays as it is after a short conversation, and after none', () => {
    expect(tokenScale([question, answer(900)], () => 400, 0)).toBe(1);
    expect(tokenScale([], thousand, 10)).toBe(1);
  });
});
