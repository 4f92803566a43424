import type { InputId } from '../../../shared/ids.ts';
import type { ToolPart } from '../../../shared/message.ts';
import { newId } from '../../../shared/new-id.ts';
import type { InputAnswer } from '../../../db/store.ts';
import type { HandlerEvent, HandlerRun } from '../handler.ts';
import type { Toolset } from '../tools/toolset.ts';
import { approvalOf, verdictOn } from './approval.ts';
import type { WaitingPart } from './approval.ts';
import { makeCalls, partEvent, resultOf } from './make-calls.ts';
import { checkInput } from './tool-call.ts';
import type { CheckedCall, ReadyCall } from './tool-call.ts';

interface StepOptions {
  readonly run: Pick<HandlerRun, 'tools' | 'userId'>;
  readonly toolset: Toolset;
  readonly signal: AbortSignal;
  readonly aliveMs: number;
  /** Of calls that waited; absent: each has its own. */
  readonly idempotencyKey?: string;
}

/**
 * What a model wanted called in one step. Returns the parts, each with its result, or null when the last event asks a
 * person: calls that need nobody's leave have been made by then, the others wait.
 */
export async function* runStep(
  calls: readonly CheckedCall[],
  options: StepOptions,
): AsyncGenerator<HandlerEvent, ToolPart[] | null> {
  const ready = calls.filter((call): call is ReadyCall => call.offered !== null);
  await intend(ready, options.run);
  const waiting: WaitingPart[] = [];
  for (const { part, offered } of calls) {
    const waits = offered?.approval === true ? { ...part, inputId: newId<InputId>() } : null;
    if (waits) waiting.push(waits);
    yield partEvent(waits ?? part);
  }
  const free = ready.filter(({ offered }) => !offered.approval);
  const made = yield* makeCalls(free, options);
  if (waiting[0]) {
    yield { type: 'ask', input: approvalOf(waiting[0]) };
    return null;
  }
  return inOrder(
    calls.map(({ part }) => part),
    made,
  );
}

/** Goes on with calls that waited for a person. Returns their parts, or null when the last event asks again. */
export async function* decideCalls(
  waiting: readonly ToolPart[],
  answers: readonly InputAnswer[],
  options: StepOptions,
): AsyncGenerator<HandlerEvent, ToolPart[] | null> {
  const approved: ReadyCall[] = [];
  const settled: ToolPart[] = [];
  const undecided: WaitingPart[] = [];
  for (const part of waiting) {
    const decided = decide(part, answers, options.toolset);
    if (decided === null) undecided.push(part as WaitingPart);
    else if (decided.offered) approved.push({ ...decided, ...keyOf(options) });
    else settled.push(decided.part);
  }
  if (settled.length > 0) await options.run.tools.settle(settled.map(resultOf));
  for (const part of [...settled, ...approved.map((call) => call.part)]) yield partEvent(part);
  const made = yield* makeCalls(approved, options);
  if (undecided[0]) {
    yield { type: 'ask', input: approvalOf(undecided[0]) };
    return null;
  }
  return inOrder(waiting, [...settled, ...made]);
}

export function* showWrong(calls: readonly CheckedCall[]): Generator<HandlerEvent> {
  for (const { part, offered } of calls) if (offered === null) yield partEvent(part);
}

async function intend(ready: readonly ReadyCall[], run: StepOptions['run']): Promise<void> {
  if (ready.length === 0) return;
  await run.tools.intend(
    ready.map(({ part }) => ({
      id: part.toolCallId,
      name: part.name,
      input: part.input,
      readOnly: part.readOnly ?? false,
      step: part.step ?? 1,
    })),
  );
}

function keyOf({ idempotencyKey }: StepOptions): Pick<ReadyCall, 'idempotencyKey'> {
  return idempotencyKey === undefined ? {} : { idempotencyKey };
}

/** Null while nobody has decided. */
function decide(part: ToolPart, answers: readonly InputAnswer[], toolset: Toolset): CheckedCall | null {
  const { inputId, ...decided } = part;
  const verdict = inputId === undefined ? null : verdictOn({ ...part, inputId }, answers);
  if (!verdict) return null;
  if (verdict.kind === 'denied') {
    const { reason } = verdict;
    return { part: { ...decided, state: 'denied', ...(reason !== undefined && { error: reason }) }, offered: null };
  }
  const offered = toolset.find(part.name);
  if (!offered)
    return { part: { ...decided, state: 'failed', error: 'the assistant no longer has this tool' }, offered: null };
  return checkInput(decided, verdict.input, offered);
}

function inOrder(parts: readonly ToolPart[], ended: readonly ToolPart[]): ToolPart[] {
  const byId = new Map(ended.map((part) => [part.toolCallId, part]));
  return parts.map((part) => byId.get(part.toolCallId) ?? part);
}
