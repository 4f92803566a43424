import type { AppId } from '../shared/ids.ts';
import type { Workflow } from '../shared/workflow.ts';
import { WorkflowNode } from '../shared/workflow-node.ts';

export interface InnerWorkflowsOptions {
  /** The newest version of a workflow, whoever may use it; null when there is none. */
  readonly stored: (id: AppId) => Promise<Workflow | null>;
  /** Why whoever asks may not run it; undefined where they may. */
  readonly refusal: (id: AppId) => Promise<string | undefined>;
}

interface InnerWorkflow {
  readonly name: string | undefined;
  readonly nodes: readonly WorkflowNode[];
}

/** Workflows that are read to find out whether one runs itself. */
const mostInner = 100;

/**
 * What is known of the workflows that one definition runs, and of those that these run. Each is asked for and read once: there
 * may be a thousand nodes that run the same one, and to read one of a thousand nodes takes long.
 */
export class InnerWorkflows {
  readonly #options: InnerWorkflowsOptions;
  readonly #read = new Map<AppId, Promise<InnerWorkflow>>();
  readonly #refusals = new Map<AppId, Promise<string | undefined>>();

  constructor(options: InnerWorkflowsOptions) {
    this.#options = options;
  }

  get(id: AppId): Promise<InnerWorkflow> {
    const read = this.#read.get(id) ?? this.#options.stored(id).then(readInner);
    this.#read.set(id, read);
    return read;
  }

  refusal(id: AppId): Promise<string | undefined> {
    const refusal = this.#refusals.get(id) ?? this.#options.refusal(id);
    this.#refusals.set(id, refusal);
    return refusal;
  }

  /** Whether a workflow runs the wanted one, or one that runs itself, through any number of others. */
  async runs(workflowId: AppId, wanted: AppId | null): Promise<boolean> {
    const open = new Set<AppId>();
    const done = new Set<AppId>();
    const visit = async (id: AppId): Promise<boolean> => {
      if (id === wanted || open.has(id)) return true;
      if (done.has(id) || open.size + done.size >= mostInner) return false;
      open.add(id);
      const { nodes } = await this.get(id);
      for (const node of nodes) if (node.type === 'subworkflow' && (await visit(node.workflowId))) return true;
      open.delete(id);
      done.add(id);
      return false;
    };
    return visit(workflowId);
  }
}

function readInner(found: Workflow | null): InnerWorkflow {
  return { name: found?.name, nodes: nodesOf(found?.definition) };
}

/** Those that can be read: what is wrong with the others is told elsewhere. */
export function nodesOf(definition: unknown): WorkflowNode[] {
  const nodes = (definition as { nodes?: unknown } | null | undefined)?.nodes;
  return Array.isArray(nodes) ? nodes.flatMap((node) => WorkflowNode.safeParse(node).data ?? []) : [];
}
