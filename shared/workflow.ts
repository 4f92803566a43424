import { z } from 'zod';
import { Time } from './chat.ts';
import { AppId } from './ids.ts';
import type { UserId } from './ids.ts';
import { WorkflowNode } from './workflow-node.ts';
import { WorkflowOutline } from './workflow-outline.ts';
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
  /** 1, and one more for each change. */
  version: z.int().positive(),
  /** Shown before the first message, as its start says. */
  guideWord: z.string().optional(),
  /** Questions that a newcomer may start with. */
  guideQuestions: z.array(z.string()),
  /** Whether it belongs to whoever asks, who alone may change it. Those that came with the server are nobody's. */
  owned: z.boolean(),
});
export type WorkflowSummary = z.infer<typeof WorkflowSummary>;

/** A workflow as whoever asks may see it. */
export const WorkflowDetails = WorkflowSummary.extend({
  createdAt: Time,
  /** When this version was made. */
  updatedAt: Time,
  outline: WorkflowOutline,
  /** To its owner only; that of a workflow which came with the server to everybody. */
  definition: z.unknown().optional(),
});
export type WorkflowDetails = z.infer<typeof WorkflowDetails>;

/** One stored version, whole, as a run uses it. The definition is checked again before each run. */
export interface Workflow {
  readonly id: AppId;
  readonly name: string;
  readonly version: number;
  readonly definition: unknown;
  /** Null: it came with the server, or is a program around it. */
  readonly ownerId: UserId | null;
  /** Of the workflow, whichever version this is. */
  readonly status: WorkflowStatus;
}

/** A published one is everybody's to run, a draft its owner's alone, a deleted one nobody's. */
export type WorkflowStatus = 'published' | 'draft' | 'deleted';
