import { z } from 'zod';
import { Time } from './chat.ts';
import { errorCodes } from './errors.ts';
import { Feedback } from './feedback.ts';
import { ChatId, InputId, MessageId, RunId } from './ids.ts';

const TextPart = z.object({ type: z.literal('text'), text: z.string() });
const ReasoningPart = z.object({ type: z.literal('reasoning'), text: z.string() });

const ToolPart = z.object({
  type: z.literal('tool'),
  toolCallId: z.string(),
  name: z.string(),
  input: z.unknown(),
  /** `uncertain`: it was running when the process died, and only a person can tell whether it took effect. */
  state: z.enum(['running', 'done', 'failed', 'uncertain', 'denied']),
  output: z.unknown().optional(),
  error: z.string().optional(),
  durationMs: z.number().optional(),
  /** Which of the model's turns in this answer asked for it, from 1: calls of one step stand beside each other. */
  step: z.int().positive().optional(),
  /** It changes nothing anywhere, so that one that broke off may simply be tried again. */
  readOnly: z.boolean().optional(),
  /**
   * While it is `running`: it has not begun, and waits for the answer to this question. While it is `uncertain`: a person
   * is asked by it what shall become of the call.
   */
  inputId: InputId.optional(),
});
export type ToolPart = z.infer<typeof ToolPart>;

const InputPart = z.object({
  type: z.literal('input'),
  inputId: InputId,
  prompt: z.string(),
  answer: z.unknown().optional(),
  answeredBy: z.string().optional(),
});

export const FilePart = z.object({
  type: z.literal('file'),
  fileId: z.string(),
  name: z.string(),
  mediaType: z.string(),
  /** Bytes. */
  size: z.int().nonnegative(),
});
export type FilePart = z.infer<typeof FilePart>;

const SourcePart = z.object({
  type: z.literal('source'),
  title: z.string(),
  url: z.string().optional(),
  excerpt: z.string().optional(),
});
export type SourcePart = z.infer<typeof SourcePart>;

/** What a person added to the answer while it was written: from here on the model knew it. */
const SteeringPart = z.object({ type: z.literal('steering'), messageId: MessageId, text: z.string() });

/** What the person may ask next, as the model suggests; up to three. */
const SuggestionsPart = z.object({ type: z.literal('suggestions'), items: z.array(z.string()) });

export const Part = z.discriminatedUnion('type', [
  TextPart,
  ReasoningPart,
  ToolPart,
  InputPart,
  FilePart,
  SourcePart,
  SteeringPart,
  SuggestionsPart,
]);
export type Part = z.infer<typeof Part>;

/** The parts that grow by deltas; all others are set whole. */
export type TextKind = 'text' | 'reasoning';

export const Usage = z.object({
  inputTokens: z.int().nonnegative(),
  outputTokens: z.int().nonnegative(),
  /** `estimated` where the provider did not say: four characters a token. */
  source: z.enum(['reported', 'estimated']),
});
export type Usage = z.infer<typeof Usage>;

/** Why a run failed, or was interrupted: a code to act on and a sentence for the person. */
export const RunError = z.object({ code: z.enum(errorCodes), message: z.string() });
export type RunError = z.infer<typeof RunError>;

export const Message = z.object({
  id: MessageId,
  chatId: ChatId,
  runId: RunId.nullable(),
  parentId: MessageId.nullable(),
  role: z.enum(['user', 'assistant']),
  status: z.enum(['streaming', 'completed', 'stopped', 'failed', 'interrupted']),
  parts: z.array(Part),
  usage: Usage.optional(),
  /** The error of its run, so that a failed answer explains itself after a reload. */
  error: RunError.optional(),
  /** What answered, as `provider:model`. */
  model: z.string().optional(),
  /** Of its owner; absent where none was given, and for those with whom the chat is shared. */
  feedback: Feedback.optional(),
  createdAt: Time,
  /**
   * The messages that stand in this place on one branch or another, itself among them at `index`, in the order in which
   * they were made. Absent where it is the only one, and in events other than `snapshot`: whoever folds keeps it.
   */
  siblings: z.object({ index: z.int().nonnegative(), ids: z.array(MessageId) }).optional(),
});
export type Message = z.infer<typeof Message>;

/** The files that a message was sent with, or that an answer has. */
export function filesOf({ parts }: { readonly parts: readonly Part[] }): FilePart[] {
  return parts.filter((part) => part.type === 'file');
}

/** The answer's text alone, without reasoning, tools and the rest. */
export function textOf(message: {
  readonly parts: readonly { readonly type: string; readonly text?: string }[];
}): string {
  return message.parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}
