import { bodyBranch } from '../../../../shared/workflow-ways.ts';
import type { Arc, Graph, GraphNode } from './graph.ts';

/** The nodes that can be reached from the start, and how. */
export interface Walk {
  /** Each after all from which it is reached without going back; the body of a loop before what comes behind it. */
  readonly order: readonly GraphNode[];
  readonly has: (node: GraphNode) => boolean;
  readonly hasCycles: boolean;
  /** Whether an edge closes a cycle. */
  readonly isBack: (arc: Arc) => boolean;
}

interface Step {
  readonly node: GraphNode;
  readonly arcs: readonly Arc[];
  next: number;
}

/** Depth first, without recursion: a chain of any length is walked. */
export function walk({ start }: Graph): Walk {
  const order: GraphNode[] = [];
  const state = new Map<GraphNode, 'open' | 'done'>();
  const back = new Set<Arc>();
  const path: Step[] = [];
  const enter = (node: GraphNode) => {
    state.set(node, 'open');
    path.push({ node, arcs: bodyLast(node.out), next: 0 });
  };
  if (start) enter(start);
  for (let step = path.at(-1); step; step = path.at(-1)) {
    const arc = step.arcs[step.next++];
    if (!arc) {
      state.set(step.node, 'done');
      order.push(step.node);
      path.pop();
    } else if (!state.has(arc.to)) enter(arc.to);
    else if (state.get(arc.to) === 'open') back.add(arc);
  }
  return {
    order: order.toReversed(),
    hasCycles: back.size > 0,
    has: (node) => state.has(node),
    isBack: (arc) => back.has(arc),
  };
}

/** What is walked last comes first in the order. */
function bodyLast(arcs: readonly Arc[]): readonly Arc[] {
  const isBody = ({ edge }: Arc) => edge.branch === bodyBranch;
  return arcs.some(isBody) ? [...arcs.filter((arc) => !isBody(arc)), ...arcs.filter(isBody)] : arcs;
}
