import type { AppId, UserId } from '../../../shared/ids.ts';
import type { WorkflowDefinition, WorkflowStatus } from '../../../shared/workflow.ts';
import { Cache } from '../cache.ts';
import type { Checkpointer } from './checkpointer.ts';
import { compileProgram } from './graph.ts';
import type { WorkflowGraph } from './graph.ts';
import { createProgram } from './program.ts';
import type { Program, UnfoldedWorkflow } from './program.ts';
import { Unfolding } from './unfolding.ts';

/** One stored version of a workflow, validated. */
export interface LoadedWorkflow {
  readonly id: AppId;
  readonly version: number;
  readonly definition: WorkflowDefinition;
  readonly ownerId: UserId | null;
  readonly status: WorkflowStatus;
}

/**
 * A version of a workflow, or its newest.
 *
 * @param alone the only node of it that is to run; absent: all
 * Errors: `NOT_FOUND`, `WORKFLOW_INVALID`.
 */
export type LoadWorkflow = (id: AppId, version: number | null, alone?: string | null) => Promise<LoadedWorkflow>;

export interface CompiledProgram {
  readonly program: Program;
  readonly graph: WorkflowGraph;
}

/** Nodes of the programs that are kept, each some fifteen kilobytes: of those that are in use on a busy day. */
const keptNodes = 20_000;

/** The programs of workflows, each made once for its version and those of its subworkflows. */
export class Programs {
  readonly #load: LoadWorkflow;
  readonly #checkpointer: Checkpointer;
  readonly #programs = new Cache<Promise<CompiledProgram>>(keptNodes);

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
    const loaded = await this.#load(id, version, nodeId);
    const unfolding = new Unfolding(this.#load, loaded, versions);
    const unfolded = await unfolding.unfold();
    const { used } = unfolding;
    const key = JSON.stringify([
      id,
      loaded.version,
      nodeId,
      Object.entries(used).toSorted(([one], [other]) => (one < other ? -1 : 1)),
    ]);
    return this.#programs.get(key, async () => this.#compile(unfolded, used), unfolding.nodes);
  }

  async #compile(unfolded: UnfoldedWorkflow, versions: Program['versions']): Promise<CompiledProgram> {
    const program = createProgram(unfolded, versions);
    return { program, graph: compileProgram(program, this.#checkpointer) };
  }
}
