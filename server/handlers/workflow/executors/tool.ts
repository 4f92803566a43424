import { SwitchboardError, unreachable } from '../../../../shared/errors.ts';
import type { ToolPart } from '../../../../shared/message.ts';
import type { WorkflowNodeOf } from '../../../../shared/workflow-node.ts';
import { decideCalls, runStep } from '../../assistant/run-step.ts';
import type { CallTimes } from '../../assistant/run-step.ts';
import { checkCall } from '../../assistant/tool-call.ts';
import type { ToolRegistry } from '../../tools/tool-registry.ts';
import type { OfferedTool, Toolset } from '../../tools/toolset.ts';
import type { NodeContext, NodeExecutor } from '../node-executor.ts';

/**
 * Calls a tool, which is shown as a call of the answer. One that needs approval is a question to a person first.
 *
 * Errors: `TOOL_FAILED` when there is no such tool, when it fails, and when a person has denied it; `WORKFLOW_INVALID` when its
 * arguments are not right.
 */
export function createTool(tools: Pick<ToolRegistry, 'toolset'>, times: CallTimes): NodeExecutor<'tool'> {
  return async function* tool(node, context) {
    const { toolset } = await toolOf(node, tools);
    const options = { run: stepRun(context), toolset, signal: context.signal, ...times };
    const { idempotencyKey } = context;
    const waiting = context.resumed?.parts.filter((part) => part.type === 'tool');
    const parts = waiting
      ? yield* decideCalls(waiting, context.resumed?.answers ?? [], { ...options, idempotencyKey })
      : yield* runStep([{ ...readyCall(node, context, toolset), idempotencyKey }], options);
    const [part] = parts ?? [];
    return { outputs: part ? { output: outputOf(node, part) } : {} };
  };
}

async function toolOf(
  { id, tool }: WorkflowNodeOf<'tool'>,
  tools: Pick<ToolRegistry, 'toolset'>,
): Promise<{ readonly toolset: Toolset; readonly offered: OfferedTool }> {
  const toolset = await tools.toolset([{ name: tool }]).catch((error: unknown) => {
    if (!(error instanceof SwitchboardError)) throw error;
    throw new SwitchboardError(error.code, `node ${id}, field tool: ${error.message}`, { cause: error });
  });
  const offered = toolset?.find(tool);
  if (toolset && offered) return { toolset, offered };
  throw new SwitchboardError('WORKFLOW_INVALID', `node ${id}, field tool: ${tool} is no single tool; name one of it`);
}

function stepRun({ run, tools }: NodeContext) {
  return { tools, userId: run.userId };
}

function readyCall({ id, tool, input }: WorkflowNodeOf<'tool'>, { values }: NodeContext, toolset: Toolset) {
  const call = checkCall({ name: tool, input: values.json(input), isJson: true }, 1, toolset);
  if (call.offered) return call;
  throw new SwitchboardError('WORKFLOW_INVALID', `node ${id}, field input: ${call.part.error}`);
}

function outputOf({ id }: WorkflowNodeOf<'tool'>, { state, name, output, error }: ToolPart): unknown {
  const failed = (what: string) => new SwitchboardError('TOOL_FAILED', `node ${id}: ${name} ${what}`);
  switch (state) {
    case 'done':
      return output ?? null;
    case 'failed':
      throw failed(`failed: ${error}`);
    case 'uncertain':
      throw failed(`was broken off, and may have taken effect: ${error}`);
    case 'denied':
      throw failed(error === undefined ? 'was not allowed by a person' : `was not allowed by a person: ${error}`);
    case 'running':
      throw new Error(`the call of ${name} by node ${id} has ended, and is said to run`);
    default:
      return unreachable(state);
  }
}
