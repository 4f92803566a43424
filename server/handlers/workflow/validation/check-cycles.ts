import { bodyBranch, doneBranch } from '../../../../shared/workflow-ways.ts';
import { cyclesAmong } from './components.ts';
import { dominators } from './dominators.ts';
import { isChooser } from './graph.ts';
import type { GraphNode } from './graph.ts';
import type { Problems } from './problems.ts';
import type { Walk } from './walk.ts';

/** Problems with bodies of loops after which no other body is looked at: where all run into each other, each is all there is. */
const mostLoopProblems = 50;

/** Every cycle begins at one node and can be left, and the body of a loop is its own. */
export function checkCycles(walk: Walk, nesting: number, problems: Problems): void {
  const cycles = walk.hasCycles ? cyclesAmong(new Set(walk.order)) : [];
  if (!cycles.every((cycle) => checkExits(cycle, nesting, walk, problems))) return;
  if (cycles.length > 0) checkEntries(walk, problems);
  const most = problems.found.length + mostLoopProblems;
  for (const node of walk.order)
    if (node.node?.type === 'loop' && problems.found.length < most) checkBody(node, walk, problems);
}

/** False where the cycles are too deep in each other to look further. */
function checkExits(cycle: ReadonlySet<GraphNode>, nesting: number, walk: Walk, problems: Problems): boolean {
  const first = walk.order.find((node) => cycle.has(node));
  if (!first) return true;
  if (nesting === 0) {
    problems.node(first.id, `the cycle at ${first.id} is in too many others; move it into a workflow of its own`);
    return false;
  }
  const exits = [...cycle].filter((node) => leaves(node, cycle));
  if (exits.length === 0) {
    const members = walk.order
      .filter((node) => cycle.has(node))
      .slice(0, 5)
      .map(({ id }) => id)
      .join(', ');
    const fix = 'lead a way out of a condition or a choice among them to a node outside, or use a loop';
    problems.node(first.id, `the cycle of ${members}${cycle.size > 5 ? ', …' : ''} never ends; ${fix}`);
    return true;
  }
  const rest = new Set([...cycle].filter((node) => !exits.includes(node)));
  return cyclesAmong(rest).every((inner) => checkExits(inner, nesting - 1, walk, problems));
}

/** Whether a node may leave the cycle: by a way out of several of which no edge stays. One that is not known may. */
function leaves(node: GraphNode, cycle: ReadonlySet<GraphNode>): boolean {
  if (!node.ways) return true;
  if (!isChooser(node)) return false;
  const staying = new Set(node.out.filter(({ to }) => cycle.has(to)).map(({ edge }) => edge.branch));
  return node.out.some(({ edge }) => !staying.has(edge.branch));
}

function checkEntries(walk: Walk, problems: Problems): void {
  const dominates = dominators(walk);
  for (const { out } of walk.order)
    for (const arc of out) {
      if (!walk.isBack(arc) || dominates(arc.to, arc.from)) continue;
      const { from, to, edge } = arc;
      const message = `the edge from ${from.id} leads back to ${to.id}, but ${from.id} is also reached around it`;
      problems.edge(edge.place, from.id, `${message}; let every way into the cycle begin at ${to.id}`);
    }
}

/** What is between `body` and the edge back is entered there alone, is not behind `done` too, and comes back. */
function checkBody(loop: GraphNode, walk: Walk, problems: Problems): void {
  const body = reached(loop, bodyBranch);
  if (body.size === 0) return;
  const { id } = loop;
  if (!loop.into.some(({ from }) => body.has(from)))
    problems.node(id, `the body of loop ${id} does not come back; lead its last node to ${id}`);
  for (const arc of loop.out)
    if (arc.edge.branch === doneBranch && body.has(arc.to))
      problems.edge(
        arc.edge.place,
        id,
        `${arc.to.id} is in the body of loop ${id} and behind its end; lead the body back to ${id}`,
      );
  for (const node of body)
    for (const { from, edge } of node.into)
      if (from !== loop && !body.has(from) && walk.has(from))
        problems.edge(
          edge.place,
          from.id,
          `the edge from ${from.id} leads into the body of loop ${id}; lead it to ${id}`,
        );
}

/** Ends are nobody's: a run may end amidst a loop. */
function reached(loop: GraphNode, branch: string): Set<GraphNode> {
  const targets = loop.out.filter(({ edge }) => edge.branch === branch).map(({ to }) => to);
  const isIn = (node: GraphNode) => node !== loop && node.type !== 'end';
  const found = new Set(targets.filter(isIn));
  // A set is walked in the order of its making, what is added meanwhile included.
  for (const node of found) for (const { to } of node.out) if (isIn(to)) found.add(to);
  return found;
}
