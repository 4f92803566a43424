import { bodyBranch, doneBranch } from '../../../../shared/workflow-ways.ts';
import { BitSet } from './bit-set.ts';
import { Circumstance, meeting } from './circumstance.ts';
import type { Arrival } from './circumstance.ts';
import type { Arc, GraphNode } from './graph.ts';
import { segmentsOf } from './segments.ts';
import type { Segment, Segments } from './segments.ts';
import type { Walk } from './walk.ts';

/** Which nodes have finished, whatever way was taken. */
export interface FinishedNodes {
  /** Whether `other` has when `node` begins. */
  before(node: GraphNode, other: GraphNode): boolean;
  /** Whether `other` has when the body of `loop` has come back. */
  afterRound(loop: GraphNode, other: GraphNode): boolean;
  /** Whether `node` is in the body of `loop`. */
  inBody(node: GraphNode, loop: GraphNode): boolean;
}

/**
 * Follows the nodes in the order of their running.
 *
 * @param asked nodes of which somebody wants to know: the others cost nothing
 */
export function finishedNodes(walk: Walk, asked: ReadonlySet<GraphNode>): FinishedNodes {
  const segments = segmentsOf(walk);
  const bits = bitsOf(segments, asked);
  const size = 2 * bits.size;
  const bitOf = (node: GraphNode) => bits.get(segments.of(node)) ?? size;
  /** A loop has a second one, for its body. */
  const bodyBitOf = (loop: GraphNode) => (bits.has(segments.of(loop)) ? bitOf(loop) + 1 : size);
  let counted: CountWays | undefined;
  const alternatives: CountWays = (...way) => (counted ??= alternativesIn(walk))(...way);
  const arrivals = new Map<Segment | undefined, Arrival>();
  const ways = new Map<GraphNode, ReadonlyMap<string | undefined, Circumstance>>();
  const bodies = new Map<GraphNode, BitSet>();
  const root: Arrival = { circumstance: new Circumstance(), finished: new BitSet(size) };
  const atNode = (node: GraphNode): Arrival => arrivals.get(segments.of(node)) ?? root;

  /** Of the last node of a segment, at whose end everything in it has finished. */
  function after({ from, edge }: Arc): BitSet {
    const finished = atNode(from).finished.copy();
    if (from.node?.type !== 'loop') return finished.add(bitOf(from));
    if (edge.branch === bodyBranch) return finished.add(bodyBitOf(from));
    // Rules are looked at after a round, so there was one.
    if (edge.branch === doneBranch && from.node.until) finished.unite(afterBody(from)).delete(bodyBitOf(from));
    return finished.add(bitOf(from));
  }

  function afterBody(loop: GraphNode): BitSet {
    const known = bodies.get(loop);
    if (known) return known;
    // Of a loop that leads back to itself nothing is known yet.
    bodies.set(loop, new BitSet(size));
    const back = loop.into.filter((arc) => walk.has(arc.from) && walk.isBack(arc));
    const common = meet(loop, back, true).finished;
    bodies.set(loop, common);
    return common;
  }

  function meet(node: GraphNode, arcs: readonly Arc[], isBack: boolean): Arrival {
    const come = arcs.map((arc): Arrival => {
      const circumstance = ways.get(arc.from)?.get(arc.edge.branch) ?? atNode(arc.from).circumstance;
      return { circumstance, finished: after(arc) };
    });
    const [only] = come;
    if (only && come.length === 1) return only;
    return come.length === 0 ? root : meeting(come, (chooser) => alternatives(chooser, node, isBack));
  }

  for (const node of walk.order) {
    const segment = segments.of(node);
    if (segment?.first === node) {
      const arcs = node.into.filter((arc) => walk.has(arc.from) && !walk.isBack(arc));
      arrivals.set(segment, meet(node, arcs, false));
    }
    ways.set(node, circumstancesOf(node, atNode(node).circumstance));
  }
  const has = (finished: BitSet, bit: number) => bit < size && finished.has(bit);
  return {
    before: (node, other) => segments.isBefore(other, node) || has(atNode(node).finished, bitOf(other)),
    afterRound: (loop, other) => has(afterBody(loop), bitOf(other)),
    inBody: (node, loop) => has(atNode(node).finished, bodyBitOf(loop)),
  };
}

/** Two for each segment that has a node which is asked about. What is past them is nobody's, and always added. */
function bitsOf(segments: Segments, asked: ReadonlySet<GraphNode>): Map<Segment | undefined, number> {
  const wanted = new Set([...asked].map((node) => segments.of(node)));
  wanted.delete(undefined);
  return new Map([...wanted].map((segment, place) => [segment, 2 * place]));
}

/** Those of the ways out of a node that are not taken whenever it runs. */
function circumstancesOf({ node, out }: GraphNode, own: Circumstance): Map<string | undefined, Circumstance> {
  // A loop goes on by `done` whenever it runs, but may have no round.
  if (node?.type === 'loop') return new Map([[bodyBranch, new Circumstance(own)]]);
  const branches = new Set(out.map(({ edge }) => edge.branch));
  if (branches.size < 2) return new Map();
  const chooser = out[0]?.from;
  return new Map([...branches].map((branch) => [branch, new Circumstance(own, chooser)]));
}

type CountWays = (chooser: GraphNode, node: GraphNode, isBack: boolean) => number;

/**
 * How many ways out of a chooser decide whether a node runs. A way that only leads back into a cycle which the node is
 * outside of decides nothing: it delays. Of what leads back to a loop, which is looked at after a round, `isBack` is true.
 */
function alternativesIn(walk: Walk): CountWays {
  const ranks = new Map(walk.order.map((node, rank) => [node, rank]));
  /** The first node of the order that is led back to, or -1 where an end is reached. */
  const escapes = new Map<GraphNode, number>();
  const escapeOf = (node: GraphNode) => escapes.get(node) ?? -1;
  const ofArc = (arc: Arc) => (walk.isBack(arc) ? (ranks.get(arc.to) ?? -1) : escapeOf(arc.to));
  const ofWays = new Map<GraphNode, ReadonlyMap<string | undefined, number>>();
  for (const node of walk.order.toReversed()) {
    const ways = new Map<string | undefined, number>();
    for (const arc of node.out) {
      const { branch } = arc.edge;
      ways.set(branch, Math.min(ways.get(branch) ?? Infinity, ofArc(arc)));
    }
    ofWays.set(node, ways);
    escapes.set(node, ways.size === 0 ? -1 : Math.min(...ways.values()));
  }
  return (chooser, node, isBack) => {
    const own = isBack ? (ranks.get(node) ?? -1) : escapeOf(node);
    return [...(ofWays.get(chooser)?.values() ?? [])].filter((escape) => escape <= own).length;
  };
}
