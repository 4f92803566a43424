import { limits } from '../../../../shared/limits.ts';
import type { WorkflowProblem } from '../../../../shared/workflow.ts';
import { checkCycles } from './check-cycles.ts';
import { checkEdges } from './check-edges.ts';
import { checkValues } from './check-values.ts';
import { checkVariables } from './check-variables.ts';
import { createGraph } from './graph.ts';
import { PatternBudget } from './pattern-budget.ts';
import { Problems } from './problems.ts';
import { readDefinition } from './read-definition.ts';
import type { SizeLimits } from './read-definition.ts';
import { walk } from './walk.ts';

/**
 * Everything that keeps a definition from running, as far as it can be told from the definition alone; none: it can run.
 * Its time grows with the nodes and edges, whatever they are.
 */
export function validateWorkflow(definition: unknown, sizes: SizeLimits = limits): WorkflowProblem[] {
  const problems = new Problems();
  const read = readDefinition(definition, sizes, problems);
  if (!read) return problems.found;
  const graph = createGraph(read);
  checkEdges(graph, read.edges, problems);
  const patterns = new PatternBudget();
  for (const { node } of read.nodes) if (node) checkValues(node, patterns, problems);
  // Without its start nothing can be said of where a node stands.
  if (!graph.start) return problems.found;
  const walked = walk(graph);
  for (const node of graph.nodes)
    if (!walked.has(node))
      problems.node(node.id, `node ${node.id} is not reached from the start; add an edge to it, or remove it`);
  checkCycles(walked, limits.workflowNesting, problems);
  checkVariables(graph, walked, problems);
  return problems.found;
}
