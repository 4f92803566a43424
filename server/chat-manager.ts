import type { SendResult, Store } from '../db/store.ts';
import type { Chat } from '../shared/chat.ts';
import { cursorWriter } from '../shared/cursor.ts';
import { SwitchboardError } from '../shared/errors.ts';
import { newId } from '../shared/new-id.ts';
import type { ChatId, InputId, MessageId, RunId, ShareId, UserId } from '../shared/ids.ts';
import type {
  ArchiveChat,
  CreateChat,
  EditMessage,
  ExportChat,
  ForkChat,
  GiveFeedback,
  OfChat,
  OfMessage,
  OfShare,
  RegenerateAnswer,
  RenameChat,
  Respond,
  SendMessage,
  ShareHistory,
  StopRun,
  StreamChat,
  StreamShare,
} from '../shared/inputs.ts';
import type { Limits } from '../shared/limits.ts';
import type { RunStatus } from '../shared/run.ts';
import type { WatchEvent } from '../shared/watch.ts';
import type { ChatView } from '../shared/events.ts';
import type { Feedback } from '../shared/feedback.ts';
import { exportChat } from './chat-export.ts';
import type { ExportedChat } from './chat-export.ts';
import type { ChatFeeds } from './chat-feeds.ts';
import { ChatQueue } from './chat-queue.ts';
import { newShareId, notShared, sharedEvents, sharedMessage, sharedView } from './chat-share.ts';
import { streamChat } from './chat-stream.ts';
import type { StreamedEvent } from './chat-stream.ts';
import type { ChatWatch } from './chat-watch.ts';
import type { Connection, ConnectionId, User } from './connection.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { RunBudget } from './run-budget.ts';
import type { AnswerSchemas } from './run-question.ts';

export interface ChatManagerOptions {
  readonly store: Store;
  readonly feeds: ChatFeeds;
  readonly watch: ChatWatch;
  readonly dispatcher: Dispatcher;
  /** Absent: none. */
  readonly budget?: RunBudget | undefined;
  readonly limits: Pick<Limits, 'debugChatMs' | 'subscriptions'>;
  readonly schemas: AnswerSchemas;
}

export interface SendReply {
  readonly messageId: MessageId;
  readonly runId: RunId;
  readonly disposition: 'started' | 'queued' | 'duplicate';
  readonly cursor: string;
}

export interface StopReply {
  readonly runId: RunId | null;
  readonly status: RunStatus | null;
}

/** Chats that one sweep deletes: a statement that takes no longer than others. What is left is for the next one. */
const chatsPerSweep = 100;

export interface RespondReply {
  readonly inputId: InputId;
  /** Whether this answer counts. */
  readonly accepted: boolean;
  /** Whose answer counts: a user, or `expiry` when the time is over; null when the question was withdrawn. */
  readonly answeredBy: string | null;
}

/**
 * Who is connected, and what they may set going: the commands of `chat`, each recorded first and then acted on.
 *
 * Connections are keyed by their id and own their streams; runs belong to the dispatcher and outlive every connection.
 */
export class ChatManager {
  readonly connections = new Map<ConnectionId, Connection>();
  readonly queue: ChatQueue;
  readonly #options: ChatManagerOptions;

  constructor(options: ChatManagerOptions) {
    this.#options = options;
    this.queue = new ChatQueue(options);
  }

  /** Takes in a connection until its signal aborts. */
  accept(connection: Connection): void {
    if (connection.signal.aborted) return;
    this.connections.set(connection.id, connection);
    connection.signal.addEventListener('abort', () => this.connections.delete(connection.id), { once: true });
  }

  async create(user: User, { chatId, app, title, draftTitle, debug }: CreateChat): Promise<Chat> {
    const { store, watch } = this.#options;
    const chat = await store.createChat(user.id, {
      chatId: chatId ?? newId<ChatId>(),
      app: app ?? null,
      title: title ?? draftTitle ?? null,
      titleIsDraft: title === undefined && draftTitle !== undefined,
      debug: debug ?? false,
    });
    watch.note(chat.id);
    return chat;
  }

  async send(user: User, input: SendMessage): Promise<SendReply> {
    const { chatId, text, onBusy, messageId = newId<MessageId>() } = input;
    const { store } = this.#options;
    return this.#submit(user, chatId, (mayStart) => store.send(user.id, { chatId, messageId, text, onBusy, mayStart }));
  }

