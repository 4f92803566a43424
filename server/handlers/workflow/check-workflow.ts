import { SwitchboardError, unreachable } from '../../../shared/errors.ts';
import { WorkflowDefinition } from '../../../shared/workflow.ts';
import type { WorkflowNode, WorkflowNodeOf } from '../../../shared/workflow-node.ts';
import { variablesOf } from './template.ts';

/** The types of nodes that this version runs. */
export type LineNode = WorkflowNodeOf<'start' | 'llm' | 'output' | 'end'>;

/**
 * The nodes of a stored workflow in the order in which they run, from its start to its end.
 *
 * Errors: `WORKFLOW_INVALID`, naming the workflow, the node, the field and what to change. This version runs a single
 * line of nodes: one start, at most one way on from each node, no way back.
 */
export function checkWorkflow(name: string, definition: unknown): LineNode[] {
  const fail = (problem: string): never => {
    throw new SwitchboardError('WORKFLOW_INVALID', `the workflow “${name}” cannot run: ${problem}`);
  };
  const parsed = WorkflowDefinition.safeParse(definition);
  if (!parsed.success) return fail(explainIssue(definition, parsed.error.issues[0]));
  const { edges } = parsed.data;
  const nodes = parsed.data.nodes.map((node) => (isLineNode(node) ? node : fail(unknownType(node))));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  if (byId.size < nodes.length) fail(`${repeated(nodes)} is the id of several nodes; give each its own`);
  const next = followers(edges, byId, fail);
  const path = walk(startOf(nodes, fail), next, fail);
  checkVariables(path, fail);
  return path;
}

function isLineNode(node: WorkflowNode): node is LineNode {
  return ['start', 'llm', 'output', 'end'].includes(node.type);
}

function unknownType({ id, type }: WorkflowNode): string {
  return `node ${id}, field type: this version cannot run nodes of type ${type} yet; remove it`;
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

function repeated(nodes: readonly LineNode[]): string {
  return nodes.find((node, index) => nodes.findIndex((other) => other.id === node.id) < index)?.id ?? '';
}

function startOf(nodes: readonly LineNode[], fail: Fail): LineNode {
  const [start, another] = nodes.filter((node) => node.type === 'start');
  if (!start) return fail('it has no node of type start; add one');
  if (another) return fail(`node ${another.id} is a second start, after ${start.id}; remove one`);
  return start;
}

function followers(edges: Edges, byId: ReadonlyMap<string, LineNode>, fail: Fail): Map<string, LineNode> {
  const next = new Map<string, LineNode>();
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

function walk(start: LineNode, next: ReadonlyMap<string, LineNode>, fail: Fail): LineNode[] {
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

function checkVariables(path: readonly LineNode[], fail: Fail): void {
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

function templatesOf(node: LineNode): Readonly<Record<string, string>> {
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
function keysOf(node: LineNode): readonly string[] {
  if (node.type === 'start') return ['message'];
  return node.type === 'llm' ? ['output'] : [];
}
