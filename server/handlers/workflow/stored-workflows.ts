import type { CheckpointStore } from '../../../db/checkpoint-store.ts';
import type { NodeLogStore } from '../../../db/node-log-store.ts';
import type { Store } from '../../../db/store.ts';
import { SwitchboardError } from '../../../shared/errors.ts';
import type { WorkflowNodeType } from '../../../shared/workflow-node.ts';
import type { ChatHandler } from '../handler.ts';
import type { Models } from '../models.ts';
import { checkWorkflow } from './check-workflow.ts';
import { createConversationExecutors } from './executors/index.ts';
import { createLoadWorkflow } from './load-workflow.ts';
import type { NodeExecutor } from './node-executor.ts';
import { createWorkflowHandler } from './workflow-handler.ts';

export interface StoredWorkflowsOptions {
  readonly models: Pick<Models, 'resolve'>;
  readonly apps: Pick<Store, 'workflow' | 'ownsWorkflow'>;
  readonly checkpoints: CheckpointStore;
  readonly nodeLogs: Pick<NodeLogStore, 'addToLog'>;
}

/** The handler of the workflows that the database has. */
export function storedWorkflows({
  models,
  apps,
  checkpoints,
  nodeLogs,
}: StoredWorkflowsOptions): Required<ChatHandler> {
  return createWorkflowHandler({
    load: createLoadWorkflow({ workflow: (id, version) => apps.workflow(id, version), check: checkWorkflow }),
    executors: {
      ...createConversationExecutors({ models, matches: async () => false }),
      condition: notYet('condition'),
      code: notYet('code'),
      http: notYet('http'),
      tool: notYet('tool'),
      assistant: notYet('assistant'),
    },
    checkpoints,
    log: nodeLogs,
    inspects: ({ userId, app }) => apps.ownsWorkflow(userId, app.id),
  });
}

function notYet<Type extends WorkflowNodeType>(type: Type): NodeExecutor<Type> {
  return async function* fail({ id }) {
    yield* [];
    throw new SwitchboardError('WORKFLOW_INVALID', `node ${id}: this version cannot run nodes of type ${type} yet`);
  };
}
