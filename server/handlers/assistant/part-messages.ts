import { AIMessage, HumanMessage, ToolMessage } from '@langchain/core/messages';
import type { BaseMessage } from '@langchain/core/messages';
import type { Part, ToolPart } from '../../../shared/message.ts';
import { modelNameOf } from '../tools/tool-name.ts';

interface Step {
  text: string;
  readonly calls: ToolPart[];
}

/**
 * An answer as the model gave it, step by step: what it said, what it had called, what came of that; and what the person
 * added in between.
 */
export function partMessages(parts: readonly Part[]): BaseMessage[] {
  const at = parts.findIndex(({ type }) => type === 'steering');
  const steering = parts[at];
  if (steering?.type !== 'steering') return stepMessages(parts);
  const added = new HumanMessage(steering.text);
  return [...stepMessages(parts.slice(0, at)), added, ...partMessages(parts.slice(at + 1))];
}

function stepMessages(parts: readonly Part[]): BaseMessage[] {
  return stepsOf(parts).flatMap(({ text, calls }) => [
    new AIMessage({ content: text, tool_calls: calls.map(callOf) }),
    ...calls.map(resultOf),
  ]);
}

/** Calls of one step stand beside each other; any text after them is the model's next turn. */
function stepsOf(parts: readonly Part[]): Step[] {
  const steps: Step[] = [];
  for (const part of parts) {
    const last = steps.at(-1);
    const step = last?.calls.at(-1)?.step;
    if (part.type === 'text') {
      if (last && last.calls.length === 0) last.text += part.text;
      else steps.push({ text: part.text, calls: [] });
    } else if (part.type === 'tool') {
      if (last && (last.calls.length === 0 || step === part.step)) last.calls.push(part);
      else steps.push({ text: '', calls: [part] });
    }
  }
  return steps;
}

function callOf({ toolCallId, name, input }: ToolPart) {
  // Arguments that were no object went back to the model as an error; providers take nothing else here.
  const args = typeof input === 'object' && input !== null && !Array.isArray(input) ? input : { input };
  return { type: 'tool_call' as const, id: toolCallId, name: modelNameOf(name), args: args as Record<string, unknown> };
}

function resultOf(part: ToolPart): ToolMessage {
  return new ToolMessage({
    tool_call_id: part.toolCallId,
    name: modelNameOf(part.name),
    content: resultText(part),
    status: part.state === 'done' ? 'success' : 'error',
  });
}

const unknownEffect =
  'It is not known whether this call took effect: it was broken off. Do not repeat it before a person has said so.';

function resultText({ state, output, error }: ToolPart): string {
  switch (state) {
    case 'done':
      return typeof output === 'string' ? output : JSON.stringify(output ?? null);
    case 'failed':
      return `Error: ${error ?? 'it failed'}`;
    case 'denied':
      return `A person did not allow this call${error === undefined ? '.' : `: ${error}`}`;
    default:
      return unknownEffect;
  }
}
