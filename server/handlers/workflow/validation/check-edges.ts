import type { Way } from '../../../../shared/workflow-ways.ts';
import { expiredBranch } from '../../../../shared/workflow-ways.ts';
import type { Arc, Graph, GraphNode } from './graph.ts';
import type { Problems } from './problems.ts';
import type { ReadEdge } from './read-definition.ts';

/** One start, at least one end, edges between nodes that are there, and each way out of a node taken. */
export function checkEdges(graph: Graph, edges: readonly ReadEdge[], problems: Problems): void {
  checkStarts(graph, problems);
  if (!graph.nodes.some(({ type }) => type === 'end'))
    problems.whole('it has no node of type end; add one, and an edge to it');
  for (const edge of edges) checkPlaces(edge, graph, problems);
  for (const node of graph.nodes) {
    checkWays(node, problems);
    if (node.out.length > 1) checkTwice(node, problems);
  }
}

function checkStarts({ nodes }: Graph, problems: Problems): void {
  const [start, ...others] = nodes.filter(({ type }) => type === 'start');
  if (!start) problems.whole('it has no node of type start; add one');
  for (const { id } of others) problems.node(id, `${id} is a second start, after ${start?.id}; remove one`);
}

function checkPlaces({ place, from, to }: ReadEdge, { byId }: Graph, problems: Problems): void {
  const target = byId.get(to);
  if (!byId.has(from))
    problems.edge(place, target?.id, `an edge begins at ${from}, which is no node; correct its from`, '.from');
  if (!target)
    problems.edge(place, from, `the edge from ${from} leads to ${to}, which is no node; correct its to`, '.to');
  else if (from === to) problems.edge(place, from, `the edge from ${from} leads to itself; remove it`, '.to');
  else if (target.type === 'start')
    problems.edge(place, from, `the edge from ${from} leads to the start; lead it to the node after it`, '.to');
}

function checkWays(node: GraphNode, problems: Problems): void {
  const { id, ways } = node;
  if (!ways) return;
  if (ways.length === 0) {
    for (const { edge } of node.out)
      problems.edge(edge.place, id, `${id} is an end; remove the edge that leads on from it`);
    return;
  }
  for (const arc of node.out)
    if (!ways.some(({ branch }) => branch === arc.edge.branch)) problems.edge(...wrongWay(arc, ways));
  const taken = new Set(node.out.map(({ edge }) => edge.branch));
  for (const { branch, required } of ways) if (required && !taken.has(branch)) problems.node(id, missing(id, branch));
}

function checkTwice({ id, out }: GraphNode, problems: Problems): void {
  const seen = new Set<string>();
  for (const { edge } of out) {
    const key = `${edge.to} ${edge.branch ?? ''}`;
    if (seen.has(key))
      problems.edge(edge.place, id, `the edge from ${id} to ${edge.to} is there twice; remove one of the two`);
    seen.add(key);
  }
}

function missing(id: string, branch: string | undefined): string {
  if (branch === undefined) return `node ${id} leads nowhere; add an edge from it towards a node of type end`;
  return `node ${id} has no edge for its way out ${branch}; add one with "branch": "${branch}"`;
}

function wrongWay({ from, edge }: Arc, ways: readonly Way[]): [number, string, string, string] {
  const named = ways.flatMap((way) => way.branch ?? []).join(', ');
  const isNamed = ways.every((way) => way.branch !== undefined);
  const choices = [isNamed ? [] : ['remove its branch'], named === '' ? [] : [`set its branch to one of: ${named}`]];
  const { branch } = edge;
  const got =
    branch === undefined ? `the edge from ${from.id} names no branch` : `node ${from.id} has no way out ${branch}`;
  const hint = branch === expiredBranch ? ', or give the question expiresAfterMinutes' : '';
  return [edge.place, from.id, `${got}; ${choices.flat().join(', or ')}${hint}`, '.branch'];
}
