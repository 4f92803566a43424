import type { Store } from '../db/store.ts';
import type { ChatId } from '../shared/ids.ts';
import type { Logger } from './logger.ts';

/** Milliseconds after which what was said is found. It waits, so that what ends together is written together. */
const behindMs = 2_000;

/** Chats in one statement, which the embedded database runs on the thread that streams. */
const most = 8;

/**
 * Makes what was said known to the search, a little behind: nobody who chats waits for it.
 *
 * What a database that is away, or the end of the process, keeps from being written is written after the next start.
 */
export class MessageIndexer {
  readonly #store: Pick<Store, 'indexMessages' | 'unindexed'>;
  readonly #logger: Logger;
  readonly #waiting = new Set<ChatId>();
  #timer: NodeJS.Timeout | null = null;
  #work: Promise<void> = Promise.resolve();
  #isClosed = false;

  constructor(store: Pick<Store, 'indexMessages' | 'unindexed'>, logger: Logger) {
    this.#store = store;
    this.#logger = logger;
  }

  /** Takes up what the last process has left. Never rejects. */
  async start(): Promise<void> {
    try {
      for (const chatId of await this.#store.unindexed()) this.note(chatId);
    } catch (err) {
      this.#logger.warn({ err }, 'what the search does not know yet could not be found out');
    }
  }

  /** Something was said in this chat. */
  note(chatId: ChatId): void {
    if (this.#isClosed) return;
    this.#waiting.add(chatId);
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      this.#work = this.#work.then(() => this.#write());
    }, behindMs).unref();
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer ?? undefined);
    await this.#work;
  }

  async #write(): Promise<void> {
    const chatIds = [...this.#waiting];
    this.#waiting.clear();
    for (const some of batches(chatIds)) {
      if (this.#isClosed) return;
      await this.#store.indexMessages(some).catch((err: unknown) => {
        this.#logger.warn({ err }, 'the search does not know yet what was said');
      });
    }
  }
}

function batches(chatIds: readonly ChatId[]): ChatId[][] {
  const count = Math.ceil(chatIds.length / most);
  return Array.from({ length: count }, (_, index) => chatIds.slice(index * most, (index + 1) * most));
}
