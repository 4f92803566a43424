import type { AssistantVersion } from '../../../shared/assistant-settings.ts';
import { SwitchboardError } from '../../../shared/errors.ts';
import type { AppId } from '../../../shared/ids.ts';
import { limits } from '../../../shared/limits.ts';
import type { AssistantTool } from '../../../shared/tool.ts';
import type { ChatHandler, HandlerEvent, HandlerRun } from '../handler.ts';
import type { Models } from '../models.ts';
import { streamAnswer } from '../stream-answer.ts';
import type { Toolset } from '../tools/toolset.ts';
import { answerWithTools } from './agent-loop.ts';
import { contextMessages, recalledMessages } from './context-messages.ts';
import { withFollowUps } from './follow-ups.ts';

export interface AssistantHandlerOptions {
  readonly models: Pick<Models, 'resolve'>;
  /** The version that the run started with; null when there is no such assistant. */
  readonly assistant: (id: AppId, version: number | null) => Promise<AssistantVersion | null>;
  /** The tools of these names, ready to be offered; null for none. Errors: `TOOL_FAILED`. */
  readonly toolset?: (tools: readonly AssistantTool[]) => Promise<Toolset | null>;
  /** Milliseconds without any sign of life after which a run is ended. */
  readonly modelIdleMs?: number;
  /** Milliseconds that a call of a tool waits for a person. */
  readonly approvalMs?: number;
}

/** Signs of life that a working tool gives in the time after which a run without any is ended. */
const signsOfLife = 3;

const noTools = async (): Promise<null> => null;

/** Answers with a language model that is told the assistant's prompt and the conversation so far. */
export function createAssistantHandler(options: AssistantHandlerOptions): ChatHandler {
  const { models, assistant, toolset = noTools } = options;
  const { modelIdleMs = limits.modelIdleMs, approvalMs = limits.approvalMs } = options;
  const aliveMs = modelIdleMs / signsOfLife;
  async function* answer(run: HandlerRun, signal: AbortSignal): AsyncGenerator<HandlerEvent> {
    const [found, conversation] = await Promise.all([
      assistant(run.app.id, run.appVersion),
      run.memory.recall(recalledMessages),
    ]);
    if (!found)
      throw new SwitchboardError('NOT_FOUND', `there is no assistant ${run.app.id}; begin a chat with another`);
    const resolved = await models.resolve(found.model, found.parameters);
    yield { type: 'model', model: resolved.id };
    const tools = found.tools.length === 0 ? null : await toolset(found.tools);
    const { followUps, limits: own, prompt } = found;
    const messages = yield* contextMessages({ run, resolved, prompt, toolset: tools, conversation, signal });
    const events = tools
      ? answerWithTools({ run, resolved, toolset: tools, messages, steps: own.steps, signal, aliveMs, approvalMs })
      : streamAnswer(resolved, messages, signal, { calls: run.calls });
    yield* followUps ? withFollowUps(events, { resolved, question: run.text, signal, calls: run.calls }) : events;
  }
  return { run: (run, { signal }) => answer(run, signal) };
}
