import type { ChatState, ChatStore, PendingMessage, ReadableChat, RunEnd } from '../index.ts';
import type { ErrorInfo } from '../call-error.ts';
import { Listeners } from '../listeners.ts';
import type { Chat } from '../../shared/chat.ts';
import type { Message } from '../../shared/message.ts';
import type { NodeProgress } from '../../shared/node-progress.ts';
import type { InputRequest, Run } from '../../shared/run.ts';
import { EarlierMessages, noneEarlier } from './earlier-messages.ts';
import type { EarlierState, LoadPage } from './earlier-messages.ts';

/** One chat as its components see it. */
export interface SharedChatState {
  /** `failed`: an error that no repetition changes; `reopen` tries all the same. */
  readonly status: ChatState['status'];
  /** With `failed`. */
  readonly error?: ErrorInfo;
  /** Null until the chat has come. */
  readonly chat: Chat | null;
  /** Oldest first, with the earlier ones that were loaded. */
  readonly messages: readonly Message[];
  /** What was sent here and is not in `messages` or `queue` yet: on its way, or failed. */
  readonly pending: readonly PendingMessage[];
  /** What waits for its turn, in order. */
  readonly queue: readonly Run[];
  readonly activeRun: Run | null;
  readonly pendingInput: InputRequest | null;
  /** How far the active run's nodes have come, in the order in which they were first told; empty where it has none. */
  readonly nodes: readonly NodeProgress[];
  /** The newest end of a run that was seen here; it explains a queued message that is gone without an answer. */
  readonly lastEnded: RunEnd | null;
  readonly earlier: EarlierState;
}

/** Before anything is known. */
export const unopened: SharedChatState = {
  status: 'loading',
  chat: null,
  messages: [],
  pending: [],
  queue: [],
  activeRun: null,
  pendingInput: null,
  nodes: [],
  lastEnded: null,
  earlier: noneEarlier,
};

/** An open chat with one stream, however many components show it, and with what is loaded of its past. */
export class SharedChat<Store extends ReadableChat = ChatStore> {
  readonly #store: Store;
  readonly #earlier: EarlierMessages;
  readonly #listeners = new Listeners();
  readonly #unsubscribe: () => void;
  #seen: ChatState;
  #state = unopened;
  #isClosed = false;

  /** @param store closed with it */
  constructor(store: Store, loadPage: LoadPage) {
    this.#store = store;
    this.#earlier = new EarlierMessages(loadPage, () => this.#update());
    this.#seen = this.#store.get();
    this.#unsubscribe = this.#store.subscribe(() => this.#onStore());
  }

  /** The same object until something changes. */
  get(): SharedChatState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Whether something is under way of which the end should be noticed, or unsent that would be lost. */
  get isBusy(): boolean {
    const { status, pending, chat, queue, activeRun } = this.#state;
    if (status === 'deleted') return false;
    const isNextComing = queue.length > 0 && chat?.queuePaused !== true;
    return pending.length > 0 || (status === 'ready' && (activeRun !== null || isNextComing));
  }

  send(this: SharedChat, ...message: Parameters<ChatStore['send']>): ReturnType<ChatStore['send']> {
    return this.#store.send(...message);
  }

  discard(this: SharedChat, messageId: string): void {
    this.#store.discard(messageId);
  }

  reopen(): void {
    this.#store.reopen();
  }

  loadEarlier(): void {
    void this.#earlier.load();
  }

  /** Nothing is told after it, not even what was asked for before. */
  close(): void {
    this.#isClosed = true;
    this.#unsubscribe();
    this.#store.close();
  }

  #onStore(): void {
    const before = this.#seen.view;
    this.#seen = this.#store.get();
    if (this.#seen.view && this.#seen.view !== before) this.#earlier.fit(before, this.#seen.view);
    this.#update();
  }

  #update(): void {
    if (this.#isClosed) return;
    const { view, ...rest } = this.#seen;
    const earlier = this.#earlier;
    const { chat, messages, queue, activeRun, pendingInput, nodes = unopened.nodes } = view ?? unopened;
    this.#state = {
      ...rest,
      chat,
      messages: earlier.messages.length === 0 ? messages : [...earlier.messages, ...messages],
      queue,
      activeRun,
      pendingInput,
      nodes,
      earlier: earlier.state,
    };
    this.#listeners.notify();
  }
}
