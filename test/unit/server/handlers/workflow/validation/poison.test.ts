import { describe, expect, test } from 'vitest';
import { validateWorkflow } from '../../../../../../server/handlers/workflow/validation/validate-workflow.ts';
import { limits } from '../../../../../../shared/limits.ts';

const start = { id: 'start', title: '', type: 'start' };
const end = { id: 'end', title: '', type: 'end' };
const step = (id: string, text = '{{start.message}}') => ({ id, title: '', type: 'output', text });
const model = (id: string, prompt: string) => ({
  id,
  title: '',
  type: 'llm',
  model: null,
  system: '',
  prompt,
  stream: true,
});
const many = <Item>(count: number, make: (place: number) => Item) =>
  Array.from({ length: count }, (_, place) => make(place));

/** A line in which each node asks for what the one before has made. */
function chain(length: number) {
  const nodes = many(length, (place) =>
    model(`n${place}`, place === 0 ? 'x' : `{{n${place - 1}.output}} {{n0.output}}`),
  );
  const ids = ['start', ...nodes.map(({ id }) => id), 'end'];
  return { nodes: [start, ...nodes, end], edges: ids.slice(1).map((to, place) => ({ from: ids[place], to })) };
}

function complete(size: number) {
  const nodes = many(size, (place) => step(`n${place}`));
  const edges = nodes.flatMap(({ id: from }) => nodes.map(({ id: to }) => ({ from, to })));
  return { nodes: [start, ...nodes, end], edges: [{ from: 'start', to: 'n0' }, { from: 'n0', to: 'end' }, ...edges] };
}

/** Conditions in each other, whose ways all meet again at the end. */
function branching(depth: number) {
  const rules = [{ left: 'start.message', operator: 'empty' }];
  const nodes = many(depth, (place) => ({
    id: `n${place}`,
    title: '',
    type: 'condition',
    cases: [{ id: 'a', match: 'all', rules }],
  }));
  const edges = nodes.flatMap(({ id }, place) => [
    { from: id, to: 'end', branch: 'a' },
    { from: id, to: place + 1 < depth ? `n${place + 1}` : 'end', branch: 'else' },
  ]);
  return { nodes: [start, ...nodes, end], edges: [{ from: 'start', to: 'n0' }, ...edges] };
}

/** Loops in each other: the body of each is the next one. */
function nested(depth: number) {
  const nodes = many(depth, (place) => ({
    id: `n${place}`,
    title: '',
    type: 'loop',
    until: { match: 'all', rules: [{ left: 'start.message', operator: 'empty' }] },
    maxIterations: 2,
  }));
  const edges = nodes.flatMap(({ id }, place) => [
    { from: id, to: place + 1 < depth ? `n${place + 1}` : 'inner', branch: 'body' },
    { from: id, to: place === 0 ? 'end' : `n${place - 1}`, branch: 'done' },
  ]);
  return {
    nodes: [start, ...nodes, step('inner'), end],
    edges: [{ from: 'start', to: 'n0' }, { from: 'inner', to: `n${depth - 1}` }, ...edges],
  };
}

describe('poison is refused in words', () => {
  test.each([
    ['a chain of 10,000', chain(10_000), /nodes: expected at most 1000, got 10002; move a part/],
    ['a complete graph', complete(100), /edges: expected at most 5000, got 10002/],
    ['a complete graph within the limits', complete(60), /the edge from n0 leads to itself/],
    ['loops in each other', nested(limits.workflowNesting + 1), /is in too many others; move it/],
    ['a thousand loops in each other', nested(900), /is in too many others; move it/],
    ['a list', [], /expected an object with nodes and edges, got a list/],
    ['nothing', null, /expected an object with nodes and edges, got nothing/],
    ['nodes as an object', { nodes: {}, edges: [] }, /nodes: expected a list/],
    ['edges that are missing', { nodes: [start] }, /edges: expected a list of edges, got nothing/],
    ['something more', { nodes: [start, end], edges: [], program: 'x' }, /program: expected nodes and edges alone/],
    ['nodes that are none', { nodes: [null, 7, [], 'x'], edges: [null, 7] }, /nodes\.1\.type: .*expected/i],
  ])('[WFV-3] %s', (_, definition, message) => {
    expect(
      validateWorkflow(definition)
        .map((problem) => problem.message)
        .join('\n'),
    ).toMatch(message);
  });

  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])('[WFV-3] %s is no name', (name) => {
    const asId = JSON.parse(
      JSON.stringify({
        nodes: [start, step(name), end],
        edges: [
          { from: 'start', to: name },
          { from: name, to: 'end' },
        ],
      }),
    );
    expect(validateWorkflow(asId).some(({ nodeId, field }) => nodeId === name && field === 'id')).toBe(true);
    const key = { ...start, variables: [{ key: name, type: 'text' }] };
    expect(validateWorkflow({ nodes: [key, end], edges: [{ from: 'start', to: 'end' }] })).toContainEqual(
      expect.objectContaining({ nodeId: 'start', field: 'variables.0.key' }),
    );
    const asked = {
      nodes: [start, step('tell', `{{${name}.x}} {{start.${name}}}`), end],
      edges: [
        { from: 'start', to: 'tell' },
        { from: 'tell', to: 'end' },
      ],
    };
    expect(validateWorkflow(asked)).toHaveLength(2);
  });

  test('[WFV-3] a key that would be passed over is told', () => {
    const tool = JSON.parse(
      '{ "id": "ask", "title": "", "type": "tool", "tool": "x", "input": { "a": { "__proto__": 1 } } }',
    );
    const edges = [
      { from: 'start', to: 'ask' },
      { from: 'ask', to: 'end' },
    ];
    expect(validateWorkflow({ nodes: [start, tool, end], edges })).toMatchObject([
      { nodeId: 'ask', field: 'input.a.__proto__' },
    ]);
  });

  test('[WFV-3] more patterns than are read in a moment are told, and not read', () => {
    const pattern = (place: number) => `[^\\pL\\pN${place}]`.repeat(60);
    const rule = (place: number) => ({ left: 'start.message', operator: 'matches', right: pattern(place) });
    const cases = many(20, (place) => ({
      id: `c${place}`,
      match: 'any',
      rules: many(20, (n) => rule(place * 20 + n)),
    }));
    const nodes = [start, { id: 'decide', title: '', type: 'condition', cases }, end];
    const edges = [
      { from: 'start', to: 'decide' },
      { from: 'decide', to: 'end', branch: 'else' },
    ];
    const found = validateWorkflow({ nodes, edges }).filter(({ field }) => field?.endsWith('.right'));
    expect(found.length).toBeGreaterThan(390);
    expect(found.at(-1)).toMatchObject({ nodeId: 'decide', message: /all of the workflow have more than 5000/ });
  });

  test('[WFV-3] values that are too deep are told', () => {
    const deep = JSON.parse(`${'['.repeat(5_000)}${']'.repeat(5_000)}`);
    const nodes = [start, { ...end, output: deep }];
    expect(validateWorkflow({ nodes, edges: [{ from: 'start', to: 'end' }] })).toMatchObject([
      { nodeId: 'end', message: /at most 24 levels/ },
    ]);
  });
});

