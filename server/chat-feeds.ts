import { setTimeout as delay } from 'node:timers/promises';
import type { Change, Store } from '../db/store.ts';
import type { ChatId } from '../shared/ids.ts';
import type { Limits } from '../shared/limits.ts';
import { ChatFeed } from './chat-feed.ts';
import { FeedTurns } from './feed-turns.ts';
import type { RunLog } from './run-log.ts';
import type { Ticker } from './ticker.ts';

interface EndedLog {
  readonly feed: ChatFeed;
  readonly log: RunLog;
  /** Milliseconds of `performance.now()`. */
  readonly until: number;
}

/** Between two looks at whether the last events have gone out; only a server that stops looks. */
const pollMs = 5;

/**
 * The feeds of all chats that anything goes on in. A chat without watchers and runs has none.
 *
 * Also keeps the logs of ended runs for readers who come back late: for a while, and no more text than the limit; the
 * oldest go first. Without its log an ended run is told by `message.completed` alone.
 */
export class ChatFeeds {
  readonly #feeds = new Map<ChatId, ChatFeed>();
  readonly #store: Pick<Store, 'entries'>;
  readonly #ticker: Ticker;
  readonly #turns = new FeedTurns();
  readonly #limits: Pick<Limits, 'endedRunMs' | 'endedRunsText'>;
  #ended: EndedLog[] = [];
  #endedText = 0;
  #timer: NodeJS.Timeout | null = null;

  readonly #onChange: (chatId: ChatId) => void;

  /** @param onChange told of each chat of which something durable has changed, watched or not */
  constructor(
    store: Pick<Store, 'entries'>,
    ticker: Ticker,
    limits: Pick<Limits, 'endedRunMs' | 'endedRunsText'>,
    onChange: (chatId: ChatId) => void = () => {},
  ) {
    this.#store = store;
    this.#onChange = onChange;
    this.#ticker = ticker;
    this.#limits = limits;
  }

  /** Streams that are open now, in all chats together. */
  get readers(): number {
    return [...this.#feeds.values()].reduce((sum, feed) => sum + feed.readers.size, 0);
  }

  /** The chat's feed, made when there is none. Whoever is done with it calls `release`. */
  acquire(chatId: ChatId): ChatFeed {
    const known = this.#feeds.get(chatId);
    if (known) return known;
    const feed = new ChatFeed(chatId, this.#store, this.#ticker, this.#turns);
    this.#feeds.set(chatId, feed);
    return feed;
  }

  release(feed: ChatFeed): void {
    if (feed.isIdle && this.#feeds.get(feed.chatId) === feed) this.#feeds.delete(feed.chatId);
  }

  /** The chat is gone: whoever makes one under its id again starts with nothing of it. */
  drop(chatId: ChatId): void {
    this.#feeds.delete(chatId);
  }

  /** Tells whoever watches what a transaction has changed. */
  publish(chatId: ChatId, change: Change): void {
    this.#feeds.get(chatId)?.publish(change.entries);
    if (change.entries.length > 0) this.#onChange(chatId);
  }

  /** Keeps the log of a run that has just ended. */
  keepEnded(feed: ChatFeed, log: RunLog): void {
    this.#ended.push({ feed, log, until: performance.now() + this.#limits.endedRunMs });
    this.#endedText += log.textLength;
    while (this.#endedText > this.#limits.endedRunsText) this.#dropOldest();
    this.#timer ??= setInterval(() => this.#dropExpired(), this.#limits.endedRunMs / 8).unref();
  }

  /** Waits until every stream has delivered what there is, but no longer than this. */
  async delivered(ms: number): Promise<void> {
    const deadline = performance.now() + ms;
    const isBusy = () => [...this.#feeds.values()].some((feed) => [...feed.readers].some((reader) => !reader.isIdle));
    while (isBusy() && performance.now() < deadline) await delay(pollMs);
  }

  close(): void {
    while (this.#ended.length > 0) this.#dropOldest();
  }

  #dropExpired(): void {
    const now = performance.now();
    while ((this.#ended[0]?.until ?? Infinity) <= now) this.#dropOldest();
  }

  #dropOldest(): void {
    const oldest = this.#ended.shift();
    if (oldest) {
      this.#endedText -= oldest.log.textLength;
      oldest.feed.detach(oldest.log);
      this.release(oldest.feed);
    }
    if (this.#ended.length > 0 || this.#timer === null) return;
    clearInterval(this.#timer);
    this.#timer = null;
  }
}
