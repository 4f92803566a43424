import { z } from 'zod';
import { ModelId } from './assistant.ts';
import { AppId } from './ids.ts';

const NodeId = z.string().regex(/^[a-z][a-z0-9_]*$/i, 'expected letters, digits and underscores');
const node = { id: NodeId, title: z.string() };

/** Begins with what the person wrote, as `{{id.message}}`. */
const StartNode = z.object({ ...node, type: z.literal('start') });

/** Asks a model; its answer is `{{id.output}}`. */
const LlmNode = z.object({
  ...node,
  type: z.literal('llm'),
  /** Null: the server's `DEFAULT_MODEL` at each run. */
  model: ModelId.nullable(),
  system: z.string(),
  prompt: z.string(),
  /** Whether the answer is shown as it comes, as a part of the message. */
  stream: z.boolean(),
});

/** Says a text in the chat. */
const OutputNode = z.object({ ...node, type: z.literal('output'), text: z.string() });

const EndNode = z.object({ ...node, type: z.literal('end') });

export const WorkflowNode = z.discriminatedUnion('type', [StartNode, LlmNode, OutputNode, EndNode]);
export type WorkflowNode = z.infer<typeof WorkflowNode>;

/** The stored program of a workflow. A client never supplies one for a run: the server executes what it has stored. */
export const WorkflowDefinition = z.object({
  nodes: z.array(WorkflowNode).min(2),
  edges: z.array(z.object({ from: NodeId, to: NodeId })),
});
export type WorkflowDefinition = z.infer<typeof WorkflowDefinition>;

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
