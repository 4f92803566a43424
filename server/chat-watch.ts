import type { Store } from '../db/store.ts';
import type { ChatId, UserId } from '../shared/ids.ts';
import type { WatchEvent } from '../shared/watch.ts';
import type { Connection } from './connection.ts';

/** Milliseconds in which changes are gathered: people do not see less, and a busy chat costs one question instead of ten. */
const gatherMs = 100;

/** Milliseconds until the database is asked again when it did not answer. */
const againMs = 1_000;

/** Changes that wait for one watcher who does not read; past it the next thing told is the whole list again. */
const mostPending = 500;

/** Chats in the list's beginning; further ones are asked for by `chat.list`. */
const snapshotChats = 30;

/** One open list: what it has not been told yet, the newest of each chat. */
class Watcher {
  readonly #pending = new Map<ChatId, WatchEvent>();
  #resolve: (() => void) | null = null;
  isBehind = false;

  push(chatId: ChatId, event: WatchEvent): void {
    if (this.isBehind) return;
    this.#pending.set(chatId, event);
    this.isBehind = this.#pending.size > mostPending;
    if (this.isBehind) this.#pending.clear();
    this.wake();
  }

  readonly wake = (): void => {
    this.#resolve?.();
    this.#resolve = null;
  };

  take(): WatchEvent[] {
    const events = [...this.#pending.values()];
    this.#pending.clear();
    return events;
  }

  /** Resolves at the next change; at once where one is there. */
  wait(): Promise<void> {
    if (this.isBehind || this.#pending.size > 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }
}

/**
 * The lists of chats that are open now, each told what changes in its user's chats: whoever changed it, and whether or
 * not anybody watches the chat itself.
 *
 * Changed chats are gathered and read from the database together, so a list costs nothing while nothing changes and
 * nobody who chats waits for one.
 */
export class ChatWatch {
  readonly #store: Pick<Store, 'watchedList' | 'watchedChats'>;
  readonly #watchers = new Map<UserId, Set<Watcher>>();
  readonly #changed = new Set<ChatId>();
  #timer: NodeJS.Timeout | null = null;

  constructor(store: Pick<Store, 'watchedList' | 'watchedChats'>) {
    this.#store = store;
  }

  /** Lists that are open. */
  get size(): number {
    return [...this.#watchers.values()].reduce((sum, watchers) => sum + watchers.size, 0);
  }

  /** Something durable about this chat has changed. */
  note(chatId: ChatId): void {
    if (this.#watchers.size === 0) return;
    this.#changed.add(chatId);
    this.#tellAfter(gatherMs);
  }

  /** This user's chat is gone. */
  noteDeleted(userId: UserId, chatId: ChatId): void {
    for (const watcher of this.#watchers.get(userId) ?? []) watcher.push(chatId, { type: 'chats.deleted', chatId });
  }

  /** The user's list, then its changes, until the signal aborts. Reads nothing while the socket is full. */
  async *watch(
    userId: UserId,
    connection: Pick<Connection, 'drained'>,
    signal: AbortSignal,
  ): AsyncGenerator<WatchEvent, void, void> {
    const watcher = this.#open(userId);
    signal.addEventListener('abort', watcher.wake);
    try {
      watcher.isBehind = true;
      while (!signal.aborted) {
        if (watcher.isBehind) {
          watcher.isBehind = false;
          watcher.take();
          yield { type: 'chats.snapshot', ...(await this.#store.watchedList(userId, snapshotChats)) };
        }
        for (const event of watcher.take()) yield event;
        await connection.drained();
        if (!signal.aborted) await watcher.wait();
      }
    } finally {
      signal.removeEventListener('abort', watcher.wake);
      this.#close(userId, watcher);
    }
  }

  close(): void {
    clearTimeout(this.#timer ?? undefined);
  }

  #open(userId: UserId): Watcher {
    const watcher = new Watcher();
    const watchers = this.#watchers.get(userId) ?? new Set();
    this.#watchers.set(userId, watchers.add(watcher));
    return watcher;
  }

  #close(userId: UserId, watcher: Watcher): void {
    const watchers = this.#watchers.get(userId);
    watchers?.delete(watcher);
    if (watchers?.size === 0) this.#watchers.delete(userId);
  }

  #tellAfter(ms: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = null;
      void this.#tell();
    }, ms).unref();
  }

  async #tell(): Promise<void> {
    const chatIds = [...this.#changed];
    this.#changed.clear();
    try {
      for (const { userId, ...entry } of await this.#store.watchedChats(chatIds)) {
        for (const watcher of this.#watchers.get(userId) ?? [])
          watcher.push(entry.chat.id, { type: 'chats.changed', ...entry });
      }
    } catch {
      // The database is away; what has become of them is told when it is back.
      for (const chatId of chatIds) this.#changed.add(chatId);
      this.#tellAfter(againMs);
    }
  }
}
