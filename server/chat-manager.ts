import type { Store } from '../db/store.ts';
import type { Chat } from '../shared/chat.ts';
import { cursorWriter } from '../shared/cursor.ts';
import { SwitchboardError } from '../shared/errors.ts';
import { newId } from '../shared/new-id.ts';
import type { ChatId, InputId, MessageId, RunId } from '../shared/ids.ts';
import type { ArchiveChat, OfChat, RenameChat, Respond, SendMessage, StopRun, StreamChat } from '../shared/inputs.ts';
import type { Limits } from '../shared/limits.ts';
import type { RunStatus } from '../shared/run.ts';
import type { ChatFeeds } from './chat-feeds.ts';
import { streamChat } from './chat-stream.ts';
import type { StreamedEvent } from './chat-stream.ts';
import type { Connection, ConnectionId, User } from './connection.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { AnswerSchemas } from './run-question.ts';

export interface ChatManagerOptions {
  readonly store: Store;
  readonly feeds: ChatFeeds;
  readonly dispatcher: Dispatcher;
  readonly limits: Pick<Limits, 'subscriptions'>;
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
  readonly #options: ChatManagerOptions;

  constructor(options: ChatManagerOptions) {
    this.#options = options;
  }

  /** Takes in a connection until its signal aborts. */
  accept(connection: Connection): void {
    if (connection.signal.aborted) return;
    this.connections.set(connection.id, connection);
    connection.signal.addEventListener('abort', () => this.connections.delete(connection.id), { once: true });
  }

  async send(user: User, input: SendMessage): Promise<SendReply> {
    const { dispatcher, store } = this.#options;
    if (dispatcher.isDraining)
      throw new SwitchboardError('UNAVAILABLE', 'the server is stopping; send again in a moment');
    const { chatId, text, onBusy, messageId = newId<MessageId>() } = input;
    const result = await dispatcher.start(chatId, user.id, (mayStart) =>
      store.send(user.id, { chatId, messageId, text, onBusy, mayStart }),
    );
    if (result.disposition === 'queued' && result.interrupts) {
      // One that waited for a person has ended already, and nobody else lets the chat go on.
      void dispatcher.halt(chatId, result.interrupts, { kind: 'stop' }).then(() => dispatcher.advance(chatId, user.id));
    }
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

  /** The stop is recorded first, so that it holds after a crash as well; then the run, if it is here, is ended. */
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

  /** Stops the chat's run, tells whoever watches and ends their streams. */
  async delete(user: User, { chatId }: OfChat): Promise<{ chatId: ChatId }> {
    const { dispatcher, feeds, store } = this.#options;
    const deleted = await store.deleteChat(user.id, chatId);
    feeds.publish(chatId, deleted);
    feeds.drop(chatId);
    if (deleted.activeRunId) await dispatcher.halt(chatId, deleted.activeRunId, { kind: 'stop' });
    return { chatId };
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
