import { z } from 'zod';
import { App, Time } from './chat.ts';
import { ChatId, InputId, MessageId, RunId } from './ids.ts';
import { FilePart, RunError } from './message.ts';

export const RunStatus = z.enum(['queued', 'running', 'waiting', 'completed', 'stopped', 'failed', 'interrupted']);
export type RunStatus = z.infer<typeof RunStatus>;

/** The four ways a run ends. Time limits are `failed`; `interrupted` means a crash or a drain, nothing else. */
export const Ending = z.enum(['completed', 'stopped', 'failed', 'interrupted']);
export type Ending = z.infer<typeof Ending>;

/** What asked for it: a new message, a message instead of another one, or another answer to the same message. */
export const RunKind = z.enum(['send', 'edit', 'regenerate']);
export type RunKind = z.infer<typeof RunKind>;

export const Run = z.object({
  id: RunId,
  chatId: ChatId,
  app: App,
  /** The version of the app that answers, as it was when the run started. */
  appVersion: z.int().positive().optional(),
  status: RunStatus,
  /** Absent: `send`. */
  kind: RunKind.optional(),
  userMessageId: MessageId,
  /** The answer's message; null until the run starts, or until the answer that it `steers` has taken it. */
  messageId: MessageId.nullable(),
  /** The text of the message, which is among the messages only once the run starts; until then it can be edited. */
  text: z.string(),
  /** What it is sent with; absent: nothing. */
  attachments: z.array(FilePart).optional(),
  /** The run whose answer the message is for; if that ends before it has taken the message, it starts like any other. */
  steers: RunId.optional(),
  error: RunError.optional(),
  createdAt: Time,
  startedAt: Time.optional(),
  endedAt: Time.optional(),
});
export type Run = z.infer<typeof Run>;

/** A question that a run asks a person. */
export const InputRequest = z.object({
  id: InputId,
  runId: RunId,
  kind: z.enum(['text', 'form', 'choice', 'approval']),
  prompt: z.string(),
  schema: z.record(z.string(), z.unknown()),
  expiresAt: Time.optional(),
});
export type InputRequest = z.infer<typeof InputRequest>;

/** What a handler asks; the run is known. */
export const Question = InputRequest.omit({ runId: true }).extend({
  /** Past it nobody can answer any more. */
  expiresAt: Time.overwrite((time) => new Date(time).toISOString()).optional(),
  /** What it is about, handed back with the answer; people are not told. */
  subject: z.unknown().optional(),
});
export type Question = z.infer<typeof Question>;
