import { HumanMessage } from '@langchain/core/messages';
import type { BaseMessage } from '@langchain/core/messages';
import { SwitchboardError } from '../../../shared/errors.ts';
import { limits } from '../../../shared/limits.ts';
import type { Part, ToolPart, Usage } from '../../../shared/message.ts';
import type { HandlerEvent, HandlerRun, Resumed } from '../handler.ts';
import type { ModelCall } from '../model-call.ts';
import type { ResolvedModel } from '../models.ts';
import { streamAnswer } from '../stream-answer.ts';
import type { ModelStep } from '../stream-answer.ts';
import type { Toolset } from '../tools/toolset.ts';
import { partMessages } from './part-messages.ts';
import { decideCalls, runStep, showWrong } from './run-step.ts';
import { checkCall } from './tool-call.ts';
import type { CheckedCall } from './tool-call.ts';

export interface AgentOptions {
  readonly run: Pick<HandlerRun, 'calls' | 'resumed' | 'takeSteering' | 'tools' | 'userId'>;
  readonly resolved: ResolvedModel;
  readonly toolset: Toolset;
  /** The conversation, ending with what is to be answered. */
  readonly messages: readonly BaseMessage[];
  /** Times that the model may call tools; at most `limits.toolSteps`. */
  readonly steps: number | null;
  readonly signal: AbortSignal;
  /** Milliseconds from one sign of life to the next while tools work. */
  readonly aliveMs: number;
}

/** Steps one after another with wrong calls in them that a model is forgiven: it is told what was wrong each time. */
const wrongSteps = 2;

/**
 * An answer for which the model may call tools: it says something, wants tools called, is told what came of it, and so on
 * until it calls none. What the person adds meanwhile it is told before its next step.
 *
 * Every call is a part of the answer, with its number of the step, so that what the model has been told can be made of
 * the parts again: by later turns, and by a run that has waited for a person. Such a run begins with its parts so far.
 *
 * Errors, besides those of models: `TOOL_FAILED` when the model calls tools too often, too many at once, or wrongly
 * for the third time in a row; `ANSWER_TOO_LARGE` when what goes to and from them is more than an answer may have.
 */
export async function* answerWithTools(options: AgentOptions): AsyncGenerator<HandlerEvent, void> {
  const { run, resolved, toolset, messages, signal } = options;
  const tools = toolset.optionsFor(resolved);
  const most = Math.min(options.steps ?? limits.toolSteps, limits.toolSteps);
  const told = [...messages];
  let step = 0;
  let wrong = 0;
  let units = 0;
  let before: Usage | null = null;
  if (run.resumed) {
    const parts = yield* goOn(run.resumed, options);
    if (!parts) return;
    told.push(...partMessages(parts));
    step = lastStep(parts);
    units = JSON.stringify(parts).length;
  }
  for (;;) {
    if (step > 0) told.push(...(await run.takeSteering()).map(({ text }) => new HumanMessage(text)));
    const said: ModelStep = yield* streamAnswer(resolved, told, signal, { tools, before, calls: run.calls });
    before = said.usage;
    if (said.calls.length === 0) return;
    step += 1;
    checkNumbers(resolved.id, said.calls, step, most);
    const calls = said.calls.map((call) => checkCall(call, step, toolset));
    wrong = calls.some(({ offered }) => offered === null) ? wrong + 1 : 0;
    if (wrong > wrongSteps) {
      yield* showWrong(calls);
      throw wrongCalls(resolved.id, calls);
    }
    const parts = yield* runStep(calls, options);
    if (!parts) return;
    units += JSON.stringify(parts).length;
    if (units > limits.answerText) throw tooMuch();
    told.push(...partMessages([{ type: 'text', text: said.text }, ...parts]));
  }
}

/** The parts so far with what has been decided since; null when a person has to be asked again. */
async function* goOn(resumed: Resumed, options: AgentOptions): AsyncGenerator<HandlerEvent, Part[] | null> {
  const waiting = resumed.parts.filter(isWaiting);
  const decided = yield* decideCalls(waiting, resumed.answers, options);
  if (!decided) return null;
  const byId = new Map(decided.map((part) => [part.toolCallId, part]));
  return resumed.parts.map((part) => (part.type === 'tool' ? (byId.get(part.toolCallId) ?? part) : part));
}

function isWaiting(part: Part): part is ToolPart {
  return part.type === 'tool' && part.state === 'running';
}

function lastStep(parts: readonly Part[]): number {
  return parts.reduce((last, part) => (part.type === 'tool' ? Math.max(last, part.step ?? 0) : last), 0);
}

function checkNumbers(model: string, calls: readonly ModelCall[], step: number, most: number): void {
  const { toolCallsPerStep } = limits;
  if (step > most) throw toolFailed(`${model} has called tools ${most} times without finishing its answer`);
  if (calls.length > toolCallsPerStep)
    throw toolFailed(`${model} wanted ${calls.length} tools called at once; at most ${toolCallsPerStep} are`);
}

function wrongCalls(model: string, calls: readonly CheckedCall[]): SwitchboardError {
  const names = new Set(calls.filter(({ offered }) => !offered).map(({ part }) => part.name));
  return toolFailed(`${model} called ${[...names].join(', ')} wrongly ${wrongSteps + 1} times in a row`);
}

function tooMuch(): SwitchboardError {
  const message = `what tools were given and gave back has more than ${limits.answerText} characters`;
  return new SwitchboardError('ANSWER_TOO_LARGE', `${message}; what came until then is kept`);
}

function toolFailed(what: string): SwitchboardError {
  return new SwitchboardError('TOOL_FAILED', `${what}; what came until then is kept`);
}
