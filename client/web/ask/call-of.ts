import type { Message, ToolPart } from '../../../shared/message.ts';
import type { InputRequest } from '../../../shared/run.ts';

/** The call that waits for the answer to this question. */
export function callOf(messages: readonly Message[], question: InputRequest): ToolPart | undefined {
  const answer = messages.findLast(({ role, runId }) => role === 'assistant' && runId === question.runId);
  return answer?.parts.find((part) => part.type === 'tool' && part.inputId === question.id) as ToolPart | undefined;
}
