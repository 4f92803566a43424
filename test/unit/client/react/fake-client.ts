import type { ChatClient, ChatState, ChatStore, ConnectionState } from '../../../../client/index.ts';
import { Listeners } from '../../../../client/listeners.ts';
import type { Surroundings } from '../../../../client/react/surroundings.ts';
import type { Model } from '../../../../shared/assistant.ts';
import type { Chat } from '../../../../shared/chat.ts';
import type { ChatView } from '../../../../shared/events.ts';
import type { ListedChat } from '../../../../shared/listed-chat.ts';
import type { WatchedChat, WatchEvent } from '../../../../shared/watch.ts';
import { sampleChat } from '../../../helpers/samples.ts';

/** A store whose state the test sets. */
class FakeStore {
  readonly #listeners = new Listeners();
  isOpen = true;
  state: ChatState = { status: 'loading', view: null, pending: [], lastEnded: null };

  readonly store: ChatStore = {
    get: () => this.state,
    subscribe: (listener) => this.#listeners.add(listener),
    send: () => new Promise(() => {}),
    discard: () => {},
    stop: async () => {},
    respond: () => new Promise(() => {}),
    reopen: () => {},
    close: () => {
      this.isOpen = false;
    },
  };

  set(change: Partial<ChatState>): void {
    this.state = { ...this.state, ...change };
    this.#listeners.notify();
  }

  view(change: Partial<ChatView>): void {
    const view = { ...(this.state.view ?? viewOf(chatOf())), ...change };
    this.set({ status: 'ready', view });
  }
}

/** A question that the test answers when it likes. */
export interface Asked<Input, Output> {
  readonly input: Input;
  answer(output: Output): Promise<void>;
  fail(error: unknown): Promise<void>;
}

type ListInput = { readonly search?: string; readonly archived?: boolean; readonly cursor?: string };
/** What is left out is as it is where nothing goes on. */
type ListedChats = readonly (Chat & Partial<ListedChat>)[];
type ListOutput = { readonly chats: ListedChats; readonly nextCursor: string | null };
type HistoryOutput = { readonly messages: ChatView['messages']; readonly nextCursor: string | null };

interface Watcher {
  onData(told: { readonly data: WatchEvent }): void;
  onError(error: unknown): void;
  isOpen?: boolean;
}

/** A client whose connection, stores and answers are the test's. */
export class FakeClient {
  readonly #listeners = new Listeners();
  readonly stores = new Map<string, FakeStore>();
  /** Every store that was ever opened. */
  opened = 0;
  connectionState: ConnectionState = { status: 'open' };
  readonly lists: Asked<ListInput, ListOutput>[] = [];
  /** Questions for the catalog, answered with the models; there are no apps. */
  readonly catalogs: Asked<undefined, readonly Model[]>[] = [];
  /** Everybody who ever watched the chats, and whether they still do. */
  readonly watchers: Watcher[] = [];
  /** Chats that were marked as read. */
  readonly read: string[] = [];
  refusesReading = false;
  readonly histories: Asked<{ readonly cursor?: string }, HistoryOutput>[] = [];

  readonly client = {
    connection: {
      get: () => this.connectionState,
      subscribe: (listener: () => void) => this.#listeners.add(listener),
    },
    api: {
      chat: {
        list: { query: (input: ListInput) => ask(this.lists, input).then(listed) },
        watch: {
          subscribe: (_: undefined, watcher: Watcher) => {
            this.watchers.push(watcher);
            return { unsubscribe: () => void (watcher.isOpen = false) };
          },
        },
        markRead: {
          mutate: async ({ chatId }: { chatId: string }) => {
            this.read.push(chatId);
            if (this.refusesReading) throw new Error('refused');
          },
        },
        history: { query: (input: { cursor?: string }) => ask(this.histories, input) },
      },
      assistant: { list: { query: async () => ({ assistants: [] }) } },
      workflow: { list: { query: async () => ({ workflows: [] }) } },
      model: { list: { query: () => ask(this.catalogs, undefined) } },
    },
    open: (chatId: string) => {
      const fake = new FakeStore();
      this.stores.set(chatId, fake);
      this.opened += 1;
      return fake.store;
    },
  } as unknown as ChatClient;

  /** What the server tells whoever watches now. */
  tell(event: WatchEvent): void {
    this.watchers.at(-1)?.onData({ data: event });
  }

  connect(state: ConnectionState): void {
    this.connectionState = state;
    this.#listeners.notify();
  }

  store(chatId: string): FakeStore {
    const store = this.stores.get(chatId);
    if (!store) throw new Error(`expected an open store of ${chatId}, found none`);
    return store;
  }
}

function listed({ chats, nextCursor }: ListOutput) {
  return { chats: chats.map((chat) => ({ status: 'idle', unread: false, ...chat })), nextCursor };
}

function ask<Input, Output>(asked: Asked<Input, Output>[], input: Input): Promise<Output> {
  const { promise, resolve, reject } = Promise.withResolvers<Output>();
  asked.push({
    input,
    answer: (output) => settled(() => resolve(output)),
    fail: (error) => settled(() => reject(error)),
  });
  return promise;
}

/** Whoever waits for the answer has acted on it when this resolves; fake time stands still. */
async function settled(act: () => void): Promise<void> {
  act();
  for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
}

/** A page that somebody looks at, until the test says otherwise. */
export class FakeSurroundings implements Surroundings {
  readonly listeners = new Listeners();
  isLookedAt = true;

  isVisible(): boolean {
    return this.isLookedAt;
  }

  onReturn(listener: () => void): () => void {
    return this.listeners.add(listener);
  }
}

let seconds = 0;

/** Each one is younger than the one before. */
export function chatOf(change: Partial<Chat> = {}): Chat {
  seconds += 1;
  const time = new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString();
  return sampleChat({ title: 'A chat', createdAt: time, updatedAt: time, ...change });
}

export function viewOf(chat: Chat): ChatView {
  return { chat, messages: [], nextCursor: null, activeRun: null, pendingInput: null, queue: [] };
}

export function watchedOf(chat: Chat, change: Partial<WatchedChat> = {}): WatchedChat {
  return { chat, status: chat.activeRunId === null ? 'idle' : 'running', unread: false, ...change };
}
