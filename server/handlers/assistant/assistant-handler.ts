import type { Assistant } from '../../../shared/assistant.ts';
import { SwitchboardError } from '../../../shared/errors.ts';
import type { AppId } from '../../../shared/ids.ts';
import { limits } from '../../../shared/limits.ts';
import type { ChatHandler, HandlerEvent, HandlerRun } from '../handler.ts';
import type { Models } from '../models.ts';
import { streamAnswer } from '../stream-answer.ts';
import { promptMessages } from './prompt-messages.ts';

export interface AssistantHandlerOptions {
  readonly models: Pick<Models, 'resolve'>;
  /** Null when there is no such assistant. Read at each run, so that a change counts from the next answer on. */
  readonly assistant: (id: AppId, version?: string) => Promise<Assistant | null>;
}

/** Answers with a language model that is told the assistant's prompt and the conversation so far. */
export function createAssistantHandler({ models, assistant }: AssistantHandlerOptions): ChatHandler {
  async function* answer(run: HandlerRun, signal: AbortSignal): AsyncGenerator<HandlerEvent> {
    const [found, history] = await Promise.all([
      assistant(run.app.id, run.appVersion),
      run.history(limits.historyMessages),
    ]);
    if (!found)
      throw new SwitchboardError('NOT_FOUND', `there is no assistant ${run.app.id}; begin a chat with another`);
    const resolved = await models.resolve(found.model, { temperature: found.temperature });
    yield { type: 'model', model: resolved.id };
    const messages = promptMessages({
      prompt: found.prompt,
      history,
      text: run.text,
      historyTokens: limits.historyTokens,
    });
    yield* streamAnswer(resolved, messages, signal);
  }
  return { run: (run, { signal }) => answer(run, signal) };
}
