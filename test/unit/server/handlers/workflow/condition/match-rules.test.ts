import { describe, expect, test } from 'vitest';
import type { Case, Rule } from '../../../../../../shared/workflow-condition.ts';
import { matchRules } from '../../../../../../server/handlers/workflow/condition/match-rules.ts';
import { createCondition } from '../../../../../../server/handlers/workflow/executors/condition.ts';
import { worked } from '../node-context.ts';

const outputs = { form: { age: 17, name: 'Ann', tags: ['a'] }, limits: { age: 18 } };

const isMinor: Rule = { left: 'form.age', operator: 'less', right: '{{limits.age}}' };
const isBob: Rule = { left: 'form.name', operator: 'equal', right: 'Bob' };
const isAnn: Rule = { left: 'form.name', operator: 'equal', right: 'Ann' };
const hasTags: Rule = { left: 'form.tags', operator: 'not_empty' };

async function wayOf(...cases: Case[]): Promise<string | undefined> {
  const node = { id: 'decide', title: 'Decide', type: 'condition' as const, cases };
  return (await worked(createCondition(matchRules), node, { outputs })).result.way;
}

describe('a condition', () => {
  test('[NODE-16] lets others have their turn between rules that take long', async () => {
    let turns = 0;
    let isOver = false;
    const count = () => {
      if (!isOver) setImmediate(count);
      turns += 1;
    };
    setImmediate(count);
    // Each is read anew, which takes longer than to look for it.
    const rules = Array.from({ length: 20 }, (_, n): Rule => {
      return { left: 'page.text', operator: 'matches', right: `[^\\pL\\pN${n}]`.repeat(60) };
    });
    const node = { id: 'decide', title: 'Decide', type: 'condition' as const };
    const page = { text: 'é'.repeat(10_000) };
    await worked(
      createCondition(matchRules),
      { ...node, cases: [{ id: 'fits', match: 'any', rules }] },
      { outputs: { page } },
    );
    isOver = true;
    expect(turns).toBeGreaterThan(1);
  });

  test.each([
    ['all', [isMinor, isAnn, hasTags], true],
    ['all', [isMinor, isBob], false],
    ['any', [isBob, isMinor], true],
    ['any', [isBob], false],
  ] as const)('[COND-1] with %s of its rules', async (match, rules, holds) => {
    expect(await wayOf({ id: 'fits', match, rules: [...rules] })).toBe(holds ? 'fits' : 'else');
  });

  test('[COND-1] takes the first case that holds', async () => {
    const one = (id: string, rule: Rule): Case => ({ id, match: 'all', rules: [rule] });
    expect(await wayOf(one('bob', isBob), one('ann', isAnn), one('minor', isMinor))).toBe('ann');
    expect(await wayOf(one('bob', isBob))).toBe('else');
  });

  test('[COND-1] compares a variable with its type, and a text with what is filled in', async () => {
    const outputs = { a: { number: 5, text: '5' } };
    const rule = (right: string): Case => ({
      id: 'fits',
      match: 'all',
      rules: [{ left: 'a.number', operator: 'equal', right }],
    });
    const node = { id: 'decide', title: '', type: 'condition' as const };
    const way = async (right: string) =>
      (await worked(createCondition(matchRules), { ...node, cases: [rule(right)] }, { outputs })).result.way;
    expect(
      await Promise.all([way('{{a.number}}'), way('{{a.text}}'), way('{{a.text}}.0'), way('{{a.text}}1')]),
    ).toEqual(['fits', 'fits', 'fits', 'else']);
  });
});
