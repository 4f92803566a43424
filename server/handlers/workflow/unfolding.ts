import { SwitchboardError } from '../../../shared/errors.ts';
import type { AppId } from '../../../shared/ids.ts';
import { limits } from '../../../shared/limits.ts';
import type { WorkflowNodeOf } from '../../../shared/workflow-node.ts';
import type { LoadedWorkflow, LoadWorkflow } from './load-workflow.ts';
import type { Program, UnfoldedWorkflow } from './program.ts';

/** Puts its subworkflows into one workflow, and theirs into them. */
export class Unfolding {
  /** Of the subworkflows, when it is done. */
  readonly versions: Record<AppId, number> = {};
  readonly #load: LoadWorkflow;
  readonly #begun: Program['versions'] | null;
  readonly #loaded = new Map<string, Promise<LoadedWorkflow>>();
  #nodes = 0;

  /** @param begun versions of the subworkflows, of a run that goes on, whoever may use them by now; null: the newest ones */
  constructor(load: LoadWorkflow, begun: Program['versions'] | null) {
    this.#load = load;
    this.#begun = begun;
  }

  /** So far, of all workflows. */
  get nodes(): number {
    return this.#nodes;
  }

  /** Errors: `WORKFLOW_INVALID` where they are too deep or too many; those of `LoadWorkflow`. */
  async unfold({ id, definition }: LoadedWorkflow, depth = 0): Promise<UnfoldedWorkflow> {
    // Before anything is read: a few workflows that run each other a few times over would be millions of nodes.
    this.#nodes += definition.nodes.length;
    if (this.#nodes > limits.workflowProgram) throw tooMany(id);
    const inner = new Map<string, UnfoldedWorkflow>();
    for (const node of definition.nodes) {
      if (node.type !== 'subworkflow') continue;
      if (depth >= limits.workflowInner) throw tooDeep(id, node.id);
      inner.set(node.id, await this.unfold(await this.#part(id, node), depth + 1));
    }
    return { definition, inner };
  }

  async #part(outer: AppId, { id: nodeId, workflowId }: WorkflowNodeOf<'subworkflow'>): Promise<LoadedWorkflow> {
    const key = `${outer} ${workflowId}`;
    const version = this.versions[workflowId] ?? this.#begun?.[workflowId] ?? null;
    const loading = this.#loaded.get(key) ?? this.#load(workflowId, version, this.#begun ? null : { outer, nodeId });
    this.#loaded.set(key, loading);
    const loaded = await loading;
    this.versions[loaded.id] = loaded.version;
    return loaded;
  }
}

function tooDeep(id: AppId, nodeId: string): SwitchboardError {
  const message = `workflow ${id}, node ${nodeId}: subworkflows are more than ${limits.workflowInner} deep`;
  return new SwitchboardError('WORKFLOW_INVALID', `${message}; one of them may run itself: remove the node`);
}

function tooMany(id: AppId): SwitchboardError {
  const message = `with workflow ${id} as a subworkflow there are more than ${limits.workflowProgram} nodes`;
  return new SwitchboardError('WORKFLOW_INVALID', `${message}; run it less often, or in a loop`);
}
