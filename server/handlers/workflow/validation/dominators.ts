import type { GraphNode } from './graph.ts';
import type { Walk } from './walk.ts';

/** Whether every way from the start to `node` goes through `by`. */
export type Dominates = (by: GraphNode, node: GraphNode) => boolean;

/** Cooper, Harvey and Kennedy, “A simple, fast dominance algorithm”: linear for graphs whose cycles begin at one node. */
export function dominators({ order, has }: Walk): Dominates {
  const rank = new Map(order.map((node, place) => [node, place]));
  const above = new Map<GraphNode, GraphNode>();
  const rankOf = (node: GraphNode) => rank.get(node) ?? 0;
  const meet = (one: GraphNode, other: GraphNode): GraphNode => {
    let [a, b] = [one, other];
    while (a !== b) {
      if (rankOf(a) > rankOf(b)) a = above.get(a) ?? b;
      else b = above.get(b) ?? a;
    }
    return a;
  };
  const [start] = order;
  if (start) above.set(start, start);
  for (let changed = true; changed;) {
    changed = false;
    for (const node of order.slice(1)) {
      const known = node.into.map(({ from }) => from).filter((from) => has(from) && above.has(from));
      const next = known.reduce((one, other) => meet(one, other));
      if (above.get(node) !== next) changed = true;
      above.set(node, next);
    }
  }
  return (by, node) => {
    let at = node;
    while (rankOf(at) > rankOf(by)) at = above.get(at) ?? by;
    return at === by;
  };
}
