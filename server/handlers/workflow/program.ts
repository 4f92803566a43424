import type { AppId } from '../../../shared/ids.ts';
import type { WorkflowDefinition } from '../../../shared/workflow.ts';
import type { WorkflowNode, WorkflowNodeOf } from '../../../shared/workflow-node.ts';
import { bodyBranch } from '../../../shared/workflow-ways.ts';

/** A node in a program: its id, behind those of the subworkflows that it is in. */
export type StepId = string;

/** A node as it stands in the program that a run executes. */
export interface Step {
  readonly id: StepId;
  /** What stands before the ids of the nodes that it knows: empty, or that of its subworkflow. */
  readonly scope: string;
  /** `leave`: the end of a subworkflow, where the run goes on behind it. */
  readonly does: 'node' | 'leave';
  /** Under which step what it makes is known: itself, or its subworkflow where that is left. */
  readonly makes: StepId;
  readonly node: WorkflowNode;
  /** Whether it is of somebody else than the program, and what goes through it is not for the program's owner. */
  readonly isForeign: boolean;
}

export interface ProgramEdge {
  /** Its place among all edges. */
  readonly index: number;
  readonly from: StepId;
  readonly to: StepId;
  /** Undefined: the only way out. */
  readonly branch: string | undefined;
  /** Whether it leads from the body of a loop back to the loop. */
  readonly isBack: boolean;
}

/** What a run executes: a workflow with its subworkflows unfolded in it, so that one plan and one set of limits govern all. */
export interface Program {
  readonly start: StepId;
  /** In the order of the definitions. */
  readonly steps: ReadonlyMap<StepId, Step>;
  readonly edges: readonly ProgramEdge[];
  /** Edges that begin or end at a step. */
  readonly out: ReadonlyMap<StepId, readonly ProgramEdge[]>;
  readonly into: ReadonlyMap<StepId, readonly ProgramEdge[]>;
  /** The versions of its subworkflows: a run that goes on executes the same ones. */
  readonly versions: Readonly<Record<AppId, number>>;
}

/** A definition, and those of the subworkflows in it, by the ids of their nodes. */
export interface UnfoldedWorkflow {
  readonly definition: WorkflowDefinition;
  readonly inner: ReadonlyMap<string, UnfoldedWorkflow>;
  /** Whether it stands in, or is, a workflow of somebody else than the outermost. */
  readonly isForeign: boolean;
}

type BareEdge = Omit<ProgramEdge, 'index' | 'isBack'>;

/** Between the ids of a subworkflow and of its nodes. */
const separator = '/';

export function createProgram(workflow: UnfoldedWorkflow, versions: Program['versions'] = {}): Program {
  const steps = new Map<StepId, Step>();
  const edges: BareEdge[] = [];
  const start = unfold(workflow, '', steps, edges);
  const out = Map.groupBy(edges, ({ from }) => from);
  const marked = edges.map((edge, index) => ({ ...edge, index, isBack: leadsBack(edge, steps, out) }));
  return {
    start,
    steps,
    edges: marked,
    out: Map.groupBy(marked, ({ from }) => from),
    into: Map.groupBy(marked, ({ to }) => to),
    versions,
  };
}

/** Returns the start. */
function unfold(
  { definition, inner, isForeign }: UnfoldedWorkflow,
  scope: string,
  steps: Map<StepId, Step>,
  edges: BareEdge[],
): StepId {
  const leaving = new Map<string, StepId>();
  for (const node of definition.nodes) {
    const id = `${scope}${node.id}`;
    steps.set(id, { id, scope, does: 'node', makes: id, node, isForeign });
    const within = inner.get(node.id);
    if (node.type === 'subworkflow' && within) {
      leaving.set(node.id, unfoldInner({ node, scope, isForeign }, within, steps, edges));
    }
  }
  for (const { from, to, branch } of definition.edges) {
    edges.push({ from: leaving.get(from) ?? `${scope}${from}`, to: `${scope}${to}`, branch });
  }
  return `${scope}${definition.nodes.find(({ type }) => type === 'start')?.id}`;
}

/** Returns the step with which it is left. */
function unfoldInner(
  { node, scope, isForeign }: Pick<Step, 'scope' | 'isForeign'> & { readonly node: WorkflowNodeOf<'subworkflow'> },
  inner: UnfoldedWorkflow,
  steps: Map<StepId, Step>,
  edges: BareEdge[],
): StepId {
  const id = `${scope}${node.id}`;
  const innerScope = `${id}${separator}`;
  edges.push({ from: id, to: unfold(inner, innerScope, steps, edges), branch: undefined });
  steps.set(innerScope, { id: innerScope, scope, does: 'leave', makes: id, node, isForeign });
  for (const end of inner.definition.nodes.filter(({ type }) => type === 'end')) {
    edges.push({ from: `${innerScope}${end.id}`, to: innerScope, branch: undefined });
  }
  return innerScope;
}

function leadsBack(
  { from, to }: BareEdge,
  steps: ReadonlyMap<StepId, Step>,
  out: ReadonlyMap<StepId, readonly BareEdge[]>,
): boolean {
  if (steps.get(to)?.node.type !== 'loop') return false;
  const bodies = (out.get(to) ?? []).filter(({ branch }) => branch === bodyBranch);
  return bodies.some((body) => body.to === to || canReach(out, body.to, from, to));
}

/** Whether a way leads from one step to another (or they are the same) that does not pass a third one. */
export function canReach(
  out: ReadonlyMap<StepId, readonly Pick<ProgramEdge, 'to'>[]>,
  from: StepId,
  wanted: StepId,
  avoided: StepId,
): boolean {
  const seen = new Set([from]);
  for (const step of seen) {
    if (step === wanted) return true;
    if (step === avoided) continue;
    for (const { to } of out.get(step) ?? []) seen.add(to);
  }
  return false;
}
