import { z } from 'zod';
import { limits } from './limits.ts';
import { Name } from './workflow-values.ts';

const label = z.string().min(1).max(limits.workflowLabel);
const field = {
  key: Name,
  label,
  /** Absent: true. What may be left empty and is, is null. */
  required: z.boolean().optional(),
};

/**
 * One thing that a form asks for; `{{node.key}}` is what was answered. A selection makes text, files a list of
 * `{ fileId, name, mediaType, size, text }`, whose `text` is what a text file says; others have none.
 */
export const FormField = z.discriminatedUnion('type', [
  z.strictObject({ ...field, type: z.literal('text') }),
  z.strictObject({ ...field, type: z.literal('number') }),
  z.strictObject({ ...field, type: z.literal('boolean') }),
  z.strictObject({ ...field, type: z.literal('select'), options: z.array(label).min(1).max(limits.workflowOptions) }),
  z.strictObject({ ...field, type: z.literal('files') }),
]);
export type FormField = z.infer<typeof FormField>;

export const FormFields = z.array(FormField).min(1).max(limits.workflowFields);

export const ChoiceOption = z.strictObject({ id: Name, label });
export type ChoiceOption = z.infer<typeof ChoiceOption>;

/** What an output asks below its text: for a text, as `{{node.answer}}`, or for one of several, whose id is `{{node.choice}}`. */
export const Ask = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('input') }),
  z.strictObject({ kind: z.literal('choice'), options: z.array(ChoiceOption).min(1).max(limits.workflowOptions) }),
]);
export type Ask = z.infer<typeof Ask>;

/**
 * Minutes that a person has for an answer; absent: as long as the chat is there. Past them the run goes on by the way out
 * `expired`, and fails with `INPUT_EXPIRED` where there is none.
 */
export const ExpiresAfterMinutes = z.int().min(1).max(limits.workflowQuestionMinutes).optional();
