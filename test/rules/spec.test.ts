import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { root, sourceFiles } from '../helpers/source-files.ts';

const ruleId = /\b[A-Z]{3,4}-\d+\b/;

function rulesOfSpec(): string[] {
  const spec = readFileSync(join(root, 'shared/SPEC.md'), 'utf8');
  return [...spec.matchAll(/^- ([A-Z]{3,4}-\d+) /gm)].map(([, id = '']) => id);
}

function rulesOfTests(): { id: string; path: string }[] {
  return sourceFiles('test').flatMap(({ path, text }) =>
    [...text.matchAll(/['"`]((?:\[[A-Z]{3,4}-\d+\]\s*)+)/g)].flatMap(([, tags = '']) =>
      [...tags.matchAll(new RegExp(ruleId, 'g'))].map(([id]) => ({ id, path })),
    ),
  );
}

/** Names of tests, as `test('…'`, `test.skipIf(…)('…'` and the like have them. */
function testNames(): { name: string; path: string }[] {
  return sourceFiles('test')
    .filter(({ path }) => path.endsWith('.test.ts') || path.startsWith('test/contracts/'))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/^\s*(?:test|it)(?:\.\w+(?:\([^)]*\))?)*\(\s*['"`]([^'"`]*)/gm)].map(([, name = '']) => ({
        name,
        path,
      })),
    );
}

describe('specification', () => {
  test('[ARC-2] every rule of SPEC.md has a number of its own', () => {
    const rules = rulesOfSpec();
    expect(rules.length).toBeGreaterThan(50);
    expect(rules.filter((id, index) => rules.indexOf(id) !== index)).toEqual([]);
  });

  test('[ARC-2] every rule of SPEC.md is shown by a test', () => {
    const shown = new Set(rulesOfTests().map(({ id }) => id));
    expect(rulesOfSpec().filter((id) => !shown.has(id))).toEqual([]);
  });

  test('[ARC-2] every rule that a test names stands in SPEC.md', () => {
    const rules = new Set(rulesOfSpec());
    expect(rulesOfTests().filter(({ id }) => !rules.has(id))).toEqual([]);
  });

  test('[ARC-3] every test names the rule that it shows', () => {
    const names = testNames();
    expect(names.length).toBeGreaterThan(50);
    expect(names.filter(({ name }) => !ruleId.test(name))).toEqual([]);
  });
});
