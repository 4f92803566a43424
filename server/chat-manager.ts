import type { SendResult, Store } from '../db/store.ts';
import { cursorWriter } from '../shared/cursor.ts';
import { SwitchboardError } from '../shared/errors.ts';
import { newId } from '../shared/new-id.ts';
import type { ChatId, InputId, MessageId, RunId } from '../shared/ids.ts';
import type { EditMessage, RegenerateAnswer, Respond, SendMessage, StopRun, StreamChat } from '../shared/inputs.ts';
import type { Limits } from '../shared/limits.ts';
import type { RunStatus } from '../shared/run.ts';
import type { WatchEvent } from '../shared/watch.ts';
import type { RunInstructions } from '../shared/workflow-trial.ts';
import type { ChatFeeds } from './chat-feeds.ts';
import { ChatQueue } from './chat-queue.ts';
import { streamChat } from './chat-stream.ts';
import type { StreamedEvent } from './chat-stream.ts';
import type { ChatWatch } from './chat-watch.ts';
import type { Connection, ConnectionId, User } from './connection.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { RunBudget } from './run-budget.ts';
import { filesNamedIn } from './run-answer-files.ts';
import type { AnswerSchemas } from './run-question.ts';
import { ChatChanges } from './chat-changes.ts';
import { ChatShares } from './chat-shares.ts';

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
  /** What is done to chats themselves. */
  readonly changes: ChatChanges;
  /** What others may read. */
  readonly shares: ChatShares;
  readonly #options: ChatManagerOptions;

  constructor(options: ChatManagerOptions) {
    this.#options = options;
    this.queue = new ChatQueue(options);
    this.changes = new ChatChanges(options);
    this.shares = new ChatShares({ ...options, stream: (...args) => this.stream(...args) });
  }

  /** Takes in a connection until its signal aborts. */
  accept(connection: Connection): void {
    if (connection.signal.aborted) return;
    this.connections.set(connection.id, connection);
    connection.signal.addEventListener('abort', () => this.connections.delete(connection.id), { once: true });
  }

  /** @param instructions of the owner of the workflow, which were checked */
  async send(user: User, input: Omit<SendMessage, 'parameters'>, instructions?: RunInstructions): Promise<SendReply> {
    const { chatId, text, attachments, onBusy, messageId = newId<MessageId>() } = input;
    const { store } = this.#options;
    const request = { chatId, messageId, text, attachments, onBusy, ...(instructions && { instructions }) };
    return this.#submit(user, chatId, (mayStart) => store.send(user.id, { ...request, mayStart }));
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
   * is none of the answers that the question allows, or names a file that is not the user's.
   */
  async respond(user: User, { chatId, inputId, value }: Respond): Promise<RespondReply> {
    const { dispatcher, feeds, schemas, store } = this.#options;
    const { request, isPending } = await store.input(user.id, chatId, inputId);
    if (isPending) schemas.expectAnswer(request.schema, value);
    const files = isPending ? filesNamedIn(request.schema, value) : [];
    try {
      const { accepted, answeredBy, ...change } = await store.respond(user.id, { chatId, inputId, value, files });
      feeds.publish(chatId, change);
      return { inputId, accepted, answeredBy };
    } finally {
      // Also when the reply of the database was lost: the answer may be there.
      void dispatcher.advance(chatId, user.id);
    }
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

  #takeStream(connection: Connection): void {
    const { subscriptions } = this.#options.limits;
    if (connection.streams >= subscriptions) {
      const message = `expected at most ${subscriptions} streams on one connection; end one first, or open another connection`;
      throw new SwitchboardError('RATE_LIMITED', message, { details: { retryAfterMs: 1_000, limit: subscriptions } });
    }
    connection.streams += 1;
  }
}
