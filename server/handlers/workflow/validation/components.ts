import type { GraphNode } from './graph.ts';

interface Visit {
  readonly node: GraphNode;
  next: number;
}

/** The cycles among some nodes: each set of several that all reach each other (Tarjan's algorithm, without recursion). */
export function cyclesAmong(nodes: ReadonlySet<GraphNode>): Set<GraphNode>[] {
  const found: Set<GraphNode>[] = [];
  const index = new Map<GraphNode, number>();
  const low = new Map<GraphNode, number>();
  const stack: GraphNode[] = [];
  const onStack = new Set<GraphNode>();
  const lower = (node: GraphNode, to = 0) => low.set(node, Math.min(low.get(node) ?? to, to));
  for (const root of nodes) {
    if (index.has(root)) continue;
    const visits: Visit[] = [];
    const enter = (node: GraphNode) => {
      index.set(node, index.size);
      low.set(node, index.size - 1);
      stack.push(node);
      onStack.add(node);
      visits.push({ node, next: 0 });
    };
    enter(root);
    for (let visit = visits.at(-1); visit; visit = visits.at(-1)) {
      const { node } = visit;
      const arc = node.out[visit.next++];
      if (arc) {
        if (!nodes.has(arc.to)) continue;
        if (!index.has(arc.to)) enter(arc.to);
        else if (onStack.has(arc.to)) lower(node, index.get(arc.to));
        continue;
      }
      visits.pop();
      const parent = visits.at(-1);
      if (parent) lower(parent.node, low.get(node));
      if (low.get(node) === index.get(node)) closeComponent(node);
    }
  }
  return found;

  function closeComponent(root: GraphNode): void {
    const members = new Set<GraphNode>();
    for (let node = stack.pop(); node; node = node === root ? undefined : stack.pop()) {
      onStack.delete(node);
      members.add(node);
    }
    if (members.size > 1) found.push(members);
  }
}
