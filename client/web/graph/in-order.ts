import type { GraphNode, WorkflowGraph } from './workflow-graph.ts';

/** The nodes in the order in which a reader follows them: each after one that leads to it, those that nothing leads to last. */
export function inOrder({ nodes, edges }: WorkflowGraph): GraphNode[] {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const followers = Map.groupBy(edges, ({ from }) => from);
  const start = nodes.find(({ type }) => type === 'start') ?? nodes[0];
  const found = new Set(start ? [start.id] : []);
  // A set that grows while it is gone through is gone through to its end.
  for (const id of found) for (const { to } of followers.get(id) ?? []) found.add(to);
  for (const { id } of nodes) found.add(id);
  return [...found].flatMap((id) => byId.get(id) ?? []);
}