  async regenerate(user: User, input: RegenerateAnswer): Promise<SendReply> {
    const { newMessageId = newId<MessageId>() } = input;
    const { store } = this.#options;
    return this.#submit(user, input.chatId, (mayStart) =>
      store.regenerate(user.id, { ...input, newMessageId, mayStart }),
    );
  }

  async edit(user: User, input: EditMessage): Promise<SendReply> {
    const { newMessageId = newId<MessageId>() } = input;
    const { store } = this.#options;
    return this.#submit(user, input.chatId, (mayStart) => store.edit(user.id, { ...input, newMessageId, mayStart }));
  }

  /** Records a run that is asked for, and acts on it. Errors: `UNAVAILABLE` while the server is stopping, `BUDGET_EXCEEDED`. */
  async #submit(user: User, chatId: ChatId, record: (mayStart: boolean) => Promise<SendResult>): Promise<SendReply> {
    const { budget, dispatcher } = this.#options;
    if (dispatcher.isDraining)
      throw new SwitchboardError('UNAVAILABLE', 'the server is stopping; send again in a moment');
    await budget?.expectRoom(user.id);
    const result = await dispatcher.start(chatId, user.id, record);
    if (result.disposition === 'queued' && result.interrupts) {
      // One that waited for a person has ended already, and nobody else lets the chat go on.
      void dispatcher.halt(chatId, result.interrupts, { kind: 'stop' }).then(() => dispatcher.advance(chatId, user.id));
    }
    if (result.disposition === 'queued' && result.resumes) void dispatcher.advance(chatId, user.id);
    const cursor = cursorWriter(chatId)({ chatSeq: result.seq, runSeq: 0 });
    return { messageId: result.messageId, runId: result.runId, disposition: result.disposition, cursor };
  }

  /** Errors: `RATE_LIMITED` past the connection's streams; else those of `streamChat`. */
  async *stream(
    connection: Connection,
    user: User,
    input: StreamChat,
    signal: AbortSignal,
  ): AsyncGenerator<StreamedEvent, void, void> {
    const { feeds, store } = this.#options;
    this.#takeStream(connection);
    const feed = feeds.acquire(input.chatId);
    const cursor = input.lastEventId ?? null;
    try {
      yield* streamChat({ feed, store, userId: user.id, cursor, signal, connection });
    } finally {
      feeds.release(feed);
      connection.streams -= 1;
    }
  }

  /** The chat that is shared under this id, as `stream` tells it, without what is its owner's. Errors: also `NOT_FOUND`. */
  async *streamShared(
    connection: Connection,
    { shareId, lastEventId }: StreamShare,
    signal: AbortSignal,
  ): AsyncGenerator<StreamedEvent, void, void> {
    const { chatId, userId } = await this.#shared(shareId);
    yield* sharedEvents(this.stream(connection, { id: userId }, { chatId, lastEventId }, signal), shareId);
  }

  async sharedView({ shareId }: OfShare): Promise<ChatView> {
    const { chatId, userId } = await this.#shared(shareId);
    return sharedView((await this.#options.store.view(userId, chatId)).view);
  }

  async sharedHistory({ shareId, cursor, limit }: ShareHistory) {
    const { chatId, userId } = await this.#shared(shareId);
    const page = await this.#options.store.history(userId, chatId, { cursor, limit });
    return { ...page, messages: page.messages.map(sharedMessage) };
  }

  async #shared(shareId: ShareId): Promise<{ chatId: ChatId; userId: UserId }> {
    const found = await this.#options.store.sharedChat(shareId);
    if (!found) throw notShared();
    return found;
  }

  /**
   * The stop is recorded first, so that it holds after a crash as well; then the run, if it is here, is ended. What waits
   * behind it is paused in the same transaction, so that nothing starts in between.
   */
  async stop(user: User, { chatId, runId }: StopRun): Promise<StopReply> {
    const { dispatcher, feeds, store } = this.#options;
    const stop = await store.requestStop(user.id, chatId, runId);
    if (!stop) return { runId: null, status: null };
    feeds.publish(chatId, stop);
    const ended = stop.status === 'running' ? await dispatcher.halt(chatId, stop.runId, { kind: 'stop' }) : null;
    // One that waited for a person has ended already, and nobody else lets the chat go on.
    if (stop.entries.length > 0) void dispatcher.advance(chatId, user.id);
    return { runId: stop.runId, status: ended ?? stop.status };
  }

  /**
   * Answers a question of a run, which goes on when there is room. Errors: `NOT_FOUND`, `INVALID_INPUT` for a value that
   * is none of the answers that the question allows.
   */
  async respond(user: User, { chatId, inputId, value }: Respond): Promise<RespondReply> {
    const { dispatcher, feeds, schemas, store } = this.#options;
    const { request, isPending } = await store.input(user.id, chatId, inputId);
    if (isPending) schemas.expectAnswer(request.schema, value);
    try {
      const { accepted, answeredBy, ...change } = await store.respond(user.id, { chatId, inputId, value });
      feeds.publish(chatId, change);
      return { inputId, accepted, answeredBy };
    } finally {
      // Also when the reply of the database was lost: the answer may be there.
      void dispatcher.advance(chatId, user.id);
    }
  }

  async rename(user: User, { chatId, title }: RenameChat): Promise<Chat> {
    return this.#changed(chatId, await this.#options.store.rename(user.id, chatId, title));
  }

  async archive(user: User, { chatId, archived }: ArchiveChat): Promise<Chat> {
    return this.#changed(chatId, await this.#options.store.archive(user.id, chatId, archived));
  }

  /** Shows another branch, to everybody who watches; a run that is active on this one goes on. */
  async selectBranch(user: User, { chatId, messageId }: OfMessage): Promise<Chat> {
    return this.#changed(chatId, await this.#options.store.selectBranch(user.id, chatId, messageId));
  }

  async fork(user: User, { chatId, messageId, newChatId = newId<ChatId>(), title }: ForkChat): Promise<Chat> {
    const { store, watch } = this.#options;
    const chat = await store.fork(user.id, { chatId, messageId, newChatId, title: title ?? null });
    watch.note(chat.id);
    return chat;
  }

  /** Shares the chat with whoever has the id; one that is shared already keeps its id. */
  async share(user: User, { chatId }: OfChat): Promise<{ shareId: ShareId }> {
    const shareId = newShareId();
    const chat = this.#changed(chatId, await this.#options.store.share(user.id, chatId, shareId));
    return { shareId: chat.shareId ?? shareId };
  }

  /** From now on nobody else reads it; streams of those who do end. */
  async unshare(user: User, { chatId }: OfChat): Promise<Chat> {
    return this.#changed(chatId, await this.#options.store.unshare(user.id, chatId));
  }

  async giveFeedback(user: User, { chatId, ...change }: GiveFeedback): Promise<Feedback> {
    const result = await this.#options.store.giveFeedback(user.id, chatId, change);
    this.#options.feeds.publish(chatId, result);
    return result.feedback;
  }

  export(user: User, { chatId, format }: ExportChat): Promise<ExportedChat> {
    return exportChat(this.#options.store, user.id, chatId, format);
  }

  /** Stops the chat's run, tells whoever watches and ends their streams. */
  async delete(user: User, { chatId }: OfChat): Promise<{ chatId: ChatId }> {
    const { dispatcher, feeds, store, watch } = this.#options;
    const deleted = await store.deleteChat(user.id, chatId);
    feeds.publish(chatId, deleted);
    feeds.drop(chatId);
    watch.noteDeleted(user.id, chatId);
    if (deleted.activeRunId) await dispatcher.halt(chatId, deleted.activeRunId, { kind: 'stop' });
    return { chatId };
  }

  /** The user's list of chats, live. Errors: `RATE_LIMITED` past the connection's streams. */
  async *watch(connection: Connection, user: User, signal: AbortSignal): AsyncGenerator<WatchEvent, void, void> {
    this.#takeStream(connection);
    try {
      yield* this.#options.watch.watch(user.id, connection, signal);
    } finally {
      connection.streams -= 1;
    }
  }

  async markRead(user: User, { chatId }: OfChat): Promise<{ chatId: ChatId }> {
    await this.#options.store.markRead(user.id, chatId);
    this.#options.watch.note(chatId);
    return { chatId };
  }

  /** Deletes debug chats that nobody has used for long, and ends their streams. */
  async sweepDebugChats(): Promise<void> {
    const { feeds, limits, store } = this.#options;
    for (const deleted of await store.deleteDebugChats(limits.debugChatMs, chatsPerSweep)) {
      feeds.publish(deleted.chatId, deleted);
      feeds.drop(deleted.chatId);
    }
  }

  #changed(chatId: ChatId, change: Awaited<ReturnType<Store['rename']>>): Chat {
    this.#options.feeds.publish(chatId, change);
    return change.chat;
  }

  #takeStream(connection: Connection): void {
    const { subscriptions } = this.#options.limits;
    if (connection.streams >= subscriptions) {
      const message = `expected at most ${subscriptions} streams on one connection; end one first, or open another connection`;
      throw new SwitchboardError('RATE_LIMITED', message, { details: { retryAfterMs: 1_000, limit: subscriptions } });
    }
    connection.streams += 1;
  }
}
