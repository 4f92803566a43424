import type { CheckpointStore } from '../../../db/checkpoint-store.ts';
import type { NodeLogStore } from '../../../db/node-log-store.ts';
import type { Store } from '../../../db/store.ts';
import type { ChatHandler } from '../handler.ts';
import { checkWorkflow } from './check-workflow.ts';
import { matchRules } from './condition/match-rules.ts';
import { createCondition } from './executors/condition.ts';
import { createConversationExecutors } from './executors/index.ts';
import { createReachingExecutors } from './executors/reaching.ts';
import type { ReachingExecutorsOptions } from './executors/reaching.ts';
import { createLoadWorkflow } from './load-workflow.ts';
import { createWorkflowHandler } from './workflow-handler.ts';

export interface StoredWorkflowsOptions extends ReachingExecutorsOptions {
  readonly apps: Pick<Store, 'workflow' | 'ownsWorkflow' | 'mayRunWorkflow'>;
  readonly checkpoints: CheckpointStore;
  readonly nodeLogs: Pick<NodeLogStore, 'addToLog'>;
}

/** The handler of the workflows that the database has. */
export function storedWorkflows(options: StoredWorkflowsOptions): Required<ChatHandler> {
  const { models, apps, checkpoints, nodeLogs } = options;
  return createWorkflowHandler({
    load: createLoadWorkflow({
      workflow: (id, version) => apps.workflow(id, version),
      mayRun: (outer, inner) => apps.mayRunWorkflow(outer, inner),
      check: checkWorkflow,
    }),
    executors: {
      ...createConversationExecutors({ models, matches: matchRules }),
      ...createReachingExecutors(options),
      condition: createCondition(matchRules),
    },
    checkpoints,
    log: nodeLogs,
    inspects: (userId, id) => apps.ownsWorkflow(userId, id),
  });
}
