import { describe, expect, test } from 'vitest';
import { validateWorkflow } from '../../../../../../server/handlers/workflow/validation/validate-workflow.ts';

const id = '01930000-0000-7000-8000-000000000001';
const titled = <Node extends object>(node: Node) => ({ title: '', ...node });
const start = titled({ id: 'start', type: 'start' });
const end = titled({ id: 'end', type: 'end' });
const model = (name: string, prompt = 'x', more: object = {}) =>
  titled({ id: name, type: 'llm', model: null, system: '', prompt, stream: true, ...more });
const choice = (name: string, ...options: string[]) =>
  titled({
    id: name,
    type: 'output',
    text: '',
    ask: { kind: 'choice', options: options.map((option) => ({ id: option, label: option })) },
  });
const loop = (name: string, more: object) => titled({ id: name, type: 'loop', maxIterations: 3, ...more });
const until = { match: 'all', rules: [{ left: 'work.output', operator: 'not_empty' }] };

/** `a>b` and `a.branch>b`, as edges. */
const edges = (text: string) =>
  text.split(' ').map((edge) => {
    const [from = '', to] = edge.split('>');
    const [node, branch] = from.split('.');
    return { from: node, to, ...(branch !== undefined && { branch }) };
  });
const problemsOf = (nodes: readonly object[], ways: string) =>
  validateWorkflow({ nodes: [start, ...nodes, end], edges: edges(ways) }).map(
    ({ nodeId, field, message }) => `${[nodeId, field].filter((part) => part !== undefined).join('.')}: ${message}`,
  );

describe('what is known', () => {
  test.each([
    [
      'of two parallel ways at the node where they meet',
      [model('a'), model('b'), model('both', '{{a.output}} {{b.output}}')],
      'start>a start>b a>both b>both both>end',
    ],
    [
      'before a choice, behind all of its ways',
      [model('a'), choice('ask', 'x', 'y'), model('b', '{{a.output}} {{ask.choice}}')],
      'start>a a>ask ask.x>b ask.y>b b>end',
    ],
    [
      'beside a choice that loses no way, where it meets a parallel one',
      [choice('ask', 'x', 'y'), model('p'), model('all', '{{p.output}} {{ask.choice}}')],
      'start>ask start>p ask.x>all ask.y>all p>all all>end',
    ],
    [
      'in the body of a loop, its item and number',
      [loop('each', { over: 'start.files' }), model('work', '{{each.item}} {{each.item.name}} {{each.index}}')],
      'start>each each.body>work work>each each.done>end',
    ],
    [
      'behind a loop with an end, what its body made',
      [loop('try', { until }), model('work'), model('after', '{{work.output}}')],
      'start>try try.body>work work>try try.done>after after>end',
    ],
    [
      'in a loop that may end everything',
      [loop('each', { over: 'start.files' }), choice('ask', 'stop', 'more'), model('after')],
      'start>each each.body>ask ask.stop>end ask.more>each each.done>after after>end',
    ],
    [
      'to a loop, what a round made',
      [
        loop('each', { over: 'start.files', collect: { a: ['{{work.output}}', '{{each.index}}'] } }),
        model('work'),
        model('after', '{{each.results}}'),
      ],
      'start>each each.body>work work>each each.done>after after>end',
    ],
    [
      'to the texts of a batch, its item',
      [
        model('list', '', { over: 'start.files' }),
        model('many', '{{many.item}} {{many.index}}', { over: 'list.output' }),
      ],
      'start>list list>many many>end',
    ],
    [
      'behind a way back, what the first way made',
      [model('a'), choice('again', 'yes', 'no'), model('b', '{{a.output}} {{again.choice}}')],
      'start>a a>again again.yes>a again.no>b b>end',
    ],
    [
      'always',
      [model('a', '{{system.now}} {{system.chat_id}} {{ system.run_id }} {{system.user_id}} {{chat.history}}')],
      'start>a a>end',
    ],
  ])('[WFV-1] %s', (_, nodes, ways) => {
    expect(problemsOf(nodes, ways)).toEqual([]);
  });

  test.each([
    [
      'of one of several ways, where they meet',
      [choice('ask', 'x', 'y'), model('a'), model('b', '{{a.output}}')],
      'start>ask ask.x>a a>b ask.y>b b>end',
      'b.prompt',
    ],
    [
      'of a parallel way that does not come before',
      [model('a'), model('b', '{{a.output}}')],
      'start>a start>b a>end b>end',
      'b.prompt',
    ],
    [
      'of a choice with a way that ends, where its others meet a parallel one',
      [choice('ask', 'x', 'y'), model('a'), model('p'), model('b', '{{a.output}}')],
      'start>ask start>p ask.x>a ask.y>end a>b p>b b>end',
      'b.prompt',
    ],
    [
      'of the body of a loop over a list, behind it',
      [loop('each', { over: 'start.files' }), model('work'), model('after', '{{work.output}}')],
      'start>each each.body>work work>each each.done>after after>end',
      'after.prompt',
    ],
    [
      'of a loop itself, behind it',
      [loop('each', { over: 'start.files' }), model('work'), model('after', '{{each.item}}')],
      'start>each each.body>work work>each each.done>after after>end',
      'after.prompt',
    ],
    [
      'of a loop that gathers nothing',
      [loop('each', { over: 'start.files' }), model('work'), model('after', '{{each.results}}')],
      'start>each each.body>work work>each each.done>after after>end',
      'after.prompt',
    ],
    ['of what is behind it', [model('a', '{{b.output}}'), model('b')], 'start>a a>b b>end', 'a.prompt'],
    ['of a preset that there is not', [model('a', '{{system.password}}')], 'start>a a>end', 'a.prompt'],
  ])('[WFV-2] nothing is known %s', (_, nodes, ways, place) => {
    const problems = problemsOf(nodes, ways);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(new RegExp(`^${place.replace('.', '\\.')}: \\{\\{.*\\}\\} is (not )?known`));
  });
});

