import type { GraphNode } from './graph.ts';
import type { Walk } from './walk.ts';

/** A line of nodes, each of which runs if and only if the one before has. Most workflows are few of them. */
export interface Segment {
  readonly first: GraphNode;
}

export interface Segments {
  of(node: GraphNode): Segment | undefined;
  /** Whether both are in the same one, and `earlier` before `later`. */
  isBefore(earlier: GraphNode, later: GraphNode): boolean;
}

export function segmentsOf(walk: Walk): Segments {
  const segments = new Map<GraphNode, Segment>();
  const places = new Map<GraphNode, number>();
  walk.order.forEach((node, place) => {
    const before = continued(node);
    const segment = (before && segments.get(before)) ?? { first: node };
    segments.set(node, segment);
    places.set(node, place);
  });
  return {
    of: (node) => segments.get(node),
    isBefore: (earlier, later) =>
      segments.get(earlier) === segments.get(later) && (places.get(earlier) ?? 0) < (places.get(later) ?? 0),
  };
}

/** The only node that leads to this one, where it leads nowhere else. A loop stands alone, because its body begins amidst it. */
function continued({ into, type }: GraphNode): GraphNode | undefined {
  const [arc] = into;
  if (!arc || into.length > 1 || arc.from.out.length > 1) return undefined;
  return type === 'loop' || arc.from.type === 'loop' ? undefined : arc.from;
}
