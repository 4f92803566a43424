import { SwitchboardError } from '../../../shared/errors.ts';
import type { AppId } from '../../../shared/ids.ts';
import type { Workflow, WorkflowDefinition } from '../../../shared/workflow.ts';
import { Cache } from '../cache.ts';
import { nodeAlone } from './node-alone.ts';

/** One stored version of a workflow, validated. */
export interface LoadedWorkflow {
  readonly id: AppId;
  readonly version: number;
  readonly definition: WorkflowDefinition;
}

/** The node that runs a workflow as a part of another. */
interface RunsPart {
  readonly outer: AppId;
  readonly nodeId: string;
}

/** The only node of it that is to run. */
interface RunsAlone {
  readonly alone: string;
}

/**
 * A version of a workflow, or its newest.
 *
 * Errors: `WORKFLOW_INVALID`; `NOT_FOUND` when there is none, or the one that runs it as its part may not.
 */
export type LoadWorkflow = (
  id: AppId,
  version: number | null,
  by: RunsPart | RunsAlone | null,
) => Promise<LoadedWorkflow>;

export interface LoadWorkflowOptions {
  /** A version, or the newest; null when there is none. */
  readonly workflow: (id: AppId, version: number | null) => Promise<Workflow | null>;
  /** Whether one workflow may run another as a part of it. */
  readonly mayRun: (outer: AppId, inner: AppId) => Promise<boolean>;
  /** The definition, if it can run. Errors: `WORKFLOW_INVALID`, naming all problems. */
  readonly check: (name: string, definition: unknown) => WorkflowDefinition;
}

/** Checked versions kept. */
const kept = 500;

/** Loads what is stored, and checks each version once: a version never changes. */
export function createLoadWorkflow({ workflow, mayRun, check }: LoadWorkflowOptions): LoadWorkflow {
  const checked = new Cache<Promise<WorkflowDefinition>>(kept);
  return async (id, version, by) => {
    const part = by && 'outer' in by ? by : null;
    const found = part && !(await mayRun(part.outer, id)) ? null : await workflow(id, version);
    if (!found) throw notFound(id, part);
    const { name, version: number } = found;
    if (by && 'alone' in by) return { id, version: number, definition: nodeAlone(found.definition, by.alone) };
    const definition = await checked.get(`${id} ${number}`, async () => check(name, found.definition));
    return { id, version: number, definition };
  };
}

function notFound(id: AppId, by: RunsPart | null): SwitchboardError {
  const message = by
    ? `node ${by.nodeId}, field workflowId: there is no workflow ${id}, or not for this one; publish it, or choose another`
    : `there is no workflow ${id}; begin a chat with another`;
  return new SwitchboardError('NOT_FOUND', message);
}
