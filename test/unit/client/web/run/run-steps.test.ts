import { describe, expect, test } from 'vitest';
import { stepsOf, wordsOfRun } from '../../../../../client/web/run/run-steps.ts';
import type { NodeProgress } from '../../../../../shared/node-progress.ts';
import type { WorkflowGraph } from '../../../../../client/web/graph/workflow-graph.ts';

const graph: WorkflowGraph = {
  nodes: ['end', 'b', 'start', 'a'].map((id) => ({ id, title: id.toUpperCase(), type: id })),
  edges: [
    { from: 'start', to: 'a' },
    { from: 'a', to: 'b', branch: 'yes' },
    { from: 'a', to: 'end', branch: 'no' },
    { from: 'b', to: 'end' },
  ],
};
const node = (nodeId: string, status: NodeProgress['status'], fields: object = {}): NodeProgress => ({
  nodeId,
  title: nodeId.toUpperCase(),
  status,
  ...fields,
});

describe('the steps of a run', () => {
  test('[PAGE-90] come in the order of the graph, whatever was told first, and those that it does not have come last', () => {
    const steps = stepsOf(
      graph,
      [node('inner', 'finished'), node('a', 'running'), node('start', 'finished'), node('start/deep', 'finished')],
      'running',
    );
    expect(steps.map(({ id, look }) => `${id} ${look}`)).toEqual([
      'start finished',
      'start/deep finished',
      'a running',
      'b waiting',
      'end waiting',
      'inner finished',
    ]);
    expect(wordsOfRun(steps, 'running')).toBe('3 of 6 steps, at A');
    expect(stepsOf(null, [node('a', 'running')], 'running')).toEqual([
      { id: 'a', title: 'A', type: null, look: 'running' },
    ]);
  });

  test.each([
    ['waiting', 'asking', 'waiting', '1 of 4 steps, waits for you at A'],
    ['failed', 'failed', 'skipped', '1 of 4 steps, failed at A'],
    ['stopped', 'stopped', 'skipped', '1 of 4 steps, stopped'],
    ['interrupted', 'stopped', 'skipped', '1 of 4 steps, interrupted'],
  ] as const)(
    '[PAGE-91] of a run that is %s the node at work is %s and later ones are %s',
    (status, at, later, words) => {
      const steps = stepsOf(graph, [node('start', 'finished'), node('a', 'running')], status);
      expect(steps.map(({ look }) => look)).toEqual(['finished', at, later, later]);
      expect(wordsOfRun(steps, status)).toBe(words);
    },
  );

  test('[PAGE-91] what went in and out, how long it took and why it failed is kept', () => {
    const told = {
      durationMs: 3,
      inputs: { x: 1 },
      outputs: { y: 2 },
      branch: 'yes',
      error: { code: 'TOOL_FAILED', message: 'broken' },
    } as const;
    expect(stepsOf(null, [node('a', 'failed', told)], 'failed')).toEqual([
      { id: 'a', title: 'A', type: null, look: 'failed', ...told },
    ]);
  });
});
