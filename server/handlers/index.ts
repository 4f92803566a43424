import type { CheckpointStore } from '../../db/checkpoint-store.ts';
import type { NodeLogStore } from '../../db/node-log-store.ts';
import type { Store } from '../../db/store.ts';
import type { AppKind } from '../../shared/chat.ts';
import type { Limits } from '../../shared/limits.ts';
import { createAssistantHandler } from './assistant/assistant-handler.ts';
import type { ChatHandler } from './handler.ts';
import { lazyHandler } from './lazy-handler.ts';
import type { Models } from './models.ts';
import type { ToolRegistry } from './tools/tool-registry.ts';

export interface HandlersOptions {
  readonly models: Models;
  readonly tools: Pick<ToolRegistry, 'toolset'>;
  readonly limits: Pick<Limits, 'modelIdleMs'>;
  readonly apps: Pick<Store, 'assistant' | 'workflow' | 'ownsWorkflow'>;
  readonly checkpoints: CheckpointStore;
  readonly nodeLogs: Pick<NodeLogStore, 'addToLog'>;
}

/** The handler of each kind of app. A kind that nobody handles does not compile. */
export function createHandlers({
  models,
  tools,
  limits,
  apps,
  checkpoints,
  nodeLogs,
}: HandlersOptions): Record<AppKind, ChatHandler> {
  return {
    assistant: createAssistantHandler({
      models,
      assistant: (id, version) => apps.assistant(id, version),
      toolset: (wanted) => tools.toolset(wanted),
      modelIdleMs: limits.modelIdleMs,
    }),
    workflow: lazyHandler(async () =>
      (await import('./workflow/stored-workflows.ts')).storedWorkflows({ models, apps, checkpoints, nodeLogs }),
    ),
  } satisfies Record<AppKind, ChatHandler>;
}
