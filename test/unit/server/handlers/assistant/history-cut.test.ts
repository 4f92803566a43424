import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { cutOf } from '../../../../../server/handlers/assistant/history-cut.ts';

const turn = (tokens: number) => [
  { role: 'user' as const, tokens },
  { role: 'assistant' as const, tokens },
];
const turns = (count: number, tokens: number) => Array.from({ length: count }, () => turn(tokens)).flat();

describe('what is summed up', () => {
  test('[CTX-3] is nothing while all fits', () => {
    expect(cutOf(turns(5, 10), { tokens: 100, messages: 10 })).toBe(0);
    expect(cutOf([], { tokens: 0, messages: 10 })).toBe(0);
  });

  test('[CTX-3] is so much that the rest, whole turns, takes half of the room', () => {
    expect(cutOf(turns(6, 10), { tokens: 100, messages: 20 })).toBe(8);
    expect(cutOf(turns(6, 1), { tokens: 100, messages: 10 })).toBe(8);
  });

  test('[CTX-3] is everything where the newest turn is too long', () => {
    expect(cutOf([...turns(2, 10), ...turn(60)], { tokens: 100, messages: 20 })).toBe(6);
    expect(cutOf(turn(1), { tokens: -1, messages: 20 })).toBe(2);
  });

  test('[CTX-3] whatever the messages, the rest fits and begins with the person', () => {
    const message = fc.record({
      role: fc.constantFrom('user' as const, 'assistant' as const),
      tokens: fc.integer({ min: 0, max: 50 }),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 30 }), fc.integer({ min: 0, max: 300 }), (messages, tokens) => {
        const rest = messages.slice(cutOf(messages, { tokens, messages: 12 }));
        expect(rest.reduce((sum, one) => sum + one.tokens, 0)).toBeLessThanOrEqual(tokens);
        expect(rest.length).toBeLessThanOrEqual(12);
        const isCut = rest.length < messages.length;
        expect(isCut && rest[0]?.role === 'assistant').toBe(false);
      }),
    );
  });
});
