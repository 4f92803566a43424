import { z } from 'zod';

/** What went into a node or came out of it, by name. Only told to whoever may edit the workflow. */
const NodeValues = z.record(z.string(), z.unknown());

/** How a node's work ended. `skipped`: its turn will not come, because another way was taken. */
const NodeEnding = z.enum(['finished', 'failed', 'skipped']);

/** What `node.started` and `node.finished` have in common. */
export const nodeFields = { nodeId: z.string(), title: z.string() };

/** What `node.started` may tell besides. */
export const nodeStart = { inputs: NodeValues.optional() };

/** What `node.finished` tells besides. */
export const nodeEnd = {
  durationMs: z.number().nonnegative(),
  /** Absent: `finished`. */
  status: NodeEnding.optional(),
  outputs: NodeValues.optional(),
  /** Why it failed. */
  error: z.string().optional(),
};

/** How far one node of the active run has come. One that runs several times is told as it was last. */
export const NodeProgress = z.object({
  ...nodeFields,
  ...nodeStart,
  ...nodeEnd,
  status: z.enum(['running', ...NodeEnding.options]),
  /** Absent while it runs. */
  durationMs: z.number().nonnegative().optional(),
});
export type NodeProgress = z.infer<typeof NodeProgress>;
