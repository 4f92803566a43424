import type { QueueChange, Store } from '../db/store.ts';
import type { ChatId } from '../shared/ids.ts';
import type { EditQueued, MoveQueued, OfChat, WithdrawQueued } from '../shared/inputs.ts';
import type { Run } from '../shared/run.ts';
import type { ChatFeeds } from './chat-feeds.ts';
import type { User } from './connection.ts';
import type { Dispatcher } from './dispatcher.ts';

export interface ChatQueueOptions {
  readonly store: Store;
  readonly feeds: ChatFeeds;
  readonly dispatcher: Dispatcher;
}

/** All that waits in a chat, in the order in which it will start. */
export interface QueueReply {
  readonly queue: readonly Run[];
}

/**
 * What may be done to messages that wait, from any tab: each is recorded, told to whoever watches the chat, and answered
 * with the queue as it is then. Of two that contradict each other the first wins; the second finds the queue changed.
 */
export class ChatQueue {
  readonly #options: ChatQueueOptions;

  constructor(options: ChatQueueOptions) {
    this.#options = options;
  }

  async edit(user: User, input: EditQueued): Promise<QueueReply> {
    return this.#changed(input.chatId, await this.#options.store.editQueued(user.id, input));
  }

  async move(user: User, input: MoveQueued): Promise<QueueReply> {
    return this.#changed(input.chatId, await this.#options.store.moveQueued(user.id, input));
  }

  async withdraw(user: User, { chatId, runId }: WithdrawQueued): Promise<QueueReply> {
    return this.#changed(chatId, await this.#options.store.withdraw(user.id, chatId, runId));
  }

  /** Lets a paused queue go on. */
  async resume(user: User, { chatId }: OfChat): Promise<QueueReply> {
    const reply = this.#changed(chatId, await this.#options.store.resumeQueue(user.id, chatId));
    void this.#options.dispatcher.advance(chatId, user.id);
    return reply;
  }

  #changed(chatId: ChatId, change: QueueChange): QueueReply {
    this.#options.feeds.publish(chatId, change);
    return { queue: change.queue };
  }
}
