import type { InputAnswer, RunAttempt } from '../../../db/store.ts';
import type { Usage } from '../../../shared/message.ts';
import type { HandlerEvent, HandlerRun } from '../handler.ts';
import { EventQueue } from './event-queue.ts';
import type { GraphContext, WorkflowGraph } from './graph.ts';
import { ownerKey } from './workflow-checkpoints.ts';
import { firstPlan } from './plan.ts';
import type { PlanLimits } from './plan.ts';
import type { Program } from './program.ts';
import type { AskedStep, Recalled } from './recall.ts';
import { modelOf } from './saying.ts';
import { visitName, workOnStep } from './step-work.ts';
import type { StepSurroundings } from './step-work.ts';
import { sumOfUsage } from './usage-sum.ts';
import { Voices } from './voices.ts';

export interface WorkflowLimits extends PlanLimits {
  readonly workflowParallel: number;
}

export interface StretchOptions extends Pick<StepSurroundings, 'executors' | 'inspects' | 'now'> {
  readonly run: HandlerRun;
  readonly program: Program;
  readonly graph: WorkflowGraph;
  readonly recalled: Recalled;
  readonly limits: WorkflowLimits;
  readonly signal: AbortSignal;
}

/**
 * One stretch of a run of a workflow: from its beginning, or from where its checkpoints say, to its end or to the next
 * question. What has to be asked is asked one after the other, and the steps that asked go on when all answers are there.
 *
 * Tokens go from the model to whoever reads this, past the graph, which only hears when a step has finished.
 */
export async function* workOnStretch(options: StretchOptions): AsyncGenerator<HandlerEvent> {
  const { recalled, run } = options;
  const open = unanswered(recalled.asked, run.resumed?.answers ?? []);
  if (open) {
    yield* ask(open);
    return;
  }
  const asked: AskedStep[] = [];
  const events = new EventQueue<HandlerEvent>();
  const working = invoke(options, events, asked).finally(events.end);
  // Whoever leaves early does not hear of it.
  working.catch(() => {});
  yield* events.read();
  await working;
  const [first] = asked.toSorted((one, other) => one.order - other.order);
  if (first) yield* ask(first);
}

function unanswered(asked: readonly AskedStep[], answers: readonly InputAnswer[]): AskedStep | undefined {
  const answered = new Set(answers.map(({ inputId }) => inputId));
  return asked.find(({ question }) => !answered.has(question.id));
}

/** It has as much time as it was to have when it would have been asked. */
async function* ask({ question, at }: AskedStep): AsyncGenerator<HandlerEvent> {
  const { expiresAt } = question;
  const ms = expiresAt === undefined ? null : Date.parse(expiresAt) - Date.parse(at);
  const moved = ms === null ? {} : { expiresAt: new Date(Date.now() + ms).toISOString() };
  yield { type: 'ask', input: { ...question, ...moved } };
}

async function invoke(options: StretchOptions, events: EventQueue<HandlerEvent>, asked: AskedStep[]): Promise<void> {
  const { graph, limits, program, recalled, run, signal } = options;
  const input = recalled.plan ? null : { plan: firstPlan(program) };
  await graph.invoke(input, {
    configurable: { thread_id: run.id, [ownerKey]: { runId: run.id, attempt: run.attempt } satisfies RunAttempt },
    context: { ...graphContext(options, events, asked) },
    durability: 'sync',
    maxConcurrency: limits.workflowParallel,
    // Steps have a limit of their own.
    recursionLimit: Number.MAX_SAFE_INTEGER,
    signal,
  });
}

function graphContext(options: StretchOptions, events: EventQueue<HandlerEvent>, asked: AskedStep[]): GraphContext {
  const { limits, program, recalled } = options;
  const voices = new Voices(events.add, [...recalled.said, ...recalled.asked]);
  let named = modelOf([...recalled.said, ...recalled.asked]);
  const usages = new Map<string, Usage>();
  const around: StepSurroundings = {
    ...options,
    events,
    onUsage: (visit, usage) => {
      usages.set(visit, usage);
      return events.push({ type: 'usage', usage: sumOfUsage(usages.values()) ?? usage });
    },
    onModel: (model) => {
      // The first one that was asked is named.
      if (named === null) events.add({ type: 'model', model });
      named ??= model;
    },
    onAsked: (step) => asked.push(step),
  };
  return {
    limits,
    work(active, state, signal) {
      const step = program.steps.get(active.id);
      if (!step) throw new Error(`the program has no step ${active.id}`);
      const before = recalled.asked.find(({ id, visit }) => id === active.id && visit === active.visit) ?? null;
      const voice = voices.open(visitName(active), before);
      return workOnStep(around, { step, active, state, voice, asked: before, signal });
    },
  };
}
