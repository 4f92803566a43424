import { z } from 'zod';
import { Chat } from './chat.ts';
import { ChatId } from './ids.ts';

/** A chat as a list shows it. */
export const WatchedChat = z.object({
  chat: Chat,
  /** `waiting`: for an answer of the person; `queued`: for its turn. */
  status: z.enum(['idle', 'queued', 'running', 'waiting']),
  /** Whether an answer has ended since the owner last said that everything is read. */
  unread: z.boolean(),
});
export type WatchedChat = z.infer<typeof WatchedChat>;

/**
 * What `chat.watch` yields: the beginning of the list, last active first, then each chat as it has become, in any order.
 * What changes often comes less often, as it is then.
 */
export const WatchEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('chats.snapshot'), chats: z.array(WatchedChat), nextCursor: z.string().nullable() }),
  z.object({ type: z.literal('chats.changed'), ...WatchedChat.shape }),
  z.object({ type: z.literal('chats.deleted'), chatId: ChatId }),
]);
export type WatchEvent = z.infer<typeof WatchEvent>;
