import type { Part, ToolPart } from './message.ts';

/**
 * The parts of an answer that has ended: no call goes on in them. One that was under way is `uncertain`, unless it
 * changes nothing anywhere; one that waited for a person was never made.
 */
export function endedParts(parts: readonly Part[]): Part[] {
  return parts.map((part) => (isOpenCall(part) ? endedCall(part) : part));
}

/** Whether it is a call of which something is still to become: also one of which a person is asked whether it took effect. */
export function isOpenCall(part: Part): part is ToolPart {
  return (
    part.type === 'tool' && (part.state === 'running' || (part.state === 'uncertain' && part.inputId !== undefined))
  );
}

function endedCall({ inputId, ...part }: ToolPart): ToolPart {
  if (part.state === 'uncertain') return part;
  if (inputId !== undefined) return { ...part, state: 'denied', error: callErrors.denied };
  if (part.readOnly === true) return { ...part, state: 'failed', error: callErrors.failed };
  return { ...part, state: 'uncertain', error: callErrors.uncertain };
}

/** What is said of calls that an end has left as they were. */
export const callErrors = {
  denied: 'it was not made: the answer ended before',
  failed: 'it was broken off',
  uncertain: 'it was broken off, and may have taken effect',
} as const;
