import { Annotation, Command, END, START, StateGraph } from '@langchain/langgraph';
import type { BaseCheckpointSaver, LangGraphRunnableConfig } from '@langchain/langgraph';
import { parseVariable } from '../../../shared/workflow-template.ts';
import { variablesOf } from '../../../shared/workflow-uses.ts';
import type { NodeOutputs } from './node-executor.ts';
import { nextPlan } from './plan.ts';
import type { ActiveStep, FinishedStep, Plan, PlanLimits } from './plan.ts';
import type { Program, Step, StepId } from './program.ts';
import type { Saying } from './saying.ts';

/** What one visit of a step leaves behind. */
export interface Worked {
  readonly finished: FinishedStep;
  /** Null: the step keeps what it has. */
  readonly outputs: NodeOutputs | null;
  readonly said: Saying;
}

/** What one run brings to the graph of its program. */
export interface GraphContext {
  /** Does the work of a step. It may `interrupt`. */
  work(active: ActiveStep, state: GraphState, signal: AbortSignal): Promise<Worked>;
  readonly limits: PlanLimits;
}

/** What a step is given of the run so far. */
export interface GraphState {
  readonly plan: Plan;
  /** Of the step itself and those that it names alone. */
  outputs(step: StepId): NodeOutputs | undefined;
}

type Channels = Readonly<Record<string, unknown>> & { readonly plan: Plan; readonly done: readonly FinishedStep[] };
type Config = LangGraphRunnableConfig<GraphContext>;

/** What steps have shown in the chat: kept in the checkpointer's journal, and nowhere else. */
export const journalChannel = 'said';

/** Of steps that work at once those that have finished, until all have. */
export const doneChannel = 'done';

const scheduler = 'schedule';
const outputsOf = (step: StepId) => `outputs ${step}`;
const nodeOf = (step: StepId) => `step ${step}`;

export type WorkflowGraph = ReturnType<typeof compileProgram>;

/**
 * The program as a graph of LangGraph. Its nodes are the steps, each with a channel for its outputs, and all of them know
 * from the plan what comes next: where one step is at work it says so itself, where several are a node behind them does
 * when all have finished. So each step that has finished is in a checkpoint before the next one begins.
 */
export function compileProgram(program: Program, checkpointer: BaseCheckpointSaver) {
  const steps = [...program.steps.values()];
  const newest = { reducer: (_: unknown, next: unknown) => next, default: () => null };
  const plan = Annotation<unknown>(newest);
  const done = Annotation<unknown>({ reducer: gathered, default: () => [] });
  const outputs = new Map(steps.map(({ makes }) => [makes, Annotation<unknown>(newest)]));
  const state = Annotation.Root({
    plan,
    [doneChannel]: done,
    [journalChannel]: Annotation<unknown>({ reducer: () => null, default: () => null }),
    ...Object.fromEntries([...outputs].map(([id, channel]) => [outputsOf(id), channel])),
  });
  const graph = new StateGraph(state) as unknown as StateGraph<unknown, Channels, object, string>;
  // Were each step to name all others, and to read what all of them have made, a thousand would take seconds.
  for (const step of steps) {
    const read = readBy(program, step).flatMap((id) => {
      const channel = outputs.get(id);
      return channel ? [[outputsOf(id), channel] as const] : [];
    });
    graph.addNode(
      nodeOf(step.id),
      (channels: unknown, config: unknown) => workOn(program, step, channels as Channels, config as Config),
      { ends: [scheduler], input: Annotation.Root({ plan, ...Object.fromEntries(read) }) },
    );
  }
  graph.addNode(
    scheduler,
    (channels: unknown, config: unknown) => schedule(program, channels as Channels, config as Config),
    {
      ends: [...steps.map(({ id }) => nodeOf(id)), scheduler, END],
      input: Annotation.Root({ plan, [doneChannel]: done }),
    },
  );
  graph.addEdge(START, nodeOf(program.start));
  return graph.compile({ checkpointer });
}

/** The steps of which a step may ask what they have made: as in `GraphState`. Names of no step may be among them. */
function readBy({ into }: Program, { id, does, node, scope }: Step): StepId[] {
  if (does === 'leave') return (into.get(id) ?? []).map(({ from }) => from);
  const known = variablesOf(node).map((name) => `${scope}${parseVariable(name)?.node}`);
  // A start in a subworkflow is given what that hands in.
  return [id, ...(node.type === 'start' ? [scope.slice(0, -1)] : []), ...known];
}

/** After a step of several that work at once. */
async function schedule(program: Program, { plan, done }: Channels, config: Config): Promise<Command> {
  return goOn(program, plan, done, {}, config);
}

/** Null empties it. */
function gathered(before: unknown, more: unknown): readonly unknown[] {
  return more === null ? [] : [...(before as unknown[]), ...(more as unknown[])];
}

async function workOn(program: Program, { id, makes }: Step, channels: Channels, config: Config): Promise<Command> {
  const { plan } = channels;
  const active = plan.active.find((step) => step.id === id);
  const { context, signal } = config;
  if (!active || !context || !signal) throw new Error(`step ${id} was reached and is not active`);
  const state: GraphState = { plan, outputs: (step) => (channels[outputsOf(step)] ?? undefined) as NodeOutputs };
  const { finished, outputs, said } = await context.work(active, state, signal);
  const update = { [journalChannel]: said, ...(outputs && { [outputsOf(makes)]: outputs }) };
  if (plan.active.length === 1) return goOn(program, plan, [finished], update, config);
  return new Command({ update: { ...update, done: [finished] }, goto: scheduler });
}

/** The command that begins what comes next. */
function goOn(
  program: Program,
  plan: Plan,
  done: readonly FinishedStep[],
  update: Readonly<Record<string, unknown>>,
  { context }: Config,
): Command {
  if (!context) throw new Error('a graph of a workflow needs the context of its run');
  const next = nextPlan(program, plan, done, context.limits);
  const goto = next.active.length === 0 ? [END] : next.active.map(({ id }) => nodeOf(id));
  return new Command({ update: { ...update, plan: next, ...(plan.active.length > 1 && { done: null }) }, goto });
}
