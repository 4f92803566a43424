import { interrupt, isGraphInterrupt } from '@langchain/langgraph';
import { SwitchboardError, unreachable } from '../../../shared/errors.ts';
import { limits } from '../../../shared/limits.ts';
import type { RunError, Usage } from '../../../shared/message.ts';
import type { HandlerEvent, HandlerRun } from '../handler.ts';
import { historyText } from './chat-history.ts';
import type { EventQueue } from './event-queue.ts';
import type { GraphState, Worked } from './graph.ts';
import type { NodeContext, NodeExecutors, NodeOutputs, NodeResult, NodeValues } from './node-executor.ts';
import { testValues } from './node-alone.ts';
import { inputsOf, inspected } from './node-inspection.ts';
import { nodeValues, usesHistory } from './node-values.ts';
import type { ActiveStep } from './plan.ts';
import type { Program, Step } from './program.ts';
import type { AskedStep } from './recall.ts';
import type { Saying } from './saying.ts';
import { sumOfUsage } from './usage-sum.ts';
import type { Voice } from './voices.ts';

/** What the steps of one stretch of a run have in common. */
export interface StepSurroundings {
  readonly run: HandlerRun;
  readonly program: Program;
  readonly executors: NodeExecutors;
  /** Whether the person may edit the workflow, and so see what goes through its nodes. */
  readonly inspects: boolean;
  readonly events: EventQueue<HandlerEvent>;
  /** Told what a step has used so far. Wait for it: the run may have no more tokens. */
  readonly onUsage: (visit: string, usage: Usage) => Promise<void>;
  readonly onModel: (model: string) => void;
  readonly onAsked: (asked: AskedStep) => void;
  /** Milliseconds, from any moment on; for durations. */
  readonly now: () => number;
}

interface Visit {
  readonly step: Step;
  readonly active: ActiveStep;
  readonly state: GraphState;
  readonly voice: Voice;
  /** What it left behind when it asked; null when it is executed from its beginning. */
  readonly asked: AskedStep | null;
  readonly signal: AbortSignal;
}

/** The name of a visit, the same whenever it is executed. */
export function visitName({ id, visit }: Pick<ActiveStep, 'id' | 'visit'>): string {
  return `${id}#${visit}`;
}

/**
 * Executes one visit of a step, and tells what it shows and does. A question ends it, as LangGraph's `interrupt`, which
 * keeps what it has shown; what it is asked again with comes from the run.
 */
export async function workOnStep(around: StepSurroundings, visit: Visit): Promise<Worked> {
  const { step, active } = visit;
  const progress = new Progress(around, visit);
  const context = await contextOf(around, visit);
  progress.start(context.values);
  try {
    const result = step.does === 'leave' ? leave(visit) : await execute(around, visit, context, progress);
    progress.finish(result);
    const { ms, ...said } = progress.done;
    const { usage } = said;
    return {
      outputs: result.outputs,
      said,
      finished: {
        id: active.id,
        way: wayOf(step, context.ways, result),
        ms,
        tokens: usage ? usage.inputTokens + usage.outputTokens : 0,
        bytes: Buffer.byteLength(JSON.stringify(result.outputs)),
      },
    };
  } catch (thrown) {
    const error = progress.toldOf(thrown);
    progress.fail(error);
    throw error;
  } finally {
    visit.voice.close();
  }
}

async function execute(
  around: StepSurroundings,
  visit: Visit,
  context: NodeContext,
  progress: Progress,
): Promise<NodeResult> {
  const { node } = visit.step;
  // Each executor takes the nodes of its own type.
  const work = around.executors[node.type](node as never, context);
  for (let next = await work.next(); ; next = await work.next()) {
    if (next.done) return next.value;
    visit.signal.throwIfAborted();
    if (next.value.type === 'ask') {
      await work.return(undefined as never);
      throw ask(around, visit, progress.done, next.value);
    }
    const more = progress.take(next.value);
    if (more) await more;
  }
}

/** Never returns: LangGraph's way to leave a graph is an error. */
function ask(
  around: StepSurroundings,
  { active, step }: Visit,
  done: Done,
  { input }: Extract<HandlerEvent, { type: 'ask' }>,
) {
  const { id, visit } = active;
  const subject = { step: id, visit, subject: input.subject };
  const asked: AskedStep = {
    id,
    visit,
    ...done,
    question: { ...input, subject },
    at: new Date().toISOString(),
  };
  around.onAsked(asked);
  interrupt(asked);
  return new Error(`node ${step.id} asked, and LangGraph went on`);
}

/** What the end of a subworkflow gave is what the subworkflow gives. */
function leave({ active, state }: Visit): NodeResult {
  const ends = active.from.map((id) => state.outputs(id)?.['output'] ?? null);
  return { outputs: { output: ends.findLast((output) => output !== null) ?? null } };
}

function wayOf(step: Step, ways: ReadonlySet<string>, { way }: NodeResult): string | undefined {
  if (way !== undefined && !ways.has(way))
    throw new Error(`node ${step.id} goes on by ${way}, which is none of its ways out: ${[...ways].join(', ')}`);
  return way;
}

async function contextOf(around: StepSurroundings, visit: Visit): Promise<NodeContext> {
  const { program, run } = around;
  const { step, active, asked, signal, state } = visit;
  const branches = (program.out.get(step.id) ?? []).flatMap(({ branch }) => branch ?? []);
  return {
    run,
    values: await valuesOf(around, step, state),
    visit: active.visit,
    idempotencyKey: `${run.id}:${visitName(active)}`,
    ways: new Set(branches),
    resumed: asked && { parts: asked.parts, answers: answersOf(run, active) },
    before: active.again ? (state.outputs(step.id) ?? null) : null,
    given: givenTo(around, step, state),
    calls: run.calls,
    tools: run.tools,
    signal,
  };
}

