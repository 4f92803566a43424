import type { Store } from '../../db/store.ts';
import type { AppKind } from '../../shared/chat.ts';
import type { Limits } from '../../shared/limits.ts';
import { createAssistantHandler } from './assistant/assistant-handler.ts';
import type { ChatHandler } from './handler.ts';
import type { Models } from './models.ts';
import type { ToolRegistry } from './tools/tool-registry.ts';
import { createWorkflowHandler } from './workflow/workflow-handler.ts';

export interface HandlersOptions {
  readonly models: Models;
  readonly tools: Pick<ToolRegistry, 'toolset'>;
  readonly limits: Pick<Limits, 'approvalMs' | 'modelIdleMs'>;
  readonly apps: Pick<Store, 'assistant' | 'workflow'>;
}

/** The handler of each kind of app. A kind that nobody handles does not compile. */
export function createHandlers({ models, tools, limits, apps }: HandlersOptions): Record<AppKind, ChatHandler> {
  return {
    assistant: createAssistantHandler({
      models,
      assistant: (id, version) => apps.assistant(id, version),
      toolset: (wanted) => tools.toolset(wanted),
      modelIdleMs: limits.modelIdleMs,
      approvalMs: limits.approvalMs,
    }),
    workflow: createWorkflowHandler({ models, workflow: (id) => apps.workflow(id) }),
  } satisfies Record<AppKind, ChatHandler>;
}
