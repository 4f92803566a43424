import { z } from 'zod';
import { RunError } from './message.ts';

/** What went into a node or came out of it, by name; only told to whoever may edit the workflow. */
const NodeValues = z.record(z.string(), z.unknown());

/** Of a node of a subworkflow the id stands behind that of the subworkflow and a slash. */
export const nodeFields = { nodeId: z.string(), title: z.string() };

/** What `node.started` may tell besides: what the node's fields with variables became. */
export const nodeStart = { inputs: NodeValues.optional() };

/** What `node.finished` tells besides. */
export const nodeEnd = {
  durationMs: z.number().nonnegative(),
  /** What it has made, by key. */
  outputs: NodeValues.optional(),
  /** The way out that was taken, where it has several. */
  branch: z.string().optional(),
  /** Why it has failed. */
  error: RunError.optional(),
};

/** How far one node of the active run has come. One that runs several times is told as it was last. */
export const NodeProgress = z.object({
  ...nodeFields,
  ...nodeStart,
  ...nodeEnd,
  status: z.enum(['running', 'finished', 'failed']),
  /** Absent while it runs. */
  durationMs: z.number().nonnegative().optional(),
});
export type NodeProgress = z.infer<typeof NodeProgress>;
