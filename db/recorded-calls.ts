import { callErrors } from '../shared/ended-parts.ts';
import type { InputId } from '../shared/ids.ts';
import type { Part, ToolPart } from '../shared/message.ts';
import { newId } from '../shared/new-id.ts';
import type { ToolCallRow } from './rows.ts';

/**
 * Parts of an answer whose process has died, with its calls as the ledger has them: what it knows was written before
 * and after each call, the parts a little behind. Calls that the parts lack are added.
 *
 * @param calls of the run, in the order in which they were intended
 */
export function withRecordedCalls(parts: readonly Part[], calls: readonly ToolCallRow[]): Part[] {
  return corrected(parts, calls).map(withoutQuestion);
}

/**
 * The same for an answer that goes on. A call that was under way is `uncertain` and has a question, unless it is
 * read-only; that one and those that had not begun are `running`, as what is still to be made.
 *
 * @param calls the same, as the process left them
 */
export function withLeftCalls(parts: readonly Part[], calls: readonly ToolCallRow[]): Part[] {
  const left = new Map(calls.map((call) => [call.id, call]));
  return corrected(parts, calls).map((part) => {
    const call = part.type === 'tool' ? left.get(part.toolCallId) : undefined;
    if (part.type !== 'tool' || !call || call.state === 'intent') return part;
    const { error: _, ...rest } = withoutQuestion(part) as ToolPart;
    if (call.state !== 'started') return withoutQuestion(part);
    if (call.readOnly) return { ...rest, state: 'running' };
    return { ...rest, state: 'uncertain', error: callErrors.uncertain, inputId: newId<InputId>() };
  });
}

/** The first call of which a person has to say what becomes of it. */
export function awaitedCall(parts: readonly Part[]): (ToolPart & { readonly inputId: InputId }) | undefined {
  return parts.find(
    (part): part is ToolPart & { inputId: InputId } =>
      part.type === 'tool' && part.state === 'uncertain' && part.inputId !== undefined,
  );
}

function corrected(parts: readonly Part[], calls: readonly ToolCallRow[]): Part[] {
  const known = new Map(calls.map((call) => [call.id, call]));
  const shown = new Set(parts.map((part) => (part.type === 'tool' ? part.toolCallId : null)));
  const told = parts.map((part) => {
    const call = part.type === 'tool' ? known.get(part.toolCallId) : undefined;
    return call ? { ...part, ...partOf(call) } : part;
  });
  return [...told, ...calls.filter(({ id }) => !shown.has(id)).map(partOf)];
}

function partOf({ id, name, input, readOnly, step, state, output, error }: ToolCallRow): ToolPart {
  const call = { type: 'tool', toolCallId: id, name, input, step, readOnly } as const;
  if (state === 'intent' || state === 'started') return { ...call, state: 'running' };
  return state === 'done' ? { ...call, state, output } : { ...call, state, error: error ?? callErrors[state] };
}

function withoutQuestion(part: Part): Part {
  if (part.type !== 'tool') return part;
  const { inputId: _, ...rest } = part;
  return rest;
}
