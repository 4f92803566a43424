import type { ChatStorage } from './chat-storage.ts';
import { ViewKeeper } from './view-keeper.ts';
import type { Backoff } from './backoff.ts';
import { wait } from './backoff.ts';
import type { ErrorInfo } from './call-error.ts';
import { infoOf } from './call-error.ts';
import type {
  RespondInput,
  RespondOutput,
  SendInput,
  SendOutput,
  StopInput,
  StopOutput,
  StreamedEvent,
  StreamInput,
} from './calls.ts';
import { Listeners } from './listeners.ts';
import type { PendingMessage } from './pending-message.ts';
import { stillPending } from './pending-message.ts';
import type { ChatEventOf, ChatView } from '../shared/events.ts';
import { fold, leavesHole } from '../shared/fold.ts';
import type { MessageId } from '../shared/ids.ts';
import type { RunError } from '../shared/message.ts';
import type { NodeProgress } from '../shared/node-progress.ts';
import { newId } from '../shared/new-id.ts';
import type { Ending } from '../shared/run.ts';

/** How a run ended; the only trace of one that ended before it started. */
export interface RunEnd {
  readonly runId: string;
  readonly status: Ending;
  readonly error?: RunError;
  /** How far its nodes had come, where it has any. */
  readonly nodes?: readonly NodeProgress[];
}

export interface ChatState {
  /** `loading` until the first snapshot; `failed` when the stream ended with an error that no repetition changes. */
  readonly status: 'loading' | 'ready' | 'deleted' | 'failed';
  /** The chat as folded from its events; null until the first snapshot. */
  readonly view: ChatView | null;
  /** What was sent here and is not in the view yet, oldest first. */
  readonly pending: readonly PendingMessage[];
  /** The newest end of a run that this store was told of; null before. An end that only a snapshot shows is not told. */
  readonly lastEnded: RunEnd | null;
  /** With `failed`. */
  readonly error?: ErrorInfo;
}

/** A live view of one chat, for as long as it is open. */
export interface ReadableChat {
  /** The same object until something changes. */
  get(): ChatState;
  /** Calls the listener after each change; returns what ends that. */
  subscribe(listener: () => void): () => void;
  /** After `failed`: follows the chat again from where its stream ended, keeping what is pending. Otherwise nothing. */
  reopen(): void;
  /** Ends the stream. Sends under way go on. */
  close(): void;
}

/** The same of a chat of one's own, with what is mostly done in it. */
export interface ChatStore extends ReadableChat {
  /**
   * Sends a message and shows it as pending at once. Rejects like `ChatClient.send`; the message then stays, `failed`,
   * until it is sent again under its id or discarded.
   */
  send(text: string, options?: Pick<SendInput, 'attachments' | 'messageId' | 'onBusy'>): Promise<SendOutput>;
  /** Takes a failed message out of `pending`. */
  discard(messageId: string): void;
  /** Stops the answer that is being written, and pauses what waits; resolves when the server has recorded it. */
  stop(): Promise<void>;
  /** Answers the question with this id, that of `view.pendingInput`. Resolves and rejects like `ChatClient.respond`. */
  respond(inputId: string, value: unknown): Promise<RespondOutput>;
}

/** What a store needs of its client. */
export interface ChatSource {
  readonly backoff: Backoff;
  /** Absent: nothing outlives the store. */
  readonly storage?: ChatStorage | undefined;
  send(input: SendInput): Promise<SendOutput>;
  stop(input: StopInput): Promise<StopOutput>;
  respond(input: RespondInput): Promise<RespondOutput>;
  stream(input: StreamInput, options: { readonly signal: AbortSignal }): AsyncIterable<StreamedEvent>;
}

export function openChatStore(source: ChatSource, chatId: string): ChatStore {
  const store = new LiveChat(source, chatId);
  void store.follow();
  return {
    get: () => store.get(),
    subscribe: (listener) => store.subscribe(listener),
    send: (text, options) => store.send(text, options),
    discard: (messageId) => store.discard(messageId),
    stop: () => store.stop(),
    respond: (inputId, value) => store.respond(inputId, value),
    reopen: () => store.reopen(),
    close: () => store.close(),
  };
}

class LiveChat implements ChatStore {
  readonly #source: ChatSource;
  readonly #chatId: string;
  readonly #listeners = new Listeners();
  readonly #closed = new AbortController();
  readonly #keeper: ViewKeeper | undefined;
  #state: ChatState = { status: 'loading', view: null, pending: [], lastEnded: null };
  #cursor: string | undefined;

