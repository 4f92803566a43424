import { z } from 'zod';
import { ApiKeyName } from './api-key.ts';
import { App, Title } from './chat.ts';
import { ApiKeyId, AppId, ChatId, InputId, MessageId, RunId } from './ids.ts';
import { limits } from './limits.ts';
import { InputValue } from './input-value.ts';
import { cleanText } from './text.ts';

/** What each procedure takes: checked before anything else happens, so that nothing further in has to. */

const listLimit = (fallback: number) => z.int().min(1).max(limits.pageEntries).default(fallback);
/** Null is what `nextCursor` says at the end, and means the beginning. */
const cursor = z
  .string()
  .max(500)
  .nullish()
  .transform((value) => value ?? undefined);

/** How a message that comes while a run is active is treated; `queue` where nothing is said. */
export const OnBusy = z.enum(['queue', 'reject', 'interrupt']);
export type OnBusy = z.infer<typeof OnBusy>;

export const CreateChat = z
  .object({
    /** Made by the client, so that a repeat returns the same chat. */
    chatId: ChatId.optional(),
    /** Absent: the default assistant. */
    app: App.optional(),
    title: Title.optional(),
    debug: z.boolean().optional(),
  })
  .prefault({});

export const OfChat = z.object({ chatId: ChatId });
export type OfChat = z.infer<typeof OfChat>;

export const ListChats = z
  .object({
    cursor,
    limit: listLimit(30),
    /** Words to find in the title. */
    search: z.string().max(limits.title).overwrite(cleanText).optional(),
    archived: z.boolean().optional(),
  })
  .prefault({});

export const ChatHistory = z.object({ chatId: ChatId, cursor, limit: listLimit(50) });

export const SendMessage = z.object({
  chatId: ChatId,
  /** Made by the client, so that a repeat is recognised. */
  messageId: MessageId.optional(),
  text: z
    .string()
    .max(limits.messageText)
    .refine((text) => text.trim() !== '', 'expected some text, got none')
    .overwrite(cleanText),
  /** Not built yet: refused rather than dropped. */
  attachments: z
    .array(z.unknown())
    .refine((files) => files.length === 0, 'expected no attachments: this server does not take files yet')
    .optional(),
  onBusy: OnBusy.default('queue'),
});
export type SendMessage = z.infer<typeof SendMessage>;

export const StreamChat = z.object({ chatId: ChatId, lastEventId: z.string().nullish() });
export type StreamChat = z.infer<typeof StreamChat>;

export const StopRun = z.object({ chatId: ChatId, runId: RunId.nullish().transform((id) => id ?? undefined) });
export type StopRun = z.infer<typeof StopRun>;

export const Respond = z.object({ chatId: ChatId, inputId: InputId, value: InputValue });
export type Respond = z.infer<typeof Respond>;

export const RenameChat = z.object({ chatId: ChatId, title: Title });
export type RenameChat = z.infer<typeof RenameChat>;

export const ArchiveChat = z.object({ chatId: ChatId, archived: z.boolean() });
export type ArchiveChat = z.infer<typeof ArchiveChat>;

export const ListApps = z.object({ cursor, limit: listLimit(30) }).prefault({});

export const GetAssistant = z.object({ assistantId: AppId });

export const CreateApiKey = z.object({ name: ApiKeyName });

export const RevokeApiKey = z.object({ keyId: ApiKeyId });

export const RefreshToken = z.object({ token: z.string().min(1).max(limits.token) });
export type RefreshToken = z.infer<typeof RefreshToken>;
