import type { AssistantVersion } from '../../../shared/assistant-settings.ts';
import { SwitchboardError } from '../../../shared/errors.ts';
import type { AppId } from '../../../shared/ids.ts';
import { limits } from '../../../shared/limits.ts';
import type { AssistantTool } from '../../../shared/tool.ts';
import { withFiles } from '../attached-files.ts';
import type { ChatHandler, HandlerEvent, HandlerRun } from '../handler.ts';
import type { Models } from '../models.ts';
import { streamAnswer } from '../stream-answer.ts';
import type { Toolset } from '../tools/toolset.ts';
import { answerWithTools } from './agent-loop.ts';
import { withFollowUps } from './follow-ups.ts';
import { promptMessages } from './prompt-messages.ts';

export interface AssistantHandlerOptions {
  readonly models: Pick<Models, 'resolve'>;
  /** The version that the run started with; null when there is no such assistant. */
  readonly assistant: (id: AppId, version: number | null) => Promise<AssistantVersion | null>;
  /** The tools of these names, ready to be offered; null for none. Errors: `TOOL_FAILED`. */
  readonly toolset?: (tools: readonly AssistantTool[]) => Promise<Toolset | null>;
  /** Milliseconds without any sign of life after which a run is ended. */
  readonly modelIdleMs?: number;
}

/** Signs of life that a working tool gives in the time after which a run without any is ended. */
const signsOfLife = 3;

const noTools = async (): Promise<null> => null;

/** Answers with a language model that is told the assistant's prompt and the conversation so far. */
export function createAssistantHandler(options: AssistantHandlerOptions): ChatHandler {
  const { models, assistant, toolset = noTools, modelIdleMs = limits.modelIdleMs } = options;
  const aliveMs = modelIdleMs / signsOfLife;
  async function* answer(run: HandlerRun, signal: AbortSignal): AsyncGenerator<HandlerEvent> {
    const [found, history] = await Promise.all([
      assistant(run.app.id, run.appVersion),
      run.history(limits.historyMessages),
    ]);
    if (!found)
      throw new SwitchboardError('NOT_FOUND', `there is no assistant ${run.app.id}; begin a chat with another`);
    const resolved = await models.resolve(found.model, found.parameters);
    yield { type: 'model', model: resolved.id };
    const tools = found.tools.length === 0 ? null : await toolset(found.tools);
    const { prompt } = found;
    const messages = promptMessages({
      prompt,
      historyTokens: limits.historyTokens,
      ...(await withFiles(run, resolved, history)),
    });
    const { followUps, limits: own } = found;
    const events = tools
      ? answerWithTools({ run, resolved, toolset: tools, messages, steps: own.steps, signal, aliveMs })
      : streamAnswer(resolved, messages, signal, { calls: run.calls });
    yield* followUps ? withFollowUps(events, { resolved, question: run.text, signal, calls: run.calls }) : events;
  }
  return { run: (run, { signal }) => answer(run, signal) };
}