  constructor(source: ChatSource, chatId: string) {
    this.#source = source;
    this.#chatId = chatId;
    this.#keeper = source.storage && new ViewKeeper(source.storage, chatId);
    const kept = this.#keeper?.load();
    if (!kept) return;
    this.#state = { ...this.#state, status: 'ready', view: kept.view };
    this.#cursor = kept.cursor;
  }

  get(): ChatState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  async send(text: string, options: Parameters<ChatStore['send']>[1] = {}): Promise<SendOutput> {
    const { attachments, messageId = newId<MessageId>() } = options;
    const message = { messageId, text, ...(attachments && { attachments }) };
    this.#setPending({ ...message, status: 'sending' });
    try {
      return await this.#source.send({ ...options, chatId: this.#chatId, text, messageId });
    } catch (error) {
      // The events may have brought it although the answer was lost.
      if (this.#isPending(messageId)) this.#setPending({ ...message, status: 'failed', error: infoOf(error) });
      throw error;
    }
  }

  discard(messageId: string): void {
    const pending = this.#state.pending.filter((message) => message.messageId !== messageId);
    if (pending.length < this.#state.pending.length) this.#set({ pending });
  }

  async stop(): Promise<void> {
    const runId = this.#state.view?.activeRun?.id;
    await this.#source.stop({ chatId: this.#chatId, ...(runId !== undefined && { runId }) });
  }

  respond(inputId: string, value: unknown): Promise<RespondOutput> {
    return this.#source.respond({ chatId: this.#chatId, inputId, value });
  }

  reopen(): void {
    if (this.#state.status !== 'failed' || this.#closed.signal.aborted) return;
    const { error: _, ...rest } = this.#state;
    this.#replace({ ...rest, status: rest.view ? 'ready' : 'loading' });
    void this.follow();
  }

  close(): void {
    this.#closed.abort();
    this.#keeper?.flush();
  }

  /** Folds events until the chat is deleted, the store closed or the stream failed. */
  async follow(): Promise<void> {
    const { signal } = this.#closed;
    let lastHole: string | undefined;
    try {
      for (let holes = 1; (await this.#readUntilHole()) && !signal.aborted; holes += 1) {
        // What follows this cursor does not fit: once more from there, and then from a snapshot.
        const isAgain = this.#cursor === lastHole;
        lastHole = this.#cursor;
        if (isAgain) this.#cursor = undefined;
        await wait(this.#source.backoff(holes), signal).catch(() => {});
      }
    } catch (error) {
      if (signal.aborted) return;
      this.#keeper?.forget();
      this.#set({ status: 'failed', error: infoOf(error) });
    }
  }

  /** Resolves to whether a delta did not fit. */
  async #readUntilHole(): Promise<boolean> {
    const { signal } = this.#closed;
    const chatId = this.#chatId;
    const from = this.#cursor === undefined ? { chatId } : { chatId, lastEventId: this.#cursor };
    for await (const event of this.#source.stream(from, { signal })) {
      if (leavesHole(this.#state.view, event)) return true;
      this.#apply(event);
    }
    return false;
  }

  #apply(event: StreamedEvent): void {
    const { cursor, ...change } = event;
    this.#cursor = cursor;
    const view = fold(this.#state.view, change);
    const status = change.type === 'chat.deleted' ? 'deleted' : view ? 'ready' : 'loading';
    const pending = stillPending(this.#state.pending, view);
    if (status === 'deleted') this.#keeper?.forget();
    else if (view) this.#keeper?.keep({ view, cursor });
    if (view === this.#state.view && status === this.#state.status && pending === this.#state.pending) return;
    this.#set({
      status,
      view,
      pending,
      ...(change.type === 'run.ended' && { lastEnded: endOf(change, this.#state.view) }),
    });
  }

  #isPending(messageId: string): boolean {
    return this.#state.pending.some((message) => message.messageId === messageId);
  }

  #setPending(message: PendingMessage): void {
    const others = this.#state.pending.filter(({ messageId }) => messageId !== message.messageId);
    this.#set({ pending: stillPending([...others, message], this.#state.view) });
  }

  #set(change: Partial<ChatState>): void {
    this.#replace({ ...this.#state, ...change });
  }

  #replace(state: ChatState): void {
    this.#state = state;
    this.#listeners.notify();
  }
}

/** @param view the chat just before */
function endOf({ runId, status, error }: ChatEventOf<'run.ended'>, view: ChatView | null): RunEnd {
  const nodes = view?.activeRun?.id === runId ? view.nodes : undefined;
  return { runId, status, ...(error && { error }), ...(nodes && { nodes }) };
}
