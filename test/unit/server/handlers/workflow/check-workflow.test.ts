import { expect, test } from 'vitest';
import { checkWorkflow } from '../../../../../server/handlers/workflow/check-workflow.ts';
import { codeOf } from '../handler-run.ts';

const start = { id: 'start', title: 'Start', type: 'start' };
const end = { id: 'end', title: 'End', type: 'end' };
const think = {
  id: 'think',
  title: 'Think',
  type: 'llm',
  model: null,
  system: '',
  prompt: '{{start.message}}',
  stream: true,
};

function refusalOf(definition: unknown): unknown {
  try {
    checkWorkflow('Flow', definition);
  } catch (error) {
    return error;
  }
  throw new Error('it was accepted');
}

test('[WFL-7] a definition that can run is handed on', () => {
  const definition = { nodes: [start, end], edges: [{ from: 'start', to: 'end' }] };
  expect(checkWorkflow('Flow', definition)).toEqual(definition);
});

test.each([
  ['nothing', null, /^the workflow “Flow” cannot run: expected an object with nodes and edges, got nothing$/],
  [
    'one problem',
    {
      nodes: [start, { ...think, model: 'gpt' }, end],
      edges: [
        { from: 'start', to: 'think' },
        { from: 'think', to: 'end' },
      ],
    },
    /: node think, field model: expected provider:model, for example \S+$/,
  ],
  [
    'several',
    { nodes: [start, think, end], edges: [] },
    /: node start: .* add an edge .*; node think: .*; node think: .*, and 1 more; workflow\.validate tells all$/,
  ],
])('[WFL-7] a definition is refused, naming the workflow, the places and the fixes: %s', (_, definition, message) => {
  const refusal = refusalOf(definition);
  expect(codeOf(refusal)).toBe('WORKFLOW_INVALID');
  expect((refusal as Error).message).toMatch(message);
});
