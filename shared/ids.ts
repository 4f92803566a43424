import { z } from 'zod';

/**
 * Every id is a UUID. The brands keep a chat's id from being passed where a run's is meant; on the wire they are plain
 * strings in lower case (an upper-case id names the same thing, and Postgres answers in lower case).
 */
const uuid = z.guid('expected a UUID').toLowerCase();

export const ChatId = uuid.brand<'ChatId'>();
export type ChatId = z.infer<typeof ChatId>;

export const MessageId = uuid.brand<'MessageId'>();
export type MessageId = z.infer<typeof MessageId>;

export const RunId = uuid.brand<'RunId'>();
export type RunId = z.infer<typeof RunId>;

export const InputId = uuid.brand<'InputId'>();
export type InputId = z.infer<typeof InputId>;

export const AppId = uuid.brand<'AppId'>();
export type AppId = z.infer<typeof AppId>;

/** Of what was uploaded; a `file` part of an answer may name anything else. */
export const FileId = uuid.brand<'FileId'>();
export type FileId = z.infer<typeof FileId>;

export const ModelCallId = uuid.brand<'ModelCallId'>();
export type ModelCallId = z.infer<typeof ModelCallId>;

export const ApiKeyId = uuid.brand<'ApiKeyId'>();
export type ApiKeyId = z.infer<typeof ApiKeyId>;

/** Who has it may read the chat that it was made for: 128 random bits, in base64url. */
export const ShareId = z
  .string()
  .regex(/^[\w-]{22}$/, 'expected the id of a shared chat')
  .brand<'ShareId'>();
export type ShareId = z.infer<typeof ShareId>;

/** Whoever authentication named: the `sub` of a token, or `local` where nobody has to say who they are. */
export const UserId = z.string().min(1).max(255).brand<'UserId'>();
export type UserId = z.infer<typeof UserId>;
