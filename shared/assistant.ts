import { z } from 'zod';
import { Time } from './chat.ts';
import { AppId } from './ids.ts';
import { limits } from './limits.ts';
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

/** How a model is asked. Null: the provider's own default. What of it a model takes depends on its provider. */
export const ModelParameters = z.object({
  /** 0 to 2, for Anthropic to 1; models that reason take none. */
  temperature: z.number().min(0).max(2).nullable().default(null),
  topP: z.number().min(0).max(1).nullable().default(null),
  maxOutputTokens: z.int().min(1).max(limits.outputTokens).nullable().default(null),
});
export type ModelParameters = z.infer<typeof ModelParameters>;

export const AssistantLimits = z.object({
  /** Times that the model may call tools in one answer; null: as many as the server allows. */
  steps: z.int().min(1).max(limits.toolSteps).nullable().default(null),
});
export type AssistantLimits = z.infer<typeof AssistantLimits>;

/**
 * An assistant as whoever asks may see it: its owner sees all of it; others see published ones, without `prompt`,
 * `parameters`, `tools` and `limits`. Those that came with the server are nobody's to change.
 */
export const Assistant = z.object({
  id: AppId,
  name: z.string(),
  description: z.string(),
  /** An emoji or an `https:` address. */
  avatar: z.string().nullable(),
  /** Null: the server's `DEFAULT_MODEL` at each run. */
  model: ModelId.nullable(),
  /** Shown before the first message. */
  guideWord: z.string().optional(),
  /** Questions that a newcomer may start with. */
  guideQuestions: z.array(z.string()),
  /** Whether questions to go on with are proposed after an answer. */
  followUps: z.boolean(),
  published: z.boolean(),
  /** 1, and one more for each change of its settings. */
  version: z.int().positive(),
  /** Whether it belongs to whoever asks, who alone sees the four fields below and may change it. */
  owned: z.boolean(),
  createdAt: Time,
  /** When its newest version was made. */
  updatedAt: Time,
  /** What the model is told before every conversation. To its owner only. */
  prompt: z.string().optional(),
  /** To its owner only. */
  parameters: ModelParameters.optional(),
  /** To its owner only. */
  tools: z.array(AssistantTool).optional(),
  /** To its owner only. */
  limits: AssistantLimits.optional(),
});
export type Assistant = z.infer<typeof Assistant>;
