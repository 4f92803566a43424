import { z } from 'zod';

/** What a workflow looks like, for whoever sees its runs: nodes and edges, without what the nodes say. */
export const WorkflowOutline = z.object({
  nodes: z.array(z.object({ id: z.string(), title: z.string(), type: z.string() })),
  edges: z.array(z.object({ from: z.string(), to: z.string(), branch: z.string().optional() })),
});
export type WorkflowOutline = z.infer<typeof WorkflowOutline>;

const { nodes: Nodes, edges: Edges } = WorkflowOutline.shape;
const Lists = z.object({ nodes: z.array(z.unknown()), edges: z.array(z.unknown()) });
const Start = z.object({
  type: z.literal('start'),
  guideWord: z.string().optional(),
  guideQuestions: z.array(z.string()).default([]),
});

/** Of a draft, what can be read of it. */
export function outlineOf(definition: unknown): WorkflowOutline {
  const { nodes, edges } = listsOf(definition);
  return { nodes: readable(nodes, Nodes.element), edges: readable(edges, Edges.element) };
}

/** What is shown before the first message: what the first start says. */
export function guideOf(definition: unknown): { guideWord: string | null; guideQuestions: string[] } {
  const [start] = readable(listsOf(definition).nodes, Start);
  return { guideWord: start?.guideWord ?? null, guideQuestions: start?.guideQuestions ?? [] };
}

function listsOf(definition: unknown): z.infer<typeof Lists> {
  return Lists.safeParse(definition).data ?? { nodes: [], edges: [] };
}

function readable<Item>(items: readonly unknown[], schema: z.ZodType<Item>): Item[] {
  return items.flatMap((item) => schema.safeParse(item).data ?? []);
}
