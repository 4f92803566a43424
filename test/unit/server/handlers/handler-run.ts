import { NewAssistantSettings } from '../../../../shared/assistant-settings.ts';
import type { AssistantVersion } from '../../../../shared/assistant-settings.ts';
import { SwitchboardError } from '../../../../shared/errors.ts';
import { newId } from '../../../../shared/new-id.ts';
import type { AppId } from '../../../../shared/ids.ts';
import type { Message, Usage } from '../../../../shared/message.ts';
import { createAssistantHandler } from '../../../../server/handlers/assistant/assistant-handler.ts';
import type { ChatHandler, HandlerEvent, HandlerRun } from '../../../../server/handlers/handler.ts';
import type { Models } from '../../../../server/handlers/models.ts';
import { memoryLedger } from '../../../helpers/memory-ledger.ts';

/** Everything that one run of a handler produced, and how it ended. */
export interface Produced {
  readonly events: HandlerEvent[];
  readonly text: string;
  readonly reasoning: string;
  readonly usage: Usage | undefined;
  /** Null when the handler returned. */
  readonly error: unknown;
}

export function handlerRun(
  text: string,
  history: readonly Message[] = [],
  kind: 'assistant' | 'workflow' = 'assistant',
): HandlerRun {
  return {
    id: newId(),
    chatId: newId(),
    userId: 'local' as HandlerRun['userId'],
    app: { kind, id: newId<AppId>() },
    appVersion: 1,
    attempt: 1,
    text,
    history: async (limit) => history.slice(-limit),
    takeSteering: async () => [],
    resumed: null,
    instructions: null,
    tools: memoryLedger(),
    calls: { begin: async () => {} },
  };
}

export async function produce(
  handler: ChatHandler,
  run: HandlerRun,
  signal = new AbortController().signal,
  onText: () => void = () => undefined,
): Promise<Produced> {
  const events: HandlerEvent[] = [];
  let error: unknown = null;
  try {
    for await (const event of handler.run(run, { signal })) {
      events.push(event);
      if (event.type === 'text') onText();
    }
  } catch (thrown) {
    error = thrown;
  }
  const joined = (type: 'text' | 'reasoning'): string =>
    events.map((event) => (event.type === type ? event.text : '')).join('');
  const usage = events.findLast((event) => event.type === 'usage')?.usage;
  return { events, text: joined('text'), reasoning: joined('reasoning'), usage, error };
}

/** The code of a typed error; what else it was, in words, otherwise. */
export function codeOf(error: unknown): string {
  return error instanceof SwitchboardError ? error.code : `not a SwitchboardError: ${String(error)}`;
}

/** An assistant's handler, whatever the run's app: these tests know one assistant. */
export function assistantHandler(
  models: Pick<Models, 'resolve'>,
  assistant: Partial<AssistantVersion> = {},
): ChatHandler {
  const whole = sampleAssistant(assistant);
  return createAssistantHandler({ models, assistant: async () => whole });
}

export function sampleAssistant(assistant: Partial<AssistantVersion> = {}): AssistantVersion {
  return {
    assistantId: newId<AppId>(),
    version: 1,
    createdAt: new Date(0).toISOString(),
    ...NewAssistantSettings.parse({ name: 'Helper', prompt: 'You are helpful.' }),
    ...assistant,
  };
}
