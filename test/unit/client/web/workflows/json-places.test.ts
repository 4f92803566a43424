import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readJson } from '../../../../../client/web/workflows/json-places.ts';
import { placedProblems } from '../../../../../client/web/workflows/placed-problems.ts';

const text = `{
  "nodes": [
    { "id": "start", "type": "start" },
    {
      "id": "ask",
      "cases": [
        { "rules": [
          { "right": "{{x.y}}" }
        ] }
      ]
    },
    { "id": "ask" }
  ],
  "edges": [
    { "from": "start", "to": "ask" },
    {
      "from": "ask",
      "to": "gone"
    }
  ]
}`;

function read(json: string) {
  const found = readJson(json);
  if ('mistake' in found) throw new Error(`expected JSON, got a mistake in line ${found.line}: ${found.mistake}`);
  return found;
}

describe('places in JSON', () => {
  test('[PAGE-94] every part is found at its line, and what is not there at what it would be in', () => {
    const { value, lineOf } = read(text);
    expect(value).toEqual(JSON.parse(text));
    const lines = {
      '': 1,
      nodes: 2,
      'nodes.0': 3,
      'nodes.0.type': 3,
      'nodes.1': 4,
      'nodes.1.cases.0.rules.0.right': 8,
      'nodes.1.title': 4,
      'nodes.1.cases.0.rules.7.left': 7,
      'edges.1.to': 18,
      nothing: 1,
    };
    expect(Object.fromEntries(Object.keys(lines).map((path) => [path, lineOf(path)]))).toEqual(lines);
  });

  test('[PAGE-94] whatever JSON has been written says what JSON.parse says', () => {
    fc.assert(
      fc.property(fc.json(), fc.constantFrom(0, 2), (json, indent) => {
        const written = JSON.stringify(JSON.parse(json), null, indent);
        expect(read(written).value).toEqual(JSON.parse(written));
      }),
    );
  });

  test('[PAGE-94] whatever is no JSON for JSON.parse is none here, and the other way round', () => {
    const pieces = fc.array(
      fc.constantFrom('{', '}', '[', ']', ',', ':', '"a"', '"', '\\', '1', '-', '01', 'e5', 'true', 'nul', ' ', '\n'),
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const written = parts.join('');
        let isJson = true;
        try {
          JSON.parse(written);
        } catch {
          isJson = false;
        }
        expect(!('mistake' in readJson(written))).toBe(isJson);
      }),
      { numRuns: 500 },
    );
  });

  test.each([
    ['{\n  "a": 1\n  "b": 2\n}', 3, 'expected a comma or }, got "'],
    ['{\n  a: 1\n}', 2, 'expected the name of a field, in double quotes, got a'],
    ['[\n  1,\n]', 3, 'expected a value, got ]'],
    ['{ "a": "x\n" }', 1, 'this text has no end on its line'],
    ['{ "a" 1 }', 1, 'expected a colon, got 1'],
    ['{\n\n', 3, 'expected the name of a field, in double quotes, got the end'],
    ['{}\n{}', 2, 'expected the end, got {'],
    ['', 1, 'expected a value, got the end'],
    ['"\\x"', 1, 'in a text \\ stands before one of " \\ / b f n r t u, and before what has no sign'],
    ['\n"a\tb"', 2, 'in a text \\ stands before one of " \\ / b f n r t u, and before what has no sign'],
  ])('[PAGE-94] the first mistake of %j is in line %i', (written, line, mistake) => {
    expect(readJson(written)).toEqual({ line, mistake });
  });

  test('[PAGE-94] a text that is nested without end is refused, and not with an overflow', () => {
    expect(readJson('['.repeat(100_000))).toMatchObject({ mistake: 'more than 200 levels of lists and objects' });
  });
});

describe('problems of a definition', () => {
  test('[PAGE-94] stand at the line of their node, field or edge, from top to bottom', () => {
    const problems = [
      { message: 'it has no end; add one' },
      { nodeId: 'ask', field: 'edges.1.to', message: 'leads to gone' },
      { nodeId: 'ask', field: 'cases.0.rules.0.right', message: '{{x.y}} is not known' },
      { nodeId: 'ask', field: 'title', message: 'is missing' },
      { nodeId: 'ask', field: 'id', message: 'is twice' },
      { nodeId: 'ask', message: 'leads nowhere' },
      { message: 'nodes.0.type: expected another' },
      { nodeId: 'nobody', message: 'is not there' },
    ];
    expect(placedProblems(problems, read(text)).map(({ line, message }) => `${line} ${message}`)).toEqual([
      '1 it has no end; add one',
      '2 nobody: is not there',
      '3 nodes.0.type: expected another',
      '4 ask.title: is missing',
      '5 ask: leads nowhere',
      '8 ask.cases.0.rules.0.right: {{x.y}} is not known',
      '12 ask.id: is twice',
      '18 leads to gone',
    ]);
  });
});
