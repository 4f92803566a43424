import type { ChatId, MessageId } from '../../shared/ids.ts';
import type { Message } from '../../shared/message.ts';

/** What was said on a branch up to a message, that one included. */
export interface Summary {
  readonly messageId: MessageId;
  readonly text: string;
}

/** What came before a message on its branch. */
export interface Conversation {
  /** Of what came before `messages`; null where nothing was summed up. */
  readonly summary: Summary | null;
  /** Oldest first. */
  readonly messages: readonly Message[];
}

/** What a model is told of the conversation so far. */
export interface ConversationStore {
  /** The messages before this one on its branch, oldest first, at most `limit`: what a model is told of the conversation so far. */
  messagesBefore(chatId: ChatId, messageId: MessageId, limit: number): Promise<Message[]>;
  /** The same, down to the newest message up to which there is a summary; that one and all before it are left out. */
  conversationBefore(chatId: ChatId, messageId: MessageId, limit: number): Promise<Conversation>;
  /** Keeps what was said up to a message of the chat; the first summary counts. Nothing when the chat is gone. */
  keepSummary(chatId: ChatId, summary: Summary): Promise<void>;
}
