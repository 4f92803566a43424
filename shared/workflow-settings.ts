import { z } from 'zod';
import { Time } from './chat.ts';
import { AppId } from './ids.ts';
import { jsonWithin } from './input-value.ts';
import { limits } from './limits.ts';
import { cleanText } from './text.ts';

/** A definition as somebody works on it: what is wrong with it is told by `workflow.validate`, and refused when it is published. */
const Draft = jsonWithin(limits.workflowDefinition, limits.workflowDepth).refine(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  'expected an object with nodes and edges',
);

/** Everything that its owner decides about a workflow; each version has all of it. */
export const WorkflowSettings = z.strictObject({
  name: z.string().trim().min(1).max(limits.assistantName).overwrite(cleanText),
  description: z.string().max(limits.assistantDescription).overwrite(cleanText),
  definition: Draft,
});
export type WorkflowSettings = z.infer<typeof WorkflowSettings>;

export const NewWorkflowSettings = WorkflowSettings.extend({
  description: WorkflowSettings.shape.description.default(''),
});

/** A version as lists show it; `workflow.get` has its definition. To its owner only. */
export const WorkflowVersion = z.object({
  workflowId: AppId,
  version: z.int().positive(),
  createdAt: Time,
  name: z.string(),
  description: z.string(),
});
export type WorkflowVersion = z.infer<typeof WorkflowVersion>;
