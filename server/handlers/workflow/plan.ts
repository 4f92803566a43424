import { SwitchboardError } from '../../../shared/errors.ts';
import type { WorkflowNodeType } from '../../../shared/workflow-node.ts';
import { canReach } from './program.ts';
import type { Program, ProgramEdge, Step, StepId } from './program.ts';

/** A step that is at work, or goes to work now. */
export interface ActiveStep {
  readonly id: StepId;
  /** Which time, from 1. */
  readonly visit: number;
  /** The steps from which it was reached; empty at the beginning. */
  readonly from: readonly StepId[];
  /** Whether it is a loop that goes on, reached from its own body. */
  readonly again: boolean;
}

/** Where a run stands. It is part of each checkpoint: JSON, and small. */
export interface Plan {
  readonly active: readonly ActiveStep[];
  /** Ways that were taken and have arrived at a step which waits for others: numbers of edges, by step. */
  readonly arrived: Readonly<Record<StepId, readonly number[]>>;
  readonly visits: Readonly<Record<StepId, number>>;
  readonly used: Used;
  readonly versions: Program['versions'];
  /** Whether the steps that finished last only say what comes next, or what is known: executing them again costs nothing. */
  readonly isLight: boolean;
}

/** What a run has used of its limits. */
interface Used {
  readonly steps: number;
  /** Milliseconds of its steps, those that work at once counted by the longest. */
  readonly ms: number;
  readonly tokens: number;
  /** Bytes of the newest outputs of each step, as JSON, by step. */
  readonly bytes: Readonly<Record<StepId, number>>;
}

/** A step that has done its work. */
export interface FinishedStep {
  readonly id: StepId;
  readonly way: string | undefined;
  readonly ms: number;
  readonly tokens: number;
  readonly bytes: number;
}

export interface PlanLimits {
  readonly workflowSteps: number;
  readonly workflowMs: number;
  readonly workflowTokens: number;
  readonly workflowBytes: number;
}

export function firstPlan({ start, versions }: Program): Plan {
  return {
    active: [{ id: start, visit: 1, from: [], again: false }],
    arrived: {},
    visits: { [start]: 1 },
    used: { steps: 1, ms: 0, tokens: 0, bytes: {} },
    versions,
    isLight: true,
  };
}

/**
 * What comes after all active steps have finished; nothing active: the run is complete.
 *
 * A step that several ways lead to goes to work when one of them was taken and none that has not arrived can still come:
 * a way that a condition has not taken holds up nobody. Where steps wait for each other the first one goes to work.
 *
 * Errors: `WORKFLOW_LIMIT`, so a limit is passed by what one step has used at most.
 */
export function nextPlan(program: Program, plan: Plan, finished: readonly FinishedStep[], limits: PlanLimits): Plan {
  const used = sumUp(plan.used, finished);
  expectWithin(used, limits);
  const arrived = new Map(Object.entries(plan.arrived).map(([id, edges]) => [id, new Set(edges)]));
  for (const { index, to } of finished.flatMap((step) => taken(program, step))) {
    arrived.set(to, (arrived.get(to) ?? new Set()).add(index));
  }
  const ready = readySteps(program, arrived);
  const active = ready.map((id) => activate(program, plan, id, arrived.get(id) ?? new Set()));
  for (const id of ready) arrived.delete(id);
  const steps = used.steps + active.length;
  if (active.length > 0 && steps > limits.workflowSteps)
    throw tooMuch('steps', limits.workflowSteps, 'executions of nodes');
  return {
    ...plan,
    active,
    arrived: Object.fromEntries([...arrived].map(([id, edges]) => [id, [...edges]])),
    visits: { ...plan.visits, ...Object.fromEntries(active.map(({ id, visit }) => [id, visit])) },
    used: { ...used, steps },
    isLight: finished.every(({ id }) => isLight(program.steps.get(id))),
  };
}

function isLight(step: Step | undefined): boolean {
  if (step?.does === 'leave') return true;
  const { node } = step ?? {};
  if (node?.type === 'output') return node.ask === undefined;
  return node !== undefined && lightTypes.has(node.type);
}

const lightTypes: ReadonlySet<WorkflowNodeType> = new Set(['start', 'condition', 'loop', 'subworkflow', 'end']);

function taken({ out }: Program, { id, way }: FinishedStep): ProgramEdge[] {
  return (out.get(id) ?? []).filter(({ branch }) => branch === way);
}

type Arrived = ReadonlyMap<StepId, ReadonlySet<number>>;

function activate({ edges }: Program, { visits }: Plan, id: StepId, by: ReadonlySet<number>): ActiveStep {
  const ways = [...by].flatMap((index) => edges[index] ?? []);
  return {
    id,
    visit: (visits[id] ?? 0) + 1,
    from: ways.map(({ from }) => from),
    again: ways.every(({ isBack }) => isBack),
  };
}

/** In the order of the definitions. */
function readySteps(program: Program, arrived: Arrived): StepId[] {
  const waiting = [...program.steps.keys()].filter((id) => arrived.has(id));
  const ready = waiting.filter((id) => !waiting.some((other) => other !== id && holdsUp(program, arrived, other, id)));
  return ready.length > 0 ? ready : waiting.slice(0, 1);
}

/** Whether what is at one step may still come to another one, by a way that has not arrived there. */
function holdsUp({ into, out }: Program, arrived: Arrived, other: StepId, id: StepId): boolean {
  const here = arrived.get(id);
  const missing = (into.get(id) ?? []).filter(({ index }) => !here?.has(index));
  return missing.some(({ from }) => canReach(out, other, from, id));
}

function sumUp(used: Used, finished: readonly FinishedStep[]): Used {
  return {
    steps: used.steps,
    ms: used.ms + Math.max(0, ...finished.map(({ ms }) => ms)),
    tokens: used.tokens + finished.reduce((sum, { tokens }) => sum + tokens, 0),
    bytes: { ...used.bytes, ...Object.fromEntries(finished.map(({ id, bytes }) => [id, bytes])) },
  };
}

function expectWithin({ ms, tokens, bytes }: Used, limits: PlanLimits): void {
  if (ms > limits.workflowMs) throw tooMuch('ms', limits.workflowMs, 'milliseconds');
  if (tokens > limits.workflowTokens) throw tooMuch('tokens', limits.workflowTokens, 'tokens');
  const size = Object.values(bytes).reduce((sum, each) => sum + each, 0);
  if (size > limits.workflowBytes) throw tooMuch('bytes', limits.workflowBytes, 'bytes of variables');
}

function tooMuch(what: string, limit: number, unit: string): SwitchboardError {
  const message = `the workflow needs more than ${limit} ${unit}, the limit of ${what} for a run`;
  return new SwitchboardError('WORKFLOW_LIMIT', `${message}; let its loops end sooner or split it`);
}
