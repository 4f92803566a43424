import type { CheckpointStore } from '../../../db/checkpoint-store.ts';
import type { Store } from '../../../db/store.ts';
import { SwitchboardError } from '../../../shared/errors.ts';
import { WorkflowDefinition } from '../../../shared/workflow.ts';
import type { ChatHandler } from '../handler.ts';
import { matchRules } from './condition/match-rules.ts';
import { createCondition } from './executors/condition.ts';
import { createConversationExecutors } from './executors/index.ts';
import { createReachingExecutors } from './executors/reaching.ts';
import type { ReachingExecutorsOptions } from './executors/reaching.ts';
import { createLoadWorkflow } from './load-workflow.ts';
import { createWorkflowHandler } from './workflow-handler.ts';

export interface StoredWorkflowsOptions extends ReachingExecutorsOptions {
  readonly apps: Pick<Store, 'workflow'>;
  readonly checkpoints: CheckpointStore;
}

/** The handler of the workflows that the database has. */
export function storedWorkflows(options: StoredWorkflowsOptions): Required<ChatHandler> {
  const { models, apps, checkpoints } = options;
  return createWorkflowHandler({
    load: createLoadWorkflow({ workflow: (id) => apps.workflow(id), check }),
    executors: {
      ...createConversationExecutors({ models, matches: matchRules }),
      ...createReachingExecutors(options),
      condition: createCondition(matchRules),
    },
    checkpoints,
    inspects: async () => false,
  });
}

function check(name: string, definition: unknown): WorkflowDefinition {
  const parsed = WorkflowDefinition.safeParse(definition);
  if (parsed.success) return parsed.data;
  throw new SwitchboardError('WORKFLOW_INVALID', `the workflow “${name}” cannot run: ${parsed.error.message}`);
}
