import { SwitchboardError } from '../../../shared/errors.ts';
import type { AppId } from '../../../shared/ids.ts';
import { limits } from '../../../shared/limits.ts';
import type { Workflow } from '../../../shared/workflow.ts';
import type { WorkflowNodeOf } from '../../../shared/workflow-node.ts';
import type { Program, UnfoldedWorkflow } from './program.ts';
import type { LoadedWorkflow, LoadWorkflow } from './programs.ts';

/** Where a workflow stands in the one that is unfolded. */
interface Place {
  readonly depth: number;
  /** Whether whoever owns the outermost may not see into it. */
  readonly isForeign: boolean;
}

/**
 * A workflow with its subworkflows in it, each of them read once. A subworkflow has to be published, or of the same owner as
 * the one that names it; a run that has begun keeps what it has begun with.
 *
 * Errors: `NOT_FOUND` for one that may not be run there; `WORKFLOW_INVALID` when they are too deep, or too many nodes in all.
 */
export class Unfolding {
  /** The versions of the subworkflows so far. */
  readonly used: Record<AppId, number> = {};
  readonly #load: LoadWorkflow;
  readonly #outermost: LoadedWorkflow;
  readonly #begunWith: Program['versions'] | null;
  readonly #loaded = new Map<AppId, LoadedWorkflow>();
  /** All of them, so far. */
  nodes = 0;

  /** @param begunWith the versions of the subworkflows of a run that goes on; null: the newest ones */
  constructor(load: LoadWorkflow, outermost: LoadedWorkflow, begunWith: Program['versions'] | null) {
    this.#load = load;
    this.#outermost = outermost;
    this.#begunWith = begunWith;
  }

  unfold(): Promise<UnfoldedWorkflow> {
    return this.#unfold(this.#outermost, { depth: 0, isForeign: false });
  }

  async #unfold(workflow: LoadedWorkflow, { depth, isForeign }: Place): Promise<UnfoldedWorkflow> {
    const { definition, id } = workflow;
    this.nodes += definition.nodes.length;
    if (this.nodes > limits.workflowProgram) throw tooMany(this.#outermost.id);
    const inner = new Map<string, UnfoldedWorkflow>();
    for (const node of definition.nodes) {
      if (node.type !== 'subworkflow') continue;
      if (depth >= limits.workflowInner) throw tooDeep(id, node.id);
      const found = await this.#innerOf(workflow, node);
      const isHidden = found.ownerId !== null && found.ownerId !== this.#outermost.ownerId;
      inner.set(node.id, await this.#unfold(found, { depth: depth + 1, isForeign: isForeign || isHidden }));
    }
    return { definition, inner, isForeign };
  }

  async #innerOf(outer: LoadedWorkflow, { id, workflowId }: WorkflowNodeOf<'subworkflow'>): Promise<LoadedWorkflow> {
    const begunWith = this.#begunWith?.[workflowId];
    const found = this.#loaded.get(workflowId) ?? (await this.#load(workflowId, begunWith ?? null));
    if (begunWith === undefined && !mayRun(outer, found)) throw notThere(id, workflowId);
    this.#loaded.set(workflowId, found);
    this.used[workflowId] = found.version;
    return found;
  }
}

/** Whether one workflow may run another as a part of it. */
export function mayRun(
  outer: Pick<Workflow, 'ownerId'>,
  { ownerId, status }: Pick<Workflow, 'ownerId' | 'status'>,
): boolean {
  return status === 'published' || (status === 'draft' && ownerId !== null && ownerId === outer.ownerId);
}

function notThere(nodeId: string, id: AppId): SwitchboardError {
  const message = `node ${nodeId} runs the workflow ${id}, which there is not, or not for whoever has made this one`;
  return new SwitchboardError('NOT_FOUND', `${message}; name another, or ask for it to be published`);
}

function tooDeep(id: AppId, nodeId: string): SwitchboardError {
  const message = `workflow ${id}, node ${nodeId}: subworkflows are more than ${limits.workflowInner} deep`;
  return new SwitchboardError('WORKFLOW_INVALID', `${message}; one of them may run itself: remove the node`);
}

function tooMany(id: AppId): SwitchboardError {
  const message = `workflow ${id} has, with its subworkflows in it, more than ${limits.workflowProgram} nodes`;
  return new SwitchboardError('WORKFLOW_INVALID', `${message}; run fewer of them, a loop over one instead of many`);
}