describe('one node', () => {
  const rule = (operator: string, right?: unknown, left = 'start.message') => ({
    left,
    operator,
    ...(right !== undefined && { right }),
  });
  const condition = (...rules: object[]) =>
    titled({ id: 'if', type: 'condition', cases: [{ id: 'yes', match: 'all', rules }] });
  const both = 'start>if if.yes>end if.else>end';
  const one = (node: { readonly id: string }) => [[node], `start>${node.id} ${node.id}>end`] as const;
  const form = (...fields: object[]) => titled({ id: 'form', type: 'input', mode: 'form', prompt: '', fields });

  test.each<[string, readonly object[], string, RegExp]>([
    ['an operator that nobody knows', [condition(rule('like', 'x'))], both, /^if\.cases\.0\.rules\.0\.operator: /],
    ['a comparison with nothing', [condition(rule('equal'))], both, /^if\.cases\.0\.rules\.0\.right: /],
    [
      'a text that is compared as a number',
      [condition(rule('less_or_equal', 3))],
      both,
      /^if\.cases\.0\.rules\.0\.left: .* which is of type text/,
    ],
    [
      'a number that is compared with a text',
      [
        model('a', '', { over: 'start.files' }),
        loop('each', { over: 'a.output' }),
        condition(rule('greater', 'many', 'each.index')),
      ],
      'start>a a>each each.body>if if.yes>each if.else>each each.done>end',
      /^if\.cases\.0\.rules\.0\.right: greater compares number, got a value of type text/,
    ],
    [
      'a pattern that is none',
      [condition(rule('matches', '(unclosed'))],
      both,
      /^if\.cases\.0\.rules\.0\.right: it is no regular expression that can be used: /,
    ],
    [
      'a pattern with what takes too long elsewhere',
      [condition(rule('matches', '(a)\\1'))],
      both,
      /^if\.cases\.0\.rules\.0\.right: it is no regular expression/,
    ],
    [
      'a case twice',
      [
        titled({
          id: 'if',
          type: 'condition',
          cases: [1, 2].map(() => ({ id: 'yes', match: 'any', rules: [rule('empty')] })),
        }),
      ],
      both,
      /^if\.cases\.1: yes is there already/,
    ],
    [
      'a case called like what is left over',
      [titled({ id: 'if', type: 'condition', cases: [{ id: 'else', match: 'any', rules: [rule('empty')] }] })],
      'start>if if.else>end',
      /^if\.cases\.0: else is there already/,
    ],
    ['a form without fields', ...one(form()), /^form\.fields: /],
    [
      'a field twice',
      ...one(form({ key: 'a', label: 'A', type: 'text' }, { key: 'a', label: 'B', type: 'number' })),
      /^form\.fields\.1: a is there already/,
    ],
    [
      'an option twice',
      ...one(form({ key: 'a', label: 'A', type: 'select', options: ['x', 'x'] })),
      /^form\.fields\.0\.options: expected each option once/,
    ],
    [
      'a time for an answer that nobody asks for',
      ...one(titled({ id: 'say', type: 'output', text: 'x', expiresAfterMinutes: 5 })),
      /^say\.expiresAfterMinutes: it asks nothing/,
    ],
    [
      'a loop over a list and until something',
      [loop('try', { over: 'start.files', until }), model('work')],
      'start>try try.body>work work>try try.done>end',
      /^try\.until: .*remove over or until/,
    ],
    [
      'a loop whose body does not come back',
      [loop('try', { over: 'start.files' }), model('work')],
      'start>try try.body>work work>end try.done>end',
      /^try: the body of loop try does not come back/,
    ],
    [
      'a cycle that is entered amidst',
      [model('a'), choice('b', 'x', 'y')],
      'start>a start>b a>b b.x>a b.y>end',
      /leads back to \w+, but .* is also reached around it/,
    ],
    [
      'a name that stands for what is always known',
      ...one(model('system')),
      /^system\.id: system stands for what is always known/,
    ],
    ['a model that is none', ...one(model('a', 'x', { model: 'gpt' })), /^a\.model: expected provider:model/],
    [
      'an assistant that is none',
      ...one(titled({ id: 'a', type: 'assistant', assistantId: 'x', prompt: '', stream: true })),
      /^a\.assistantId: expected a UUID/,
    ],
    [
      'what is behind an end',
      [model('a'), titled({ id: 'last', type: 'end' })],
      'start>end end>a a>last',
      /^end\.edges\.1: end is an end; remove the edge/,
    ],
    [
      'a way back to the start',
      [choice('a', 'x', 'y')],
      'start>a a.x>start a.y>end',
      /^a\.edges\.1\.to: the edge from a leads to the start/,
    ],
    [
      'a branch where there is but one way',
      [model('a')],
      'start>a a>end a.x>end',
      /^a\.edges\.2\.branch: node a has no way out x; remove its branch$/,
    ],
    [
      'an expiry that nothing expires by',
      [titled({ id: 'a', type: 'input', mode: 'dialog', prompt: '' })],
      'start>a a>end a.expired>end',
      /^a\.edges\.2\.branch: node a has no way out expired; .* or give the question expiresAfterMinutes/,
    ],
  ])('[WFV-2] %s', (_, nodes, ways, problem) => {
    const problems = problemsOf(nodes, ways);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(problem);
  });

  test('[WFV-2] a default of another type, and a variable called like what the start makes anyway', () => {
    const variables = [
      { key: 'count', type: 'number', default: 'many' },
      { key: 'message', type: 'text' },
    ];
    const definition = { nodes: [{ ...start, variables }, end], edges: edges('start>end') };
    expect(validateWorkflow(definition)).toEqual([
      { nodeId: 'start', field: 'variables.1', message: expect.stringMatching(/message is there already/) as string },
      {
        nodeId: 'start',
        field: 'variables.0.default',
        message: expect.stringMatching(/type number, got "many"/) as string,
      },
    ]);
  });

  test('[WFV-1] the items of a list are known by their places, and by nothing else', () => {
    const shows = (name: string) =>
      problemsOf([titled({ id: 'say', type: 'output', text: `{{${name}}}` })], 'start>say say>end');
    expect(shows('start.files.0.name')).toEqual([]);
    expect(shows('start.files.12')).toEqual([]);
    for (const name of ['start.files.name', 'start.files.0x', 'start.files.length'])
      expect(shows(name)).toEqual([expect.stringMatching(/no fields by name; write \{\{start\.files\.0\}\}/)]);
  });

  test('[WFV-7] what a request says without variables is what may be sent', () => {
    const asking = (url: string, headers: object = {}) =>
      problemsOf(...one(titled({ id: 'ask', type: 'http', method: 'GET', url, headers })));
    const right = { 'X-A': '{{start.message}}', accept: 'text/plain' };
    for (const url of ['https://example.org', 'HTTP://example.org:8080/{x}', '{{start.message}}', 'x{{start.message}}'])
      expect(asking(url, right)).toEqual([]);
    for (const url of ['example.org', 'ftp://example.org', '/path', 'javascript:alert(1)'])
      expect(asking(url)).toEqual([expect.stringMatching(/^ask\.url: expected an address with https or http, got "/)]);
    expect(asking('https://example.org', { Host: 'x', 'a b': 'x', A: 'ä', b: '1', B: '2' })).toEqual([
      expect.stringMatching(/^ask\.headers\.Host: expected no headers that say how the request is sent; /),
      expect.stringMatching(/^ask\.headers\.a b: expected letters, digits and dashes as its name; /),
      expect.stringMatching(/^ask\.headers\.A: expected characters of ASCII, without line breaks; /),
      expect.stringMatching(/^ask\.headers\.B: B is there already; remove one of the two/),
    ]);
  });

  test('[WFV-6] conditions on lists and objects, and texts that are numbers', () => {
    const make = titled({
      id: 'make',
      type: 'code',
      code: '',
      inputs: {},
      outputs: [
        { key: 'list', type: 'list' },
        { key: 'object', type: 'object' },
        { key: 'number', type: 'number' },
      ],
    });
    const found = (...rules: object[]) =>
      problemsOf([make, condition(...rules)], `start>make make>if ${both.replace('start>if ', '')}`);
    expect(
      found(
        rule('starts_with', true, 'make.list'),
        rule('ends_with', 'x', 'make.list'),
        rule('contains', 'key', 'make.object'),
        rule('greater', ' -1.5e3 ', 'make.number'),
      ),
    ).toEqual([]);
    for (const text of ['0x10', '0b1', 'Infinity', '1_000', ''])
      expect(found(rule('greater', text, 'make.number'))).toEqual([expect.stringMatching(/got a value of type text/)]);
  });

  test('[WFV-1] every operator over what it compares', () => {
    const rules = [
      ...['equal', 'not_equal', 'contains', 'not_contains', 'starts_with', 'ends_with', 'matches'].map((name) =>
        rule(name, 'x'),
      ),
      ...['empty', 'not_empty'].map((name) => rule(name)),
      ...['greater', 'less', 'greater_or_equal', 'less_or_equal'].flatMap((name) =>
        [3, '3', '{{get.status}}'].map((right) => rule(name, right, 'get.status')),
      ),
    ];
    const get = titled({ id: 'get', type: 'http', method: 'GET', url: 'https://example.org' });
    expect(
      problemsOf(
        [get, condition(...rules.slice(0, 20)), titled({ id: 'tool', type: 'tool', tool: 'x', input: { id } })],
        'start>get get>if if.yes>tool if.else>tool tool>end',
      ),
    ).toEqual([]);
  });
});
