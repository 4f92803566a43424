import type { Doing } from './workflows.ts';

const llm = (id: string, prompt: string, fields: object = {}) => ({
  id,
  title: id,
  type: 'llm',
  model: null,
  system: '',
  prompt,
  stream: true,
  ...fields,
});
const edge = (from: string, to: string, branch?: string) => ({ from, to, ...(branch !== undefined && { branch }) });

/**
 * A workflow with every type of node, its branches and joins, two questions at once, a loop around a subworkflow, a batch
 * and a choice whose options are ways out. Nodes that reach outside are `doEveryNode`.
 */
export const everyNode = {
  nodes: [
    { id: 'start', title: 'Start', type: 'start', variables: [{ key: 'tone', type: 'text', default: 'calm' }] },
    { id: 'name', title: 'Name', type: 'input', mode: 'dialog', prompt: 'Who are you?' },
    {
      id: 'size',
      title: 'Size',
      type: 'input',
      mode: 'form',
      prompt: 'What size?',
      fields: [{ key: 'cm', label: 'cm', type: 'number' }],
    },
    llm('greet', 'Greet {{name.text}} in a {{start.tone}} tone, {{size.cm}} cm'),
    llm('praise', 'Praise {{name.text}}'),
    { id: 'fetch', title: 'Fetch', type: 'http', method: 'POST', url: 'https://example.org/{{name.text}}' },
    {
      id: 'plan',
      title: 'Plan',
      type: 'code',
      code: 'function main() {}',
      inputs: { name: '{{name.text}}' },
      outputs: [{ key: 'list', type: 'list' }],
    },
    { id: 'sum', title: 'Sum', type: 'output', text: 'Fetched {{fetch.status}}, {{greet.output}}' },
    {
      id: 'check',
      title: 'Check',
      type: 'condition',
      cases: [{ id: 'ok', match: 'all', rules: [{ left: 'fetch.status', operator: 'equal', right: 200 }] }],
    },
    { id: 'sorry', title: 'Sorry', type: 'output', text: 'Sorry.' },
    { id: 'each', title: 'Each', type: 'loop', over: 'plan.list', maxIterations: 10, collect: '{{inner.output}}' },
    {
      id: 'inner',
      title: 'Inner',
      type: 'subworkflow',
      workflowId: '0197a000-0000-7000-8000-00000000aaaa',
      input: { message: '{{each.item}}' },
    },
    { id: 'act', title: 'Act', type: 'tool', tool: 'act', input: { on: '{{inner.output}}' } },
    llm('batch', 'About {{batch.item}}', { over: 'plan.list', stream: false }),
    {
      id: 'helper',
      title: 'Helper',
      type: 'assistant',
      assistantId: '0197a000-0000-7000-8000-00000000bbbb',
      prompt: 'Help',
      stream: true,
    },
    {
      id: 'choose',
      title: 'Choose',
      type: 'output',
      text: 'Have {{each.results}} and {{batch.output}}',
      ask: {
        kind: 'choice',
        options: [
          { id: 'left', label: 'Left' },
          { id: 'right', label: 'Right' },
        ],
      },
    },
    { id: 'wentleft', title: 'Left', type: 'output', text: 'Left it is.' },
    { id: 'wentright', title: 'Right', type: 'output', text: 'Right it is.' },
    { id: 'end', title: 'End', type: 'end' },
  ],
  edges: [
    edge('start', 'name'),
    edge('start', 'size'),
    edge('name', 'greet'),
    edge('size', 'greet'),
    edge('name', 'praise'),
    edge('name', 'fetch'),
    edge('name', 'plan'),
    edge('greet', 'sum'),
    edge('fetch', 'sum'),
    edge('praise', 'sum'),
    edge('plan', 'sum'),
    edge('sum', 'check'),
    edge('check', 'each', 'ok'),
    edge('check', 'sorry', 'else'),
    edge('each', 'inner', 'body'),
    edge('inner', 'act'),
    edge('act', 'each'),
    edge('each', 'batch', 'done'),
    edge('batch', 'helper'),
    edge('helper', 'choose'),
    edge('choose', 'wentleft', 'left'),
    edge('choose', 'wentright', 'right'),
    edge('wentleft', 'end'),
    edge('wentright', 'end'),
    edge('sorry', 'end'),
  ],
};

/** What `inner` runs. */
export const innerWorkflow = {
  nodes: [
    { id: 'start', title: 'Start', type: 'start' },
    llm('think', 'Think of {{start.message}}', { stream: false }),
    { id: 'say', title: 'Say', type: 'output', text: 'Thought of {{start.message}}.' },
    { id: 'end', title: 'End', type: 'end', output: '{{think.output}}' },
  ],
  edges: [edge('start', 'think'), edge('think', 'say'), edge('say', 'end')],
};

/** What a person answers, by the kind of question. */
export const answers = { text: 'Ann', form: { cm: 170 }, choice: 'left', approval: null } as const;

/** The answer's text when nothing goes wrong, in one of the orders in which the nodes that work at once may speak. */
export const doEveryNode: Doing = async (node) => {
  switch (node.type) {
    case 'http':
      return { status: 200, body: '', json: null };
    case 'code':
      return { list: ['one', 'two'] };
    case 'tool':
    case 'assistant':
      return { output: `${node.id} done` };
    default:
      throw new Error(`expected a node that reaches outside, got ${node.type}`);
  }
};
