import { z } from 'zod';
import { AppId, ChatId, MessageId, RunId, ShareId } from './ids.ts';
import { limits } from './limits.ts';
import { cleanText } from './text.ts';

/** ISO 8601, UTC, milliseconds. */
export const Time = z.iso.datetime();

/** What answers in a chat. Bisheng calls them GPTS and workflow. */
export const AppKind = z.enum(['assistant', 'workflow']);
export type AppKind = z.infer<typeof AppKind>;

export const App = z.object({ kind: AppKind, id: AppId });
export type App = z.infer<typeof App>;

export const Title = z.string().trim().min(1).max(limits.title).overwrite(cleanText);

export const Chat = z.object({
  id: ChatId,
  title: z.string().nullable(),
  /** True while the title is what a client has called it by, until the first answer gives it one; absent otherwise. */
  titleIsDraft: z.boolean().optional(),
  app: App,
  activeRunId: RunId.nullable(),
  /** The newest message of the branch that is shown. */
  leafMessageId: MessageId.nullable(),
  createdAt: Time,
  /** When something was last said in it, or when it was renamed or archived. */
  updatedAt: Time,
  archivedAt: Time.nullable(),
  /** Under which others may read it, as long as it is shared. */
  shareId: ShareId.optional(),
  /** True while what waits does not start by itself, because somebody stopped the answer before it; absent otherwise. */
  queuePaused: z.boolean().optional(),
});
export type Chat = z.infer<typeof Chat>;
