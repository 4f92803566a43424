import { describe, expect, test } from 'vitest';
import { checkWorkflow } from '../../../../../server/handlers/workflow/check-workflow.ts';
import { codeOf } from '../handler-run.ts';

const start = { id: 'start', title: 'Start', type: 'start' };
const end = { id: 'end', title: 'End', type: 'end' };
const tell = { id: 'tell', title: 'Tell', type: 'output', text: '{{start.message}}' };
const think = { id: 'think', title: 'Think', type: 'llm', model: null, system: '', prompt: 'x', stream: true };
const edge = (from: string, to: string) => ({ from, to });

function refusalOf(definition: unknown): unknown {
  try {
    checkWorkflow('Flow', definition);
  } catch (error) {
    return error;
  }
  throw new Error('it was accepted');
}

test('[WFL-7] a line of nodes is taken in the order of its edges, whatever the order of its nodes', () => {
  const definition = { nodes: [end, tell, start], edges: [edge('tell', 'end'), edge('start', 'tell')] };
  expect(checkWorkflow('Flow', definition).map((node) => node.id)).toEqual(['start', 'tell', 'end']);
});

test('[WFL-7] nodes that nothing leads to do not run', () => {
  const definition = { nodes: [start, tell, end], edges: [edge('start', 'end'), edge('tell', 'end')] };
  expect(checkWorkflow('Flow', definition).map((node) => node.id)).toEqual(['start', 'end']);
});

describe('a definition is refused, naming the workflow, the place and the fix:', () => {
  const whole = [edge('start', 'tell'), edge('tell', 'end')];
  test.each([
    ['nothing', null, /“Flow”.*definition/],
    ['text', '{}', /definition/],
    ['no nodes', { nodes: [], edges: [] }, /no node of type start/],
    ['an unknown type', { nodes: [start, { ...tell, type: 'poem' }, end], edges: whole }, /node tell, field type/],
    ['a missing field', { nodes: [start, { ...tell, text: undefined }, end], edges: whole }, /node tell, field text/],
    ['a bad id', { nodes: [start, { ...tell, id: 'a b' }, end], edges: [] }, /node a b, field id.*letters/],
    [
      'a bad model',
      { nodes: [start, { ...think, model: 'gpt' }, end], edges: [] },
      /node think, field model.*provider:model/,
    ],
    ['two nodes of one id', { nodes: [start, tell, tell, end], edges: whole }, /tell is the id of several/],
    ['no start', { nodes: [tell, end], edges: [edge('tell', 'end')] }, /no node of type start; add one/],
    ['two starts', { nodes: [start, { ...start, id: 'begin' }, end], edges: [] }, /begin is a second start.*remove/],
    ['an edge from nowhere', { nodes: [start, end], edges: [edge('void', 'end')] }, /begins at void.*correct/],
    ['an edge to nowhere', { nodes: [start, end], edges: [edge('start', 'void')] }, /start leads to void.*correct/],
    [
      'a fork',
      { nodes: [start, tell, end], edges: [...whole, edge('start', 'end')] },
      /start leads to tell and to end/,
    ],
    ['a dead end', { nodes: [start, tell, end], edges: [edge('start', 'tell')] }, /tell leads nowhere; add an edge/],
    [
      'a circle',
      { nodes: [start, tell, end], edges: [edge('start', 'tell'), edge('tell', 'start')] },
      /back to start; remove/,
    ],
    [
      'an unknown variable',
      { nodes: [start, { ...tell, text: 'Hi {{user.name}}' }, end], edges: whole },
      /node tell, field text: \{\{user\.name\}\} is not known.*\{\{start\.message\}\}/,
    ],
    [
      'a variable of a later node',
      {
        nodes: [start, { ...tell, text: '{{think.output}}' }, think, end],
        edges: [edge('start', 'tell'), edge('tell', 'think'), edge('think', 'end')],
      },
      /node tell, field text: \{\{think\.output\}\}/,
    ],
    [
      'a key that the node does not have',
      { nodes: [start, { ...tell, text: '{{start.output}}' }, end], edges: whole },
      /\{\{start\.output\}\} is not known/,
    ],
  ])('[WFL-7] %s', (_, definition, problem) => {
    const refusal = refusalOf(definition);
    expect(codeOf(refusal)).toBe('WORKFLOW_INVALID');
    expect((refusal as Error).message).toMatch(problem);
  });
});
