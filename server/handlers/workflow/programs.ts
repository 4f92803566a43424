import type { AppId } from '../../../shared/ids.ts';
import { Cache } from '../cache.ts';
import type { Checkpointer } from './checkpointer.ts';
import { compileProgram } from './graph.ts';
import type { WorkflowGraph } from './graph.ts';
import type { LoadWorkflow } from './load-workflow.ts';
import { createProgram } from './program.ts';
import type { Program, UnfoldedWorkflow } from './program.ts';
import { Unfolding } from './unfolding.ts';

export interface CompiledProgram {
  readonly program: Program;
  readonly graph: WorkflowGraph;
}

/** Programs kept: as many as are in use on a busy day. */
const kept = 500;
/** Nodes of those, at most: each step of a graph has a list of all channels, so this many take some hundred kilobytes. */
const mostSmall = 200;
/** Larger ones that are kept, of up to 40 megabytes each. */
const keptLarge = 8;

/** The programs of workflows, each made once for its version and those of its subworkflows. */
export class Programs {
  readonly #load: LoadWorkflow;
  readonly #checkpointer: Checkpointer;
  readonly #programs = new Cache<Promise<CompiledProgram>>(kept);
  readonly #large = new Cache<Promise<CompiledProgram>>(keptLarge);

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
    const loaded = await this.#load(id, version, nodeId === null ? null : { alone: nodeId });
    const unfolding = new Unfolding(this.#load, versions);
    const unfolded = await unfolding.unfold(loaded);
    const { versions: used } = unfolding;
    const key = JSON.stringify([
      id,
      loaded.version,
      nodeId,
      Object.entries(used).toSorted(([one], [other]) => (one < other ? -1 : 1)),
    ]);
    const programs = unfolding.nodes > mostSmall ? this.#large : this.#programs;
    return programs.get(key, async () => this.#compile(unfolded, used));
  }

  async #compile(unfolded: UnfoldedWorkflow, versions: Program['versions']): Promise<CompiledProgram> {
    const program = createProgram(unfolded, versions);
    return { program, graph: compileProgram(program, this.#checkpointer) };
  }
}
