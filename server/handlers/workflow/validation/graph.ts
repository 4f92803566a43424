import type { WorkflowNode } from '../../../../shared/workflow-node.ts';
import { expiredBranch, waysOut } from '../../../../shared/workflow-ways.ts';
import type { Way } from '../../../../shared/workflow-ways.ts';
import type { ReadDefinition, ReadEdge } from './read-definition.ts';

export interface GraphNode {
  readonly id: string;
  readonly type: unknown;
  /** Null where its fields are wrong: nobody knows what it makes and where it leads. */
  readonly node: WorkflowNode | null;
  readonly out: readonly Arc[];
  readonly into: readonly Arc[];
  /** Undefined where nobody knows. */
  readonly ways: readonly Way[] | undefined;
}

/** An edge between two nodes that are there. */
export interface Arc {
  readonly from: GraphNode;
  readonly to: GraphNode;
  readonly edge: ReadEdge;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly byId: ReadonlyMap<string, GraphNode>;
  /** The only start; undefined where there is none, or several. */
  readonly start: GraphNode | undefined;
}

interface Building extends GraphNode {
  readonly out: Arc[];
  readonly into: Arc[];
  ways: readonly Way[] | undefined;
}

/** Edges that lead from or to no node are left out. */
export function createGraph({ nodes, edges }: ReadDefinition): Graph {
  const building = nodes.map(({ id, type, node }): Building => ({
    id,
    type,
    node,
    out: [],
    into: [],
    ways: undefined,
  }));
  const byId = new Map(building.map((node) => [node.id, node]));
  for (const edge of edges) {
    const from = byId.get(edge.from);
    const to = byId.get(edge.to);
    if (!from || !to) continue;
    const arc = { from, to, edge };
    from.out.push(arc);
    to.into.push(arc);
  }
  for (const each of building) if (each.node) each.ways = waysOut(each.node, splits(each.out));
  const starts = building.filter(({ type }) => type === 'start');
  return { nodes: building, byId, start: starts.length === 1 ? starts[0] : undefined };
}

/** Whether a choice goes on differently for its options: as soon as one of its edges names one. */
function splits(arcs: readonly Arc[]): boolean {
  return arcs.some(({ edge }) => edge.branch !== undefined && edge.branch !== expiredBranch);
}

/** Whether only one of several ways out is taken. */
export function isChooser({ ways }: GraphNode): boolean {
  return ways !== undefined && ways.length > 1;
}
