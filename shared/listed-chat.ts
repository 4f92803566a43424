import { z } from 'zod';
import { Chat } from './chat.ts';
import { MessageId } from './ids.ts';
import { Message } from './message.ts';
import { WatchedChat } from './watch.ts';

/** A stretch of what was searched for, in UTF-16 units of the text that it is a stretch of. */
export const Mark = z.object({ offset: z.int().nonnegative(), length: z.int().positive() });
export type Mark = z.infer<typeof Mark>;

/** The newest message of a chat in which a search has found its words. It may be on a branch that is not shown. */
export const FoundMessage = z.object({
  messageId: MessageId,
  role: Message.shape.role,
  /** A line of its text around the first word that was found; plain text, with … where more was said. */
  excerpt: z.string(),
  /** The words in the excerpt, in order and apart from each other. */
  marks: z.array(Mark),
});
export type FoundMessage = z.infer<typeof FoundMessage>;

/** A chat as `chat.list` tells it. */
export const ListedChat = Chat.extend({
  status: WatchedChat.shape.status,
  unread: WatchedChat.shape.unread,
  /** Of a search; absent where only the title has what was searched for. */
  found: FoundMessage.optional(),
});
export type ListedChat = z.infer<typeof ListedChat>;
