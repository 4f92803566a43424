import { describe, expect, test } from 'vitest';
import { isBack, nodeSize, placesOf } from '../../../../../client/web/graph/graph-layout.ts';
import { inOrder } from '../../../../../client/web/graph/in-order.ts';
import type { WorkflowGraph } from '../../../../../client/web/graph/workflow-graph.ts';

const graphOf = (...edges: (readonly [from: string, to: string])[]): WorkflowGraph => ({
  nodes: [...new Set(edges.flat())].map((id) => ({ id, title: id, type: id })),
  edges: edges.map(([from, to]) => ({ from, to })),
});

describe('the layout of a graph', () => {
  // With a loop, two edges between the same nodes, and one from a node to itself.
  const graph = graphOf(
    ['start', 'a'],
    ['start', 'b'],
    ['a', 'c'],
    ['b', 'c'],
    ['c', 'a'],
    ['a', 'c'],
    ['b', 'b'],
    ['c', 'end'],
  );

  test.each(['LR', 'TB'] as const)(
    '[PAGE-90] no two nodes lie over each other, and each comes after its start (%s)',
    (direction) => {
      const places = [...placesOf(graph, direction)];
      for (const [id, { x, y }] of places) {
        for (const [other, at] of places) {
          if (id === other) continue;
          expect(Math.abs(x - at.x) >= nodeSize.width || Math.abs(y - at.y) >= nodeSize.height).toBe(true);
        }
      }
      const along = new Map(places.map(([id, { x, y }]) => [id, direction === 'LR' ? x : y]));
      const [start, a, end] = ['start', 'a', 'end'].map((id) => along.get(id) ?? Number.NaN);
      expect(start).toBeLessThan(a as number);
      expect(a).toBeLessThan(end as number);
    },
  );

  test('[PAGE-90] an edge leads back when it leads to an earlier node or its own', () => {
    const places = placesOf(graph, 'LR');
    const back = graph.edges.filter(({ from, to }) => isBack(places, 'LR', from, to));
    expect(back.map(({ from, to }) => `${from} ${to}`)).toEqual(['c a', 'b b']);
    expect(isBack(places, 'TB', 'start', 'nobody')).toBe(false);
  });

  test('[PAGE-90] readers meet every node once, each after one that leads to it', () => {
    const order = inOrder({ ...graph, nodes: [...graph.nodes.toReversed(), { id: 'alone', title: '', type: 'llm' }] });
    expect(order.map(({ id }) => id)).toEqual(['start', 'a', 'b', 'c', 'end', 'alone']);
    expect(inOrder({ nodes: [], edges: [] })).toEqual([]);
  });
});
