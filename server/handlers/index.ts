import type { CheckpointStore } from '../../db/checkpoint-store.ts';
import type { NodeLogStore } from '../../db/node-log-store.ts';
import type { Store } from '../../db/store.ts';
import type { AppKind } from '../../shared/chat.ts';
import type { AssistantVersion } from '../../shared/assistant-settings.ts';
import type { AppId, UserId } from '../../shared/ids.ts';
import type { Limits } from '../../shared/limits.ts';
import { createAssistantHandler } from './assistant/assistant-handler.ts';
import type { ChatHandler } from './handler.ts';
import { lazyHandler } from './lazy-handler.ts';
import type { Models } from './models.ts';
import type { Outbound } from './tools/outbound/outbound.ts';
import type { ToolRegistry } from './tools/tool-registry.ts';
import type { RegisteredWorkflow } from './workflow/registered/registered-workflow.ts';
import type { CodeSandbox } from './workflow/sandbox/code-sandbox.ts';

export interface HandlersOptions {
  readonly models: Models;
  readonly tools: Pick<ToolRegistry, 'toolset'>;
  readonly limits: Pick<Limits, 'approvalMs' | 'modelIdleMs'>;
  readonly apps: Pick<Store, 'assistant' | 'workflow' | 'ownsWorkflow' | 'mayRunWorkflow'>;
  readonly checkpoints: CheckpointStore;
  readonly nodeLogs: Pick<NodeLogStore, 'addToLog'>;
  /** The newest version of an assistant that this user may ask; null when there is none. */
  readonly assistantOf: (id: AppId, userId: UserId) => Promise<AssistantVersion | null>;
  /** What http nodes go out by. */
  readonly outbound: Outbound;
  /** Where code nodes run; whoever made it closes it. */
  readonly sandbox: Pick<CodeSandbox, 'run'>;
  /** Those that the program around the server has registered. */
  readonly workflows?: ReadonlyMap<AppId, RegisteredWorkflow>;
}

/** Signs of life that a working node gives in the time after which a run without any is ended. */
const signsOfLife = 3;

/** The handler of each kind of app. A kind that nobody handles does not compile. */
export function createHandlers(options: HandlersOptions): Record<AppKind, ChatHandler> {
  const { models, tools, limits, apps, assistantOf: assistant, outbound, sandbox } = options;
  const { checkpoints, nodeLogs, workflows = new Map<AppId, RegisteredWorkflow>() } = options;
  const aliveMs = limits.modelIdleMs / signsOfLife;
  const reaching = { models, tools, assistant, outbound, sandbox, aliveMs, approvalMs: limits.approvalMs };
  return {
    assistant: createAssistantHandler({
      models,
      assistant: (id, version) => apps.assistant(id, version),
      toolset: (wanted) => tools.toolset(wanted),
      modelIdleMs: limits.modelIdleMs,
      approvalMs: limits.approvalMs,
    }),
    workflow: lazyHandler(async () => {
      const { storedWorkflows } = await import('./workflow/stored-workflows.ts');
      const { eitherWorkflows } = await import('./workflow/registered/either-workflows.ts');
      const { registeredWorkflows } = await import('./workflow/registered/registered-workflows.ts');
      return eitherWorkflows(
        (id) => workflows.has(id),
        registeredWorkflows({ workflows, checkpoints, aliveMs }),
        storedWorkflows({ ...reaching, apps, checkpoints, nodeLogs }),
      );
    }),
  } satisfies Record<AppKind, ChatHandler>;
}
