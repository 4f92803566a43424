import type { WorkflowProblem } from '../../../../shared/workflow.ts';

/** Gathers what is wrong with a definition, in the order in which it is found. */
export class Problems {
  readonly found: WorkflowProblem[] = [];

  /** About the definition as a whole. */
  whole(message: string): void {
    this.found.push({ message });
  }

  node(nodeId: string, message: string): void {
    this.found.push({ nodeId, message });
  }

  field(nodeId: string, field: string, message: string): void {
    this.found.push({ nodeId, field, message });
  }

  /** About an edge, by its place in the list; `nodeId` is the node that has to be looked at. */
  edge(place: number, nodeId: string | undefined, message: string, field = ''): void {
    this.found.push({ ...(nodeId === undefined ? {} : { nodeId }), field: `edges.${place}${field}`, message });
  }
}
