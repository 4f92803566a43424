import { z } from 'zod';
import { AppId } from './ids.ts';
import { AssistantTool } from './tool.ts';

/** `provider:model`, split at the first colon: `openai:gpt-5-mini`, `demo:guide`. */
export const ModelId = z
  .string()
  .max(200)
  .regex(/^[a-z][a-z0-9_-]*:.+$/, 'expected provider:model, for example openai:gpt-5-mini');

export const Model = z.object({
  id: ModelId,
  provider: z.string(),
  /** True for the built-in script that answers while no real model is connected. */
  demo: z.boolean(),
  /** Whether it may send its reasoning apart from the answer. */
  reasoning: z.boolean(),
  /** Whether it takes images. */
  images: z.boolean(),
  /** Why it cannot answer, as the server was started; absent where nothing is known against it. */
  problem: z.string().optional(),
});
export type Model = z.infer<typeof Model>;

export const Assistant = z.object({
  id: AppId,
  name: z.string(),
  description: z.string(),
  /** What the model is told before every conversation. */
  prompt: z.string(),
  /** Null: the server's `DEFAULT_MODEL` at each run. */
  model: ModelId.nullable(),
  /** Null: the provider's own default. */
  temperature: z.number().min(0).max(2).nullable(),
  /** What the model may call. */
  tools: z.array(AssistantTool),
  /** Times that the model may call tools in one answer; null: as often as the server lets it. */
  steps: z.int().positive().nullable(),
  /** Shown before the first message. */
  guideWord: z.string().optional(),
  /** Questions that a newcomer may start with. */
  guideQuestions: z.array(z.string()),
  published: z.boolean(),
});
export type Assistant = z.infer<typeof Assistant>;