test('[WFV-5] what is wrong everywhere is told in a time and a number that are bounded', () => {
  const unknown = '{{a.b}}'.repeat(4_000);
  const talkers = many(15, (place) => step(`n${place}`, unknown));
  const talk = ['start', ...talkers.map(({ id }) => id), 'end'];
  const edges = talk.slice(1).map((to, place) => ({ from: talk[place], to }));
  expect(validateWorkflow({ nodes: [start, ...talkers, end], edges })).toHaveLength(talkers.length);

  // Each loop leads into the bodies of all the others.
  const loops = many(200, (place) => ({
    id: `l${place}`,
    title: '',
    type: 'loop',
    over: 'start.files',
    maxIterations: 2,
  }));
  const shared = many(20, (place) => step(`m${place}`));
  const ways = [
    ...loops.flatMap(({ id }) => [
      { from: 'start', to: id },
      { from: id, to: 'end', branch: 'done' },
      ...shared.map((node) => ({ from: id, to: node.id, branch: 'body' })),
    ]),
    ...shared.map(({ id }) => ({ from: id, to: 'end' })),
  ];
  const found = validateWorkflow({ nodes: [start, ...loops, ...shared, end], edges: ways });
  expect(found.length).toBeGreaterThan(0);
  expect(found.length).toBeLessThan(10_000);
});

test('[COND-8] the patterns of a workflow are read up to a time, and each once', () => {
  const matching = (patterns: readonly string[]) => {
    const rules = patterns.map((right) => ({ left: 'start.message', operator: 'matches', right }));
    const cases = many(Math.ceil(rules.length / 20), (place) => ({
      id: `c${place}`,
      match: 'any',
      rules: rules.slice(20 * place, 20 * place + 20),
    }));
    const ways = [...cases.map(({ id }) => id), 'else'].map((branch) => ({ from: 'if', to: 'end', branch }));
    const nodes = [start, { id: 'if', title: '', type: 'condition', cases }, end];
    return validateWorkflow({ nodes, edges: [{ from: 'start', to: 'if' }, ...ways] });
  };
  const heavy = (place: number) => `(a?){90}${place}`;
  expect(matching(many(400, (place) => `^word${place}$`))).toEqual([]);
  expect(matching(many(400, () => heavy(0)))).toEqual([]);
  const refused = matching(many(400, heavy));
  expect(refused).toHaveLength(395);
  expect(refused[0]).toMatchObject({ nodeId: 'if', field: 'cases.0.rules.5.right', message: /use fewer/ });
});

test('[WFV-4] the largest workflows are right', () => {
  expect(validateWorkflow(chain(limits.workflowNodes - 2))).toEqual([]);
  expect(validateWorkflow(branching(limits.workflowNodes - 2))).toEqual([]);
});

test.each([
  ['a line', chain],
  ['branches', branching],
])('[WFV-4] ten times as many nodes take about ten times as long: %s', (_, make) => {
  const sizes = { workflowNodes: 20_000, workflowEdges: 40_000 };
  const time = (size: number) => {
    const definition = make(size);
    const times = many(4, () => {
      const begin = process.cpuUsage();
      expect(validateWorkflow(definition, sizes)).toEqual([]);
      const { user, system } = process.cpuUsage(begin);
      return user + system;
    });
    return Math.min(...times);
  };
  time(1_000);
  // Were it quadratic, it would be a hundred times.
  expect(time(10_000) / time(1_000)).toBeLessThan(40);
});
