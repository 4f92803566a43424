import { SwitchboardError, unreachable } from '../../../shared/errors.ts';
import { WorkflowDefinition } from '../../../shared/workflow.ts';
import type { WorkflowNode } from '../../../shared/workflow.ts';
import { variablesOf } from './template.ts';

/**
 * The nodes of a stored workflow in the order in which they run, from its start to its end.
 *
 * Errors: `WORKFLOW_INVALID`, naming the workflow, the node, the field and what to change. This version runs a single
 * line of nodes: one start, at most one way on from each node, no way back.
 */
export function checkWorkflow(name: string, definition: unknown): WorkflowNode[] {
  const fail = (problem: string): never => {
    throw new SwitchboardError('WORKFLOW_INVALID', `the workflow “${name}” cannot run: ${problem}`);
  };
  const parsed = WorkflowDefinition.safeParse(definition);
  if (!parsed.success) return fail(explainIssue(definition, parsed.error.issues[0]));
  const { nodes, edges } = parsed.data;
  const byId = new Map(nodes.map((node) => [node.id, node]));
  if (byId.size < nodes.length) fail(`${repeated(nodes)} is the id of several nodes; give each its own`);
  const next = followers(edges, byId, fail);
  const path = walk(startOf(nodes, fail), next, fail);
  checkVariables(path, fail);
  return path;
}

type Fail = (problem: string) => never;
type Edges = WorkflowDefinition['edges'];

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function explainIssue(definition: unknown, issue: Issue | undefined): string {
  const [list, index, ...field] = issue?.path ?? [];
  const where = issue?.path.join('.') || 'the definition';
  const node: unknown = list === 'nodes' ? (definition as { nodes: unknown[] }).nodes[Number(index)] : undefined;
  const id = (node as { id?: unknown } | undefined)?.id;
  return `${typeof id === 'string' ? `node ${id}, field ${field.join('.') || '(all)'}` : where}: ${issue?.message}`;
}

function repeated(nodes: readonly WorkflowNode[]): string {
  return nodes.find((node, index) => nodes.findIndex((other) => other.id === node.id) < index)?.id ?? '';
}

function startOf(nodes: readonly WorkflowNode[], fail: Fail): WorkflowNode {
  const [start, another] = nodes.filter((node) => node.type === 'start');
  if (!start) return fail('it has no node of type start; add one');
  if (another) return fail(`node ${another.id} is a second start, after ${start.id}; remove one`);
  return start;
}

function followers(edges: Edges, byId: ReadonlyMap<string, WorkflowNode>, fail: Fail): Map<string, WorkflowNode> {
  const next = new Map<string, WorkflowNode>();
  for (const { from, to } of edges) {
    const target = byId.get(to);
    if (!byId.has(from)) return fail(`an edge begins at ${from}, which is no node; correct its from`);
    if (!target) return fail(`the edge from ${from} leads to ${to}, which is no node; correct its to`);
    const other = next.get(from);
    if (other) return fail(`node ${from} leads to ${other.id} and to ${to}; remove one of the two edges`);
    next.set(from, target);
  }
  return next;
}

function walk(start: WorkflowNode, next: ReadonlyMap<string, WorkflowNode>, fail: Fail): WorkflowNode[] {
  const path = [start];
  for (let node = start; node.type !== 'end';) {
    const following = next.get(node.id);
    if (!following) return fail(`node ${node.id} leads nowhere; add an edge from it towards a node of type end`);
    if (path.includes(following)) return fail(`the edge from ${node.id} leads back to ${following.id}; remove it`);
    path.push(following);
    node = following;
  }
  return path;
}

function checkVariables(path: readonly WorkflowNode[], fail: Fail): void {
  const known = new Set<string>();
  for (const node of path) {
    for (const [field, template] of Object.entries(templatesOf(node))) {
      const unknown = variablesOf(template).find((variable) => !known.has(variable));
      const have = [...known].map((variable) => `{{${variable}}}`).join(', ');
      if (unknown)
        fail(`node ${node.id}, field ${field}: {{${unknown}}} is not known there; what is: ${have || 'nothing'}`);
    }
    for (const key of keysOf(node)) known.add(`${node.id}.${key}`);
  }
}

function templatesOf(node: WorkflowNode): Readonly<Record<string, string>> {
  switch (node.type) {
    case 'llm':
      return { system: node.system, prompt: node.prompt };
    case 'output':
      return { text: node.text };
    case 'start':
    case 'end':
      return {};
    default:
      return unreachable(node);
  }
}

/** What a node makes known to those after it. */
function keysOf(node: WorkflowNode): readonly string[] {
  if (node.type === 'start') return ['message'];
  return node.type === 'llm' ? ['output'] : [];
}
