import type { AppId } from '../shared/ids.ts';
import { limits } from '../shared/limits.ts';
import { nodesOf } from '../shared/readable-nodes.ts';
import type { Workflow } from '../shared/workflow.ts';
import type { WorkflowNode } from '../shared/workflow-node.ts';
import { mayRun } from './handlers/workflow/unfolding.ts';
import { validateWorkflow } from './handlers/workflow/validation/validate-workflow.ts';

export interface WorkflowPartsOptions {
  /** The newest version of a workflow, whoever may use it; null when there is none. */
  readonly stored: (id: AppId) => Promise<Workflow | null>;
}

/** What a workflow comes to with those that it runs, or why it cannot be run. */
type Extent = { readonly nodes: number; readonly levels: number } | { readonly problem: string };

/** The workflows that one workflow runs, and those that they run: each is read once, however often it stands there. */
export class WorkflowParts {
  readonly #options: WorkflowPartsOptions;
  readonly #whole: AppId | null;
  readonly #read = new Map<AppId, Promise<Workflow | null>>();
  readonly #known = new Map<AppId, Extent>();
  readonly #open = new Set<AppId>();

  /** @param whole the workflow that runs them; null when it is not stored */
  constructor(options: WorkflowPartsOptions, whole: AppId | null) {
    this.#options = options;
    this.#whole = whole;
  }

  /** The newest version of a workflow; null when there is none. */
  stored(id: AppId): Promise<Workflow | null> {
    const read = this.#read.get(id) ?? this.#options.stored(id);
    this.#read.set(id, read);
    return read;
  }

  /** What some nodes come to with what they run. Not for two at once. */
  async extentOf(nodes: readonly WorkflowNode[], by: Workflow | null = null): Promise<Extent> {
    let [all, levels] = [nodes.length, 0];
    for (const node of nodes) {
      if (node.type !== 'subworkflow') continue;
      const inner = await this.#extent(node.workflowId, by);
      if ('problem' in inner) return inner;
      [all, levels] = [all + inner.nodes, Math.max(levels, inner.levels + 1)];
      if (all > limits.workflowProgram || levels > limits.workflowInner) return tooMuch(all, levels);
    }
    return { nodes: all, levels };
  }

  async #extent(id: AppId, by: Workflow | null): Promise<Extent> {
    if (id === this.#whole || this.#open.has(id)) return { problem: `workflow ${id} runs this one, or itself, again` };
    const workflow = await this.stored(id);
    if (by && !(workflow && mayRun(by, workflow)))
      return { problem: `workflow ${by.id} runs ${id}, which there is not, or not for it` };
    const known = this.#known.get(id);
    if (known) return known;
    this.#open.add(id);
    const extent = await this.#measured(id, workflow);
    this.#open.delete(id);
    this.#known.set(id, extent);
    return extent;
  }

  async #measured(id: AppId, workflow: Workflow | null): Promise<Extent> {
    if (workflow && validateWorkflow(workflow.definition).length === 0)
      return this.extentOf(nodesOf(workflow.definition), workflow);
    return {
      problem: `workflow ${id} cannot run: it has problems of its own, which workflow.validate tells its owner`,
    };
  }
}

function tooMuch(nodes: number, levels: number): Extent {
  if (levels > limits.workflowInner) return { problem: `subworkflows are more than ${limits.workflowInner} deep` };
  return { problem: `with their subworkflows there are ${nodes} nodes, and at most ${limits.workflowProgram} run` };
}
