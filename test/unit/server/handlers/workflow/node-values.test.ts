import { describe, expect, test } from 'vitest';
import { nodeValues } from '../../../../../server/handlers/workflow/node-values.ts';
import { limits } from '../../../../../shared/limits.ts';

const long = 'x'.repeat(1_000_000);
const values = nodeValues((node) => (node === 'a' ? { text: long, list: [long], short: 'x' } : undefined));
const tooMuch = expect.objectContaining({
  code: 'WORKFLOW_LIMIT',
  message: expect.stringMatching(/more than \d+ characters; name long variables less often/) as string,
}) as Error;

describe('what is filled in', () => {
  test('[NODE-13] a text that names a long value again and again is not made', () => {
    const often = '{{a.text}}'.repeat(Math.floor(limits.workflowText / '{{a.text}}'.length));
    expect(() => values.text(often)).toThrow(tooMuch);
    expect(() => values.text('{{a.list}}'.repeat(20))).toThrow(tooMuch);
    expect(values.text('{{a.text}}'.repeat(16))).toHaveLength(16_000_000);
  });

  test('[NODE-13] nor is JSON that would be so long when it is written', () => {
    const many = (count: number, template: string) => Array.from({ length: count }, () => ({ deep: [template] }));
    expect(() => values.json(many(30_000, '{{a.text}}'))).toThrow(tooMuch);
    expect(() => values.json(many(30_000, ' {{a.list}} '))).toThrow(tooMuch);
    expect(() => values.json(many(30_000, 'so {{a.text}}'))).toThrow(tooMuch);
    expect(values.json(many(16, '{{a.text}}'))).toHaveLength(16);
    expect(values.json(many(30_000, '{{a.short}}'))).toHaveLength(30_000);
  });
});
