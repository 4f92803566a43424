import { newId } from '../../../shared/new-id.ts';
import type { ToolPart } from '../../../shared/message.ts';
import { limits } from '../../../shared/limits.ts';
import type { ModelCall } from '../model-call.ts';
import { toolOutput } from '../tools/tool-output.ts';
import type { OfferedTool, Toolset } from '../tools/toolset.ts';

/** A call that can be made: there is such a tool, and the arguments fit. */
export interface ReadyCall {
  readonly part: ToolPart;
  readonly offered: OfferedTool;
  /** As the tool's schema made them. */
  readonly input: unknown;
  /** What the tool is told in place of the call's id, where the call may be made again with another one. */
  readonly idempotencyKey?: string;
}

/** What has become of a call of a model: ready, or wrong, with a part that says why. */
export type CheckedCall = ReadyCall | { readonly part: ToolPart; readonly offered: null };

/**
 * Looks at a call before anything is done for it. It gets an id of ours: those of providers may be missing, or come again
 * in the next step.
 */
export function checkCall(call: ModelCall, step: number, toolset: Toolset): CheckedCall {
  const offered = toolset.find(call.name);
  const part = {
    type: 'tool' as const,
    toolCallId: newId<string>(),
    step,
    input: toolOutput(call.input, limits.toolInput),
  };
  if (!offered) {
    const name = call.name.slice(0, limits.toolName);
    return wrong(
      { ...part, name, state: 'failed' },
      `there is no tool ${JSON.stringify(name)}; call one of those that there are`,
    );
  }
  const named = { ...part, name: offered.tool.name, state: 'failed' as const };
  if (!call.isJson) return wrong(named, 'the arguments are no JSON; call it again with a JSON object');
  return checkInput(named, call.input, offered);
}

/** The same for arguments that a person has put in place of the model's. */
export function checkInput(part: ToolPart, input: unknown, offered: OfferedTool): CheckedCall {
  const size = JSON.stringify(input).length;
  if (size > limits.toolInput) return wrong(part, `the arguments have ${size} characters; at most ${limits.toolInput}`);
  const checked = offered.check(input);
  if ('problem' in checked) return wrong(part, `the arguments are not right: ${checked.problem}`);
  const { value } = checked;
  const readOnly = isReadOnly(offered, value);
  return {
    offered,
    input: value,
    part: { ...part, input: toolOutput(input, limits.toolInput), state: 'running', readOnly },
  };
}

function wrong(part: ToolPart, error: string): CheckedCall {
  return { part: { ...part, state: 'failed', error }, offered: null };
}

function isReadOnly({ tool }: OfferedTool, input: unknown): boolean {
  return typeof tool.readOnly === 'function' ? tool.readOnly(input) : tool.readOnly;
}
