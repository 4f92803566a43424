import { HumanMessage } from '@langchain/core/messages';
import { Command } from '@langchain/langgraph';
import type { CheckpointStore } from '../../../../db/checkpoint-store.ts';
import { newlyAnswered } from '../../../../shared/answered-parts.ts';
import { SwitchboardError } from '../../../../shared/errors.ts';
import type { AppId, RunId } from '../../../../shared/ids.ts';
import { limits } from '../../../../shared/limits.ts';
import type { Part } from '../../../../shared/message.ts';
import { aliveWhile } from '../../alive-while.ts';
import type { ChatHandler, HandlerEvent, HandlerRun, Resumed } from '../../handler.ts';
import { Checkpointer } from '../checkpointer.ts';
import { attemptKey } from '../workflow-checkpoints.ts';
import { GraphEvents, streamMode } from './graph-events.ts';
import type { CompiledLangGraph, RegisteredWorkflow } from './registered-workflow.ts';
import { answersOf, questionOf } from './workflow-question.ts';

export interface RegisteredWorkflowsOptions {
  readonly workflows: ReadonlyMap<AppId, RegisteredWorkflow>;
  readonly checkpoints: CheckpointStore;
  /** Milliseconds from one sign of life to the next while a graph says nothing. */
  readonly aliveMs: number;
  /** Milliseconds, from any moment on; for durations. */
  readonly now?: () => number;
}

/**
 * Runs the graphs that the program around the server has registered. A run that has asked a person goes on from its last
 * checkpoint, whichever process it is in.
 */
export function registeredWorkflows(options: RegisteredWorkflowsOptions): ChatHandler {
  const { workflows, checkpoints, aliveMs, now = performance.now.bind(performance) } = options;
  const checkpointer = new Checkpointer(checkpoints, { owner: ownerOf });
  const compiled = new Map<AppId, CompiledLangGraph>();

  function graphOf(id: AppId, { graph }: RegisteredWorkflow): CompiledLangGraph {
    const known = compiled.get(id) ?? graph.compile({ checkpointer });
    compiled.set(id, known);
    return known;
  }

  async function* execute(run: HandlerRun, signal: AbortSignal): AsyncGenerator<HandlerEvent> {
    const workflow = workflows.get(run.app.id);
    if (!workflow) throw notRegistered(run.app.id);
    const input = run.resumed ? yield* goOn(run.resumed) : await beginning(workflow, run);
    const hasSpoken = run.resumed?.parts.some(({ type }) => type === 'text') ?? false;
    const events = new GraphEvents(hasSpoken, now);
    const pieces = (await graphOf(run.app.id, workflow).stream(input, configOf(run, signal)))[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = yield* aliveWhile(pieces.next(), aliveMs);
        if (next.done) break;
        yield* events.take(next.value);
      }
    } catch (error) {
      signal.throwIfAborted();
      throw tooManySteps(error) ?? error;
    }
    const [first] = events.interrupts;
    if (!first) return;
    const question = questionOf(first);
    yield inputPart({ type: 'input', inputId: question.id, prompt: question.prompt });
    yield { type: 'ask', input: question };
  }

  return { run: (run, { signal }) => execute(run, signal) };
}

function ownerOf({ configurable }: { readonly configurable?: Readonly<Record<string, unknown>> }) {
  return { runId: configurable?.['thread_id'] as RunId, attempt: Number(configurable?.[attemptKey]) };
}

/** The answer, as LangGraph is told of it; it stands in the part that asked. */
function* goOn({ parts, answers }: Resumed): Generator<HandlerEvent, Command> {
  const last = answers.at(-1);
  if (!last) throw new Error('a registered workflow goes on without an answer');
  for (const part of newlyAnswered(parts, [last])) yield inputPart(part);
  return new Command({ resume: answersOf(last) });
}

async function beginning({ input }: RegisteredWorkflow, run: HandlerRun): Promise<unknown> {
  const { id: runId, chatId, userId, text } = run;
  if (!input) return { messages: [new HumanMessage(text)] };
  return input({ text, runId, chatId, userId, history: (limit) => run.history(limit) });
}

function configOf({ id, attempt, chatId, userId }: HandlerRun, signal: AbortSignal) {
  return {
    configurable: { thread_id: id, [attemptKey]: attempt, chat_id: chatId, user_id: userId },
    durability: 'sync',
    maxConcurrency: limits.workflowParallel,
    recursionLimit: limits.workflowSteps,
    signal,
    streamMode: streamMode as never,
  };
}

function notRegistered(id: AppId): SwitchboardError {
  const message = `the program around the server does not register the workflow ${id} any more`;
  return new SwitchboardError('NOT_FOUND', `${message}; begin a chat with another`);
}

function tooManySteps(error: unknown): SwitchboardError | null {
  if (!(error instanceof Error) || error.name !== 'GraphRecursionError') return null;
  const message = `the graph did not end within ${limits.workflowSteps} steps`;
  return new SwitchboardError('WORKFLOW_LIMIT', `${message}; let it end sooner`, { cause: error });
}

function inputPart(value: Extract<Part, { type: 'input' }>): HandlerEvent {
  return { type: 'part', key: value.inputId, value };
}
