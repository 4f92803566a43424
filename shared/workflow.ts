import { z } from 'zod';
import { AppId } from './ids.ts';
import { WorkflowNode } from './workflow-node.ts';
import { Name } from './workflow-values.ts';

/**
 * From one node to the next. `branch` names the way out where a node has several: the id of a case, or `else`, of a
 * condition; the id of an option of a choice; `body` and `done` of a loop; `expired` of a question. Several edges of the
 * same way out are all taken at once.
 */
export const Edge = z.strictObject({ from: Name, to: Name, branch: Name.optional() });
export type Edge = z.infer<typeof Edge>;

/** The stored program of a workflow. A client never supplies one for a run: the server executes what it has stored. */
export const WorkflowDefinition = z.strictObject({ nodes: z.array(WorkflowNode), edges: z.array(Edge) });
export type WorkflowDefinition = z.infer<typeof WorkflowDefinition>;

/** Something that keeps a definition from running: where it is, what was expected, and the fix. */
export const WorkflowProblem = z.object({
  /** Absent where it is about the whole. */
  nodeId: z.string().optional(),
  /** `prompt`, `cases.0.rules.1.right`; `edges.3` where it is about an edge. Absent where it is about the whole node. */
  field: z.string().optional(),
  message: z.string(),
});
export type WorkflowProblem = z.infer<typeof WorkflowProblem>;

export const WorkflowSummary = z.object({
  id: AppId,
  name: z.string(),
  description: z.string(),
  published: z.boolean(),
  version: z.int().positive(),
});
export type WorkflowSummary = z.infer<typeof WorkflowSummary>;

/** One stored version, whole. The definition is checked again before each run. */
export interface Workflow extends WorkflowSummary {
  readonly definition: unknown;
}
