import type { AssistantVersion } from '../../../../shared/assistant-settings.ts';
import { SwitchboardError } from '../../../../shared/errors.ts';
import type { AppId, UserId } from '../../../../shared/ids.ts';
import { limits } from '../../../../shared/limits.ts';
import { answerWithTools } from '../../assistant/agent-loop.ts';
import { promptMessages } from '../../assistant/prompt-messages.ts';
import type { HandlerEvent } from '../../handler.ts';
import type { Models } from '../../models.ts';
import { streamAnswer } from '../../stream-answer.ts';
import type { ToolRegistry } from '../../tools/tool-registry.ts';
import type { NodeContext, NodeExecutor } from '../node-executor.ts';

export interface AssistantNodeOptions {
  readonly models: Pick<Models, 'resolve'>;
  readonly tools: Pick<ToolRegistry, 'toolset'>;
  /** The newest version of an assistant that this user may ask; null when there is none. */
  readonly assistant: (id: AppId, userId: UserId) => Promise<AssistantVersion | null>;
}

/**
 * Asks an assistant, which is told its own prompt and the node's, and nothing of the chat. Its tools are called as in a
 * chat with it, with the same questions to a person. It makes what the assistant says after its last call of a tool.
 *
 * Errors: those of models and tools; `NOT_FOUND` when there is no such assistant for whoever chats.
 */
export function createAssistant(options: AssistantNodeOptions, aliveMs: number): NodeExecutor<'assistant'> {
  return async function* assistant(node, context) {
    const found = await options.assistant(node.assistantId, context.run.userId);
    if (!found) throw notFound(node.id, node.assistantId);
    const resolved = await options.models.resolve(found.model, found.parameters);
    yield { type: 'model', model: resolved.id };
    const toolset = found.tools.length === 0 ? null : await options.tools.toolset(found.tools);
    const { signal, calls } = context;
    const { historyTokens } = limits;
    const text = context.values.text(node.prompt);
    const messages = promptMessages({ prompt: found.prompt, history: [], text, historyTokens });
    const run = agentRun(context);
    const { steps } = found.limits;
    const events = toolset
      ? answerWithTools({ run, resolved, toolset, messages, steps, signal, aliveMs })
      : streamAnswer(resolved, messages, signal, { calls });
    return { outputs: { output: yield* said(events, node.stream) } };
  };
}

/** Messages that a person adds meanwhile are for the workflow, which has no place for them. */
function agentRun({ run, resumed, calls, tools }: NodeContext) {
  return { userId: run.userId, takeSteering: async () => [], resumed, calls, tools };
}

/** Shows an answer, or only its calls, and returns what it says after the last of them. */
async function* said(events: AsyncIterable<HandlerEvent>, isShown: boolean): AsyncGenerator<HandlerEvent, string> {
  let text: string[] = [];
  for await (const event of events) {
    if (event.type === 'part' && event.value.type === 'tool') text = [];
    if (event.type === 'text') text.push(event.text);
    const isContent = event.type === 'text' || event.type === 'reasoning';
    yield isContent && !isShown ? { type: 'alive' } : event;
  }
  return text.join('');
}

function notFound(nodeId: string, id: AppId): SwitchboardError {
  const message = `node ${nodeId} asks the assistant ${id}, which there is not, or not for whoever chats`;
  return new SwitchboardError('NOT_FOUND', `${message}; publish it, or choose another`);
}
