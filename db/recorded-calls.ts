import { callErrors } from '../shared/ended-parts.ts';
import type { Part, ToolPart } from '../shared/message.ts';
import type { ToolCallRow } from './rows.ts';

/**
 * Parts of an answer whose process has died, with its calls as the ledger has them: what it knows was written before
 * and after each call, the parts a little behind. Calls that the parts lack are added.
 *
 * @param calls of the run, in the order in which they were intended, none of them under way
 */
export function withRecordedCalls(parts: readonly Part[], calls: readonly ToolCallRow[]): Part[] {
  const known = new Map(calls.map((call) => [call.id, call]));
  const shown = new Set(parts.map((part) => (part.type === 'tool' ? part.toolCallId : null)));
  const corrected = parts.map((part) => {
    const call = part.type === 'tool' ? known.get(part.toolCallId) : undefined;
    return call ? { ...part, ...partOf(call) } : part;
  });
  return [...corrected.map(withoutQuestion), ...calls.filter(({ id }) => !shown.has(id)).map(partOf)];
}

function partOf({ id, name, input, readOnly, step, state, output, error }: ToolCallRow): ToolPart {
  const result = state === 'done' ? { output } : { error: error ?? callErrors[state as keyof typeof callErrors] };
  return {
    type: 'tool',
    toolCallId: id,
    name,
    input,
    // A call that goes on is not among these.
    state: state as ToolPart['state'],
    ...result,
    step,
    readOnly,
  };
}

function withoutQuestion(part: Part): Part {
  if (part.type !== 'tool') return part;
  const { inputId: _, ...rest } = part;
  return rest;
}