function answersOf(run: HandlerRun, { id, visit }: ActiveStep): NonNullable<NodeContext['resumed']>['answers'] {
  return (run.resumed?.answers ?? []).flatMap((answer) => {
    const subject = answer.subject as { readonly step: string; readonly visit: number; readonly subject: unknown };
    return subject.step === id && subject.visit === visit ? [{ ...answer, subject: subject.subject }] : [];
  });
}

async function valuesOf({ run }: StepSurroundings, { node, scope }: Step, state: GraphState): Promise<NodeValues> {
  const system: NodeOutputs = {
    now: new Date().toISOString(),
    chat_id: run.chatId,
    run_id: run.id,
    user_id: run.userId,
  };
  const chat = usesHistory(node) ? { history: historyText(await run.history(limits.historyMessages)) } : {};
  // The nodes of a subworkflow know nothing of those around it, whatever they are called.
  const test = scope === '' ? run.instructions?.test : undefined;
  const presets: Readonly<Record<string, NodeOutputs>> = { ...(test && testValues(test)), system, chat };
  return nodeValues((name) => (Object.hasOwn(presets, name) ? presets[name] : state.outputs(`${scope}${name}`)));
}

/** What the subworkflow around a start hands in, or the owner of the workflow. */
function givenTo({ run }: StepSurroundings, { node, scope }: Step, state: GraphState): NodeOutputs | null {
  if (node.type !== 'start') return null;
  if (scope === '') return run.instructions?.parameters ?? null;
  return state.outputs(scope.slice(0, -1))?.['input'] as NodeOutputs;
}

/** What a visit has shown and taken until now, with what it had before its last question. */
type Done = Saying & Pick<AskedStep, 'ms'>;

/** What a visit yields, on its way out. */
class Progress {
  /** Of this execution. */
  #usage: Usage | null = null;
  #model: string | null;
  readonly #begin: number;
  readonly #around: StepSurroundings;
  readonly #visit: Visit;

  constructor(around: StepSurroundings, visit: Visit) {
    this.#around = around;
    this.#visit = visit;
    this.#begin = around.now();
    this.#model = visit.asked?.model ?? null;
  }

  get done(): Done {
    const { asked, voice } = this.#visit;
    const usages = [asked?.usage ?? null, this.#usage].filter((usage) => usage !== null);
    // One that has asked before this was noted has neither.
    return { ...voice.said, usage: sumOfUsage(usages), model: this.#model, ms: (asked?.ms ?? 0) + this.#durationMs };
  }

  get #durationMs(): number {
    return Math.max(0, this.#around.now() - this.#begin);
  }

  start(values: NodeValues): void {
    const { events } = this.#around;
    const { step } = this.#visit;
    if (step.does === 'leave') return;
    events.add({
      type: 'node.started',
      nodeId: step.id,
      title: step.node.title,
      ...(this.#isShown() && { inputs: inputsOf(step.node, values) }),
    });
  }

  /** Whether the person is told what goes through it. */
  #isShown(): boolean {
    return this.#around.inspects && !this.#visit.step.isForeign;
  }

  /** Wait for what is returned before the next one. */
  take(event: Exclude<HandlerEvent, { type: 'ask' }>): Promise<void> | undefined {
    const { events, onModel, onUsage } = this.#around;
    switch (event.type) {
      case 'text':
      case 'reasoning':
      case 'part':
        this.#visit.voice.show(event);
        // What is not heard yet tells all the same that somebody is at work.
        if (!this.#visit.voice.isHeard) events.add({ type: 'alive' });
        return undefined;
      case 'usage':
        this.#usage = event.usage;
        return onUsage(visitName(this.#visit.active), event.usage);
      case 'model':
        this.#model ??= event.model;
        onModel(event.model);
        return undefined;
      case 'alive':
        events.add(event);
        return undefined;
      case 'node.started':
      case 'node.finished':
        throw new Error(`node ${this.#visit.step.id} tells of nodes; that is the engine's`);
      default:
        return unreachable(event);
    }
  }

  finish({ outputs, way }: NodeResult): void {
    // A subworkflow has only begun.
    if (this.#visit.step.does === 'node' && this.#visit.step.node.type === 'subworkflow') return;
    this.#end({
      ...(this.#isShown() && { outputs: inspected(outputs) }),
      ...(way !== undefined && { branch: way }),
    });
  }

  /** Why a request has failed names hosts and addresses, which are its author's. */
  toldOf(error: unknown): unknown {
    const { node } = this.#visit.step;
    if (this.#isShown() || node.type !== 'http' || !(error instanceof SwitchboardError)) return error;
    return new SwitchboardError(error.code, `the request of node ${node.id} failed`, { cause: error });
  }

  fail(error: unknown): void {
    if (isGraphInterrupt(error) || this.#visit.signal.aborted) return;
    this.#end({ error: toldError(error) });
  }

  #end(more: Readonly<Record<string, unknown>>): void {
    const durationMs = this.#durationMs;
    const { id: nodeId, node, does } = this.#visit.step;
    const told = does === 'leave' ? nodeId.slice(0, -1) : nodeId;
    this.#around.events.add({ type: 'node.finished', nodeId: told, title: node.title, durationMs, ...more });
  }
}

function toldError(error: unknown): RunError {
  if (error instanceof SwitchboardError) return { code: error.code, message: error.message };
  return { code: 'INTERNAL', message: 'something went wrong in this node; the log has it' };
}
