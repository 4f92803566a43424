import { SwitchboardError } from '../../../shared/errors.ts';
import type { AppId } from '../../../shared/ids.ts';
import type { Workflow, WorkflowDefinition } from '../../../shared/workflow.ts';
import { Cache } from '../cache.ts';
import { nodeAlone } from './node-alone.ts';
import type { LoadWorkflow } from './programs.ts';

export interface LoadWorkflowOptions {
  /** A version, or the newest; null when there is none. */
  readonly workflow: (id: AppId, version: number | null) => Promise<Workflow | null>;
  /** The definition, if it can run. Errors: `WORKFLOW_INVALID`, naming all problems. */
  readonly check: (name: string, definition: unknown) => WorkflowDefinition;
}

/** Checked versions kept. */
const kept = 500;

/** Loads what is stored, and checks each version once: a version never changes. */
export function createLoadWorkflow({ workflow, check }: LoadWorkflowOptions): LoadWorkflow {
  const checked = new Cache<Promise<WorkflowDefinition>>(kept);
  return async (id, version, alone = null) => {
    const found = await workflow(id, version);
    if (!found) throw new SwitchboardError('NOT_FOUND', `there is no workflow ${id}; begin a chat with another`);
    const { name, version: number, ownerId, status } = found;
    // What runs alone may be of a draft that is not done.
    if (alone !== null) return { id, version: number, definition: nodeAlone(found.definition, alone), ownerId, status };
    const definition = await checked.get(`${id} ${number}`, async () => check(name, found.definition));
    return { id, version: number, definition, ownerId, status };
  };
}
