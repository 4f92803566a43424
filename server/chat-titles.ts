import type { Change, Store } from '../db/store.ts';
import type { Chat } from '../shared/chat.ts';
import { Title } from '../shared/chat.ts';
import type { ChatId } from '../shared/ids.ts';
import type { ChatFeeds } from './chat-feeds.ts';
import type { Logger } from './logger.ts';
import type { RunBudget } from './run-budget.ts';
import type { EndedRun } from './run-executor.ts';
import { RunSideCall } from './run-side-call.ts';

export interface ChatTitlesOptions {
  readonly store: Pick<Store, 'chat' | 'titleIfNone' | 'openSideCall' | 'closeSideCall'>;
  readonly feeds: Pick<ChatFeeds, 'publish'>;
  readonly makeTitle: (
    turn: Pick<EndedRun, 'question' | 'answer' | 'model'>,
    signal: AbortSignal,
    call: RunSideCall,
  ) => Promise<string>;
  readonly logger: Logger;
  /** Absent: none. */
  readonly budget?: RunBudget | undefined;
}

/** Milliseconds after the first answer's end: whoever goes on at once comes first. */
const afterMs = 1_000;

/** Milliseconds that a title may take; then the chat gets the first words instead. */
const patienceMs = 20_000;

/** Tokens that are set aside for what the model says: past these its words are cut off. */
const answerTokens = 500;

/** Titles that are asked for at once, so that a thousand new chats do not take the models from those who wait. */
const atOnce = 4;

/** Chats that wait for a title; more than that, and the oldest stay without one. */
const mostWaiting = 1_000;

/** Gives chats without a title one after their first answer, and tells their watchers. Nothing waits for it. */
export class ChatTitles {
  readonly #options: ChatTitlesOptions;
  readonly #waiting: EndedRun[] = [];
  readonly #timers = new Set<NodeJS.Timeout>();
  readonly #closed = new AbortController();
  readonly #working = new Set<Promise<void>>();

  constructor(options: ChatTitlesOptions) {
    this.#options = options;
  }

  /** A run has ended; only the first of a chat that was answered matters. */
  note(run: EndedRun): void {
    if (!run.isFirst || run.answer === '' || this.#closed.signal.aborted) return;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.#waiting.push(run);
      if (this.#waiting.length > mostWaiting) this.#waiting.shift();
      this.#next();
    }, afterMs).unref();
    this.#timers.add(timer);
  }

  /** Gives up what is under way. */
  async close(): Promise<void> {
    this.#closed.abort();
    this.#waiting.length = 0;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    await Promise.all(this.#working);
  }

  #next(): void {
    if (this.#working.size >= atOnce) return;
    const run = this.#waiting.shift();
    if (!run) return;
    const work = this.#title(run)
      .catch((err: unknown) => {
        if (!this.#closed.signal.aborted)
          this.#options.logger.debug({ err, chatId: run.chatId }, 'a chat got no title');
      })
      .finally(() => {
        this.#working.delete(work);
        this.#next();
      });
    this.#working.add(work);
  }

  async #title(run: EndedRun): Promise<void> {
    const { store, feeds } = this.#options;
    const { chatId, userId } = run;
    const { chat } = await store.chat(userId, chatId);
    if (chat.title !== null && chat.titleIsDraft !== true) return;
    const title = Title.parse(await this.#make(run, chatId));
    const change: Change & { chat: Chat } = await store.titleIfNone(userId, chatId, title);
    feeds.publish(chatId, change);
  }

  async #make(run: EndedRun, chatId: ChatId): Promise<string> {
    const { budget, makeTitle, logger, store } = this.#options;
    const call = new RunSideCall({ store, run, purpose: 'title', answerTokens, budget });
    const signal = AbortSignal.any([this.#closed.signal, AbortSignal.timeout(patienceMs)]);
    try {
      const title = await makeTitle(run, signal, call);
      await call.close('finished');
      return title;
    } catch (err) {
      await call.close(signal.aborted ? 'stopped' : 'failed');
      this.#closed.signal.throwIfAborted();
      logger.debug({ err, chatId }, 'no title from the model; the first words are taken');
      return makeTitle({ ...run, model: undefined }, signal, call);
    }
  }
}
