import { WorkflowNode } from './workflow-node.ts';

/** The nodes of a definition that can be read: what is wrong with the others is told elsewhere. */
export function nodesOf(definition: unknown): WorkflowNode[] {
  const nodes = (definition as { nodes?: unknown } | null | undefined)?.nodes;
  return Array.isArray(nodes) ? nodes.flatMap((node) => WorkflowNode.safeParse(node).data ?? []) : [];
}
