import { SwitchboardError } from '../../../shared/errors.ts';
import type { AppId } from '../../../shared/ids.ts';
import { limits } from '../../../shared/limits.ts';
import type { WorkflowDefinition } from '../../../shared/workflow.ts';
import { Cache } from '../cache.ts';
import { nodeAlone } from './node-alone.ts';
import type { Checkpointer } from './checkpointer.ts';
import { compileProgram } from './graph.ts';
import type { WorkflowGraph } from './graph.ts';
import { createProgram } from './program.ts';
import type { Program, UnfoldedWorkflow } from './program.ts';

/** One stored version of a workflow, validated. */
export interface LoadedWorkflow {
  readonly id: AppId;
  readonly version: number;
  readonly definition: WorkflowDefinition;
}

/** A version of a workflow, or its newest. Errors: `NOT_FOUND`, `WORKFLOW_INVALID`. */
export type LoadWorkflow = (id: AppId, version: number | null) => Promise<LoadedWorkflow>;

export interface CompiledProgram {
  readonly program: Program;
  readonly graph: WorkflowGraph;
}

/** Programs kept, each a few kilobytes a node: as many as are in use on a busy day. */
const kept = 500;

/** The programs of workflows, each made once for its version and those of its subworkflows. */
export class Programs {
  readonly #load: LoadWorkflow;
  readonly #checkpointer: Checkpointer;
  readonly #programs = new Cache<Promise<CompiledProgram>>(kept);

  constructor(load: LoadWorkflow, checkpointer: Checkpointer) {
    this.#load = load;
    this.#checkpointer = checkpointer;
  }

  /**
   * @param versions of the subworkflows, of a run that goes on; null: the newest ones
   * @param nodeId of the only node that is to run; null: all of it
   */
  async get(
    id: AppId,
    version: number | null,
    versions: Program['versions'] | null,
    nodeId: string | null = null,
  ): Promise<CompiledProgram> {
    const used: Record<AppId, number> = {};
    const loaded = await this.#load(id, version);
    const program = nodeId === null ? loaded : { ...loaded, definition: nodeAlone(loaded.definition, nodeId) };
    const unfolded = await this.#unfold(program, versions, used, 0);
    const key = JSON.stringify([
      id,
      version,
      nodeId,
      Object.entries(used).toSorted(([one], [other]) => (one < other ? -1 : 1)),
    ]);
    return this.#programs.get(key, async () => this.#compile(unfolded, used));
  }

  async #compile(unfolded: UnfoldedWorkflow, versions: Program['versions']): Promise<CompiledProgram> {
    const program = createProgram(unfolded, versions);
    return { program, graph: compileProgram(program, this.#checkpointer) };
  }

  /** @param used told the versions of the subworkflows */
  async #unfold(
    { id, definition }: LoadedWorkflow,
    versions: Program['versions'] | null,
    used: Record<AppId, number>,
    depth: number,
  ): Promise<UnfoldedWorkflow> {
    const inner = new Map<string, UnfoldedWorkflow>();
    for (const node of definition.nodes) {
      if (node.type !== 'subworkflow') continue;
      if (depth >= limits.workflowInner) throw tooDeep(id, node.id);
      const known = used[node.workflowId] ?? versions?.[node.workflowId] ?? null;
      const loaded = await this.#load(node.workflowId, known);
      used[loaded.id] = loaded.version;
      inner.set(node.id, await this.#unfold(loaded, versions, used, depth + 1));
    }
    return { definition, inner };
  }
}

function tooDeep(id: AppId, nodeId: string): SwitchboardError {
  const message = `workflow ${id}, node ${nodeId}: subworkflows are more than ${limits.workflowInner} deep`;
  return new SwitchboardError('WORKFLOW_INVALID', `${message}; one of them may run itself: remove the node`);
}
