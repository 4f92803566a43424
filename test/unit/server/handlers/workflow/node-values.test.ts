import { describe, expect, test } from 'vitest';
import { inputsOf } from '../../../../../server/handlers/workflow/node-inspection.ts';
import { nodeValues } from '../../../../../server/handlers/workflow/node-values.ts';
import { limits } from '../../../../../shared/limits.ts';
import type { WorkflowNodeOf } from '../../../../../shared/workflow-node.ts';

const page = { text: 'x'.repeat(limits.workflowHttpBytes), json: Array.from({ length: 100_000 }, (_, n) => ({ n })) };
const values = () => nodeValues((node) => (node === 'page' ? page : undefined));

const times = 4_000;
const many = (name: string): string => `{{page.${name}}} `.repeat(limits.workflowText / 16);

describe('what is filled in', () => {
  test.each([
    ['a text many times in a text', () => values().text(many('text'))],
    ['a list many times in a text', () => values().text(many('json'))],
    ['a text many times in JSON', () => values().json(Array.from({ length: times }, () => '{{page.text}}'))],
    ['a list many times in JSON', () => values().json(Array.from({ length: times }, () => '{{page.json}}'))],
    [
      'a little at a time',
      () => {
        const filled = values();
        for (let count = 0; count < times; count += 1) filled.text('{{page.text}}');
      },
    ],
  ])('[NODE-15] has a limit: %s', (_, fill) => {
    expect(fill).toThrow(expect.objectContaining({ code: 'WORKFLOW_LIMIT' }) as Error);
  });

  test('[NODE-15] may be all that a node is answered, and is told again for each item', () => {
    expect(values().text('{{page.text}}!')).toHaveLength(page.text.length + 1);
    expect(values().json({ all: '{{page.json}}' })).toEqual({ all: page.json });
    const one = values();
    for (let item = 0; item < 50; item += 1)
      expect(one.with({ 'ask.item': item }).text('{{page.text}}')).toBe(page.text);
  });

  test('[NODE-15] is shown up to a limit, and takes nothing of what the node has', () => {
    const inputs = Object.fromEntries(Array.from({ length: times }, (_, n) => [`in${n}`, '{{page.text}}']));
    const node: WorkflowNodeOf<'code'> = { id: 'sum', title: '', type: 'code', code: '', inputs, outputs: [] };
    const own = values();
    const shown = inputsOf(node, own);
    expect(Object.keys(shown).length).toBeGreaterThan(0);
    expect(JSON.stringify(shown).length).toBeLessThan(1_000_000);
    expect(own.text('{{page.text}}'.repeat(8))).toHaveLength(8 * page.text.length);
  });
});
