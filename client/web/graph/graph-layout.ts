import { Graph, layout } from '@dagrejs/dagre';
import type { WorkflowGraph } from './workflow-graph.ts';

/** Pixels of a drawn node, before any zoom; the style sheet gives it the same. */
export const nodeSize = { width: 168, height: 56 } as const;

/** Pixels between two nodes beside each other, and between one and the next: an edge's label has room there. */
const gaps = { nodesep: 24, ranksep: 64 } as const;

/** From left to right, or downwards. */
export type Direction = 'LR' | 'TB';

/** The upper left corner of each node by its id. */
export type Places = ReadonlyMap<string, { readonly x: number; readonly y: number }>;

/** Puts each node after those that lead to it, with few crossings. Edges back are taken as they come. */
export function placesOf({ nodes, edges }: WorkflowGraph, direction: Direction): Places {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: direction, ...gaps });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) graph.setNode(id, { ...nodeSize });
  for (const [index, { from, to }] of edges.entries()) graph.setEdge(from, to, {}, String(index));
  layout(graph);
  return new Map(
    nodes.map(({ id }) => {
      const { x = 0, y = 0 } = graph.node(id) as { x?: number; y?: number };
      return [id, { x: x - nodeSize.width / 2, y: y - nodeSize.height / 2 }];
    }),
  );
}

/** Whether an edge leads back to where the reader has been, or to its own node. */
export function isBack(places: Places, direction: Direction, from: string, to: string): boolean {
  const [source, target] = [places.get(from), places.get(to)];
  if (!source || !target) return false;
  return direction === 'LR' ? target.x <= source.x : target.y <= source.y;
}
