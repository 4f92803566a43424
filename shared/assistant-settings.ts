import { z } from 'zod';
import { AssistantLimits, ModelId, ModelParameters } from './assistant.ts';
import { Time } from './chat.ts';
import { AppId } from './ids.ts';
import { limits } from './limits.ts';
import { cleanText } from './text.ts';
import { AssistantTool } from './tool.ts';

const words = (most: number) => z.string().max(most).overwrite(cleanText);
const line = (most: number) => z.string().trim().min(1).max(most).overwrite(cleanText);

function isAvatar(text: string): boolean {
  if (/^\p{RGI_Emoji}$/v.test(text)) return true;
  const url = URL.parse(text);
  return url?.protocol === 'https:' && url.username === '' && url.password === '';
}

const Tools = z
  .array(z.strictObject(AssistantTool.shape))
  .max(limits.assistantTools)
  .refine((tools) => new Set(tools.map(({ name }) => name)).size === tools.length, 'expected each tool once');

/**
 * Everything that its owner decides about an assistant; each version has all of it. What is not known here is refused
 * rather than dropped.
 */
export const AssistantSettings = z.strictObject({
  name: line(limits.assistantName),
  description: words(limits.assistantDescription),
  avatar: words(limits.avatar).refine(isAvatar, 'expected one emoji or an https:// address').nullable(),
  prompt: words(limits.assistantPrompt),
  model: ModelId.nullable(),
  parameters: z.strictObject(ModelParameters.shape),
  tools: Tools,
  limits: z.strictObject(AssistantLimits.shape),
  guideWord: words(limits.guideWord).nullable(),
  guideQuestions: z.array(line(limits.guideQuestion)).max(limits.guideQuestions),
  followUps: z.boolean(),
});
export type AssistantSettings = z.infer<typeof AssistantSettings>;

const { shape } = AssistantSettings;

/** Only the name has to be said. */
export const NewAssistantSettings = AssistantSettings.extend({
  description: shape.description.default(''),
  avatar: shape.avatar.default(null),
  prompt: shape.prompt.default(''),
  model: shape.model.default(null),
  parameters: shape.parameters.prefault({}),
  tools: shape.tools.default([]),
  limits: shape.limits.prefault({}),
  guideWord: shape.guideWord.default(null),
  guideQuestions: shape.guideQuestions.default([]),
  followUps: shape.followUps.default(false),
});

/** The settings of an assistant as they were, or are: a run uses those of exactly one version. To its owner only. */
export const AssistantVersion = z.object({
  assistantId: AppId,
  version: z.int().positive(),
  createdAt: Time,
  ...shape,
});
export type AssistantVersion = z.infer<typeof AssistantVersion>;
