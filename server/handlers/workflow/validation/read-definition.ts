import type { z } from 'zod';
import { limits } from '../../../../shared/limits.ts';
import { Edge } from '../../../../shared/workflow.ts';
import { WorkflowNode } from '../../../../shared/workflow-node.ts';
import type { Problems } from './problems.ts';

/** A node as far as it can be read: one with an id and a mistake elsewhere still has its place in the graph. */
interface ReadNode {
  readonly id: string;
  /** As it is said, known or not. */
  readonly type: unknown;
  /** Null: its fields are wrong, which was told. */
  readonly node: WorkflowNode | null;
}

export interface ReadEdge extends Edge {
  /** Its place in the list. */
  readonly place: number;
}

export interface ReadDefinition {
  /** Each id once. */
  readonly nodes: readonly ReadNode[];
  readonly edges: readonly ReadEdge[];
}

/** How much a definition may have. */
export type SizeLimits = Readonly<Record<'workflowNodes' | 'workflowEdges', number>>;

/** Reads node by node and edge by edge, so that one mistake hides no other. Null where there is nothing to look at. */
export function readDefinition(definition: unknown, sizes: SizeLimits, problems: Problems): ReadDefinition | null {
  const whole = asObject(definition);
  if (!whole) return refuse(problems, `expected an object with nodes and edges, got ${kindOf(definition)}`);
  const { nodes, edges, ...others } = whole;
  for (const key of Object.keys(others)) problems.whole(`${key}: expected nodes and edges alone; remove it`);
  if (!Array.isArray(nodes)) return refuse(problems, `nodes: expected a list of nodes, got ${kindOf(nodes)}`);
  if (!Array.isArray(edges)) return refuse(problems, `edges: expected a list of edges, got ${kindOf(edges)}`);
  if (nodes.length > sizes.workflowNodes) return refuse(problems, tooMany('nodes', nodes, sizes.workflowNodes));
  if (edges.length > sizes.workflowEdges) return refuse(problems, tooMany('edges', edges, sizes.workflowEdges));
  return { nodes: readNodes(nodes, problems), edges: readEdges(edges, problems) };
}

function refuse(problems: Problems, message: string): null {
  problems.whole(message);
  return null;
}

function tooMany(what: string, { length }: readonly unknown[], most: number): string {
  return `${what}: expected at most ${most}, got ${length}; move a part into a workflow of its own and call it as a subworkflow`;
}

function readNodes(nodes: readonly unknown[], problems: Problems): ReadNode[] {
  const seen = new Set<string>();
  return nodes.flatMap((raw, place) => {
    const id = asObject(raw)?.['id'];
    const parsed = readPart(raw, WorkflowNode);
    const tell = (field: string, message: string) =>
      typeof id === 'string'
        ? problems.field(id, field, message)
        : problems.whole(`nodes.${place}.${field}: ${message}`);
    for (const { path, message } of parsed.issues) tell(path.join('.') || 'type', message);
    if (typeof id !== 'string') return [];
    if (seen.has(id)) problems.field(id, 'id', `${id} is the id of several nodes; give each its own`);
    if (seen.has(id)) return [];
    seen.add(id);
    return [{ id, type: asObject(raw)?.['type'], node: parsed.data }];
  });
}

function readEdges(edges: readonly unknown[], problems: Problems): ReadEdge[] {
  return edges.flatMap((raw, place) => {
    const { data, issues } = readPart(raw, Edge);
    const from = asObject(raw)?.['from'];
    const nodeId = typeof from === 'string' ? from : undefined;
    for (const { path, message } of issues) problems.edge(place, nodeId, message, ['', ...path].join('.'));
    return data ? [{ ...data, place }] : [];
  });
}

interface Issue {
  readonly path: readonly PropertyKey[];
  readonly message: string;
}

function readPart<Part>(raw: unknown, schema: z.ZodType<Part>): { data: Part | null; issues: readonly Issue[] } {
  const hidden = hiddenKey(raw, limits.workflowDepth);
  if (hidden) return { data: null, issues: [hidden] };
  const parsed = schema.safeParse(raw);
  return parsed.success ? { data: parsed.data, issues: [] } : { data: null, issues: parsed.error.issues };
}

/** What zod passes over in silence, and what no recursion should meet. The path is made on the way back, where there is one. */
function hiddenKey(value: unknown, levelsLeft: number): Issue | undefined {
  if (value === null || typeof value !== 'object') return undefined;
  if (levelsLeft === 0)
    return { path: [], message: `expected at most ${limits.workflowDepth} levels; make it flatter` };
  for (const key of Object.keys(value)) {
    if (key === '__proto__')
      return { path: [key], message: 'expected a name of your own; __proto__ is a word of JavaScript' };
    const item = (value as Readonly<Record<string, unknown>>)[key];
    const found = typeof item === 'object' ? hiddenKey(item, levelsLeft - 1) : undefined;
    if (found) return { path: [key, ...found.path].slice(0, shownLevels), message: found.message };
  }
  return undefined;
}

/** Levels of a path that are named. */
const shownLevels = 6;

function asObject(value: unknown): Readonly<Record<string, unknown>> | undefined {
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value);
  return isObject ? (value as Readonly<Record<string, unknown>>) : undefined;
}

function kindOf(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  return Array.isArray(value) ? 'a list' : `a ${typeof value}`;
}
