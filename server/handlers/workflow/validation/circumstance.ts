import type { BitSet } from './bit-set.ts';
import type { GraphNode } from './graph.ts';

/**
 * When a node runs: always (the root), whenever a node has taken a way out, or whenever a node runs at which ways of several
 * circumstances meet. Each is within its parent: if it holds, so does the parent.
 */
export class Circumstance {
  readonly parent: Circumstance | undefined;
  readonly depth: number;
  /** The node whose way out it is; undefined where it is none of several that exclude each other. */
  readonly chooser: GraphNode | undefined;

  constructor(parent?: Circumstance, chooser?: GraphNode) {
    this.parent = parent;
    this.depth = parent ? parent.depth + 1 : 0;
    this.chooser = chooser;
  }
}

/** What has finished when a way into a node is taken, and when it is. */
export interface Arrival {
  readonly circumstance: Circumstance;
  readonly finished: BitSet;
}

/** What has finished whenever the circumstance holds (`always`), or whenever one of some within it does (`sometimes`). */
interface Known {
  readonly always?: BitSet;
  readonly sometimes?: BitSet;
}

type Level = Map<Circumstance, Known>;
type CountWays = (chooser: GraphNode) => number;

/**
 * Where ways meet, at a node that waits for all that still come: when it runs, and what has finished then. Of ways that are
 * taken together that is what any has finished; of ways that exclude each other what they have in common.
 *
 * @param alternatives how many ways out of a node there are; all of them together are as much as the node itself
 */
export function meeting(arrivals: readonly Arrival[], alternatives: CountWays): Arrival {
  const levels = new Map<number, Level>();
  const put = (circumstance: Circumstance, known: Known) => {
    const level: Level = levels.get(circumstance.depth) ?? new Map();
    levels.set(circumstance.depth, level.set(circumstance, both(level.get(circumstance), known)));
  };
  for (const { circumstance, finished } of arrivals) put(circumstance, { always: finished });
  for (let depth = Math.max(...levels.keys()); ; depth--) {
    const level = levels.get(depth);
    if (!level) continue;
    levels.delete(depth);
    const [only] = level;
    if (only && level.size === 1 && levels.size === 0) return arrivalOf(...only);
    for (const [circumstance, known] of level) if (!circumstance.chooser) putPart(circumstance, known);
    for (const [chooser, ways] of byChooser(level)) {
      const isAll = ways.length === alternatives(chooser) && ways.every(([, { always }]) => always);
      const [first] = ways;
      const common = commonOf(ways.map(([, known]) => known));
      if (first?.[0].parent) put(first[0].parent, isAll ? { always: common } : { sometimes: common });
    }
  }
  function putPart({ parent }: Circumstance, known: Known): void {
    if (parent) put(parent, { sometimes: commonOf([known]) });
  }
}

function arrivalOf(circumstance: Circumstance, known: Known): Arrival {
  const isWhole = known.always !== undefined;
  return { circumstance: isWhole ? circumstance : new Circumstance(circumstance), finished: commonOf([known]) };
}

function both(one: Known = {}, other: Known): Known {
  const always = one.always && other.always ? one.always.copy().unite(other.always) : (one.always ?? other.always);
  const sometimes =
    one.sometimes && other.sometimes
      ? one.sometimes.copy().intersect(other.sometimes)
      : (one.sometimes ?? other.sometimes);
  return { ...(always && { always }), ...(sometimes && { sometimes }) };
}

/** What is sometimes finished adds nothing to what always is. */
function commonOf(known: readonly Known[]): BitSet {
  const [first, ...others] = known.flatMap(({ always, sometimes }) => always ?? sometimes ?? []);
  if (!first) throw new Error('a way into a node was taken by nobody');
  return others.reduce((all, set) => all.intersect(set), first.copy());
}

function byChooser(level: Level): Map<GraphNode, [Circumstance, Known][]> {
  const groups = new Map<GraphNode, [Circumstance, Known][]>();
  for (const entry of level) {
    const [{ chooser }] = entry;
    if (!chooser) continue;
    const group = groups.get(chooser) ?? [];
    group.push(entry);
    groups.set(chooser, group);
  }
  return groups;
}
