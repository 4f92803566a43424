import type { Attachment, UploadInput } from './attachment.ts';
import { fullJitter } from './backoff.ts';
import { callsOf, sharedCallsOf } from './calls.ts';
import type {
  Api,
  CreateInput,
  EditInput,
  RegenerateInput,
  RespondInput,
  RespondOutput,
  SendInput,
  SendOutput,
  StopInput,
  StopOutput,
  StreamedEvent,
  StreamInput,
} from './calls.ts';
import { openChatStore } from './chat-store.ts';
import type { ChatStore, ReadableChat } from './chat-store.ts';
import type { ChatStorage } from './chat-storage.ts';
import { Connection } from './connection.ts';
import type { ConnectionView } from './connection.ts';
import type { Chat } from '../shared/chat.ts';
import { openLink } from './link.ts';
import { Files } from './files.ts';
import type { DownloadOptions, UploadOptions } from './files.ts';
import { followNetwork } from './network.ts';
import { Outbox } from './outbox.ts';
import { createChat, editMessage, regenerateAnswer, respondTo, sendMessage, stopRun } from './send.ts';
import { filesUrl, socketUrl } from './socket-url.ts';
import { streamChat } from './stream.ts';
import { Tokens } from './tokens.ts';
import type { TokenSource } from './tokens.ts';
import type { WebSocketClass } from './watched-socket.ts';

export type { Attachment, UploadInput } from './attachment.ts';
export type { CallError, ErrorInfo } from './call-error.ts';
export { codeOf, infoOf } from './call-error.ts';
export type {
  CreateInput,
  EditInput,
  RegenerateInput,
  RespondInput,
  RespondOutput,
  SendInput,
  SendOutput,
  StopInput,
  StopOutput,
  StreamedEvent,
  StreamInput,
} from './calls.ts';
export type { ChatStorage, KeptView, WebStorage } from './chat-storage.ts';
export { webStorage } from './chat-storage.ts';
export type { ChatState, ChatStore, ReadableChat, RunEnd } from './chat-store.ts';
export type { ConnectionState, ConnectionView } from './connection.ts';
export type { DownloadOptions, UploadOptions } from './files.ts';
export type { PendingMessage } from './pending-message.ts';
export type { TokenSource } from './tokens.ts';
export type { WebSocketClass } from './watched-socket.ts';

export interface ChatClientOptions {
  /** The server's address, as http(s):// or ws(s)://; `/trpc` is added. */
  readonly url: string;
  /**
   * A JWT or an API key, or a function that gets one; absent where the server asks nobody who they are. A function is
   * asked for each socket and again before its token has ended; streams go on over that. One that throws is asked again.
   */
  readonly token?: TokenSource;
  /** The class to use where there is no global one (Node below 22), or another one, such as that of `ws`. */
  readonly WebSocket?: WebSocketClass;
  /**
   * Where the views of chats that were opened outlive the page, such as `webStorage(sessionStorage)`: after a reload a chat
   * is there at once and goes on from its cursor. Absent: every chat begins with a snapshot.
   */
  readonly storage?: ChatStorage;
  /** From 0 to just below 1; spreads reconnects and repeats. `Math.random` when absent. */
  readonly random?: () => number;
}

/**
 * One connection to a server, and everything that goes over it.
 *
 * It connects when it is made and comes back by itself after every loss, except when the server does not accept the
 * token. It keeps the process alive until `close()`.
 */
export interface ChatClient {
  /** Every procedure, typed by the server: `client.api.chat.list.query({})`. These calls are made once, not repeated. */
  readonly api: Api;
  readonly connection: ConnectionView;
  /**
   * Creates a chat exactly once: repeated under the same id until the server has answered, however long the link is down.
   * Rejects like `send`.
   */
  create(input?: CreateInput, options?: { readonly signal?: AbortSignal }): Promise<Chat>;
  /**
   * Sends a message exactly once: repeated under the same id until the server has answered, however long the link is
   * down, and in the order in which a chat's messages were sent. Rejects with the server's typed error (`codeOf` tells the code), or with the signal's reason.
   */
  send(input: SendInput, options?: { readonly signal?: AbortSignal }): Promise<SendOutput>;
  /**
   * Asks for another answer to a message, exactly once and in order, like `send`. It is a sibling of the first one, which
   * stays; when it begins, whoever follows the chat is shown its branch.
   */
  regenerate(input: RegenerateInput, options?: { readonly signal?: AbortSignal }): Promise<SendOutput>;
  /** Sends a message in place of an earlier one, exactly once and in order, like `send`. The earlier one stays, as a sibling. */
  edit(input: EditInput, options?: { readonly signal?: AbortSignal }): Promise<SendOutput>;
  /**
   * Stops a run, or the active one where none is named; resolves when the server has recorded it. The stop of the active
   * one pauses what waits. A stop that names its run is repeated like a send; one that does not could hit the next run, so
   * it is made once.
   */
  stop(input: StopInput, options?: { readonly signal?: AbortSignal }): Promise<StopOutput>;
  /**
   * Answers the question that a run has asked, `pendingInput` of its chat: repeated like a send until the server has
   * answered. One answer counts: `accepted` tells whether it is this one, `answeredBy` whose it is. Rejects with
   * `INVALID_INPUT` when the value does not keep to the question's schema.
   */
  respond(input: RespondInput, options?: { readonly signal?: AbortSignal }): Promise<RespondOutput>;
  /**
   * Uploads a file, to be sent as one of a message's `attachments` within a day; a repeat makes another one. An image (PNG,
   * JPEG, GIF, WebP) or text in UTF-8. Rejects with the server's typed error, and without a code when it was not reached.
   */
  upload(input: UploadInput, options?: UploadOptions): Promise<Attachment>;
  /** The bytes of a `file` part that was uploaded: one's own, or of a chat that is shared. Rejects like `upload`. */
  download(fileId: string, options?: DownloadOptions): Promise<Blob>;
  /**
   * A chat's events, across every reconnect; from a snapshot when no cursor is given. Ends after `chat.deleted`, when
   * the signal aborts and with `close()`; throws typed errors that no repetition changes.
   */
  stream(input: StreamInput, options?: { readonly signal?: AbortSignal }): AsyncIterableIterator<StreamedEvent>;
  /** A live view of one chat; yours to close. */
  open(chatId: string): ChatStore;
  /**
   * A live view of a chat that somebody has shared, under the id that `chat.share` gave them; yours to close. A client without
   * a token may read it too, and nothing else, where the server asks for tokens. It is `failed`
   * with `NOT_FOUND` when nothing is shared under the id, and as soon as that has ended; what was read until then stays.
   */
  openShared(shareId: string): ReadableChat;
  /** Ends the streams, leaves calls under way a second for their answer, and closes the socket. Idempotent. */
  close(): Promise<void>;
}

/** Errors: a TypeError when `url` is not the address of a server, or when there is no WebSocket class to use. */
export function createChatClient(options: ChatClientOptions): ChatClient {
  const backoff = fullJitter(options.random ?? Math.random);
  const tokens = new Tokens(options.token);
  const connection = new Connection(backoff, () => tokens.refuse());
  const url = socketUrl(options.url);
  const link = openLink({ url, tokens, WebSocket: options.WebSocket ?? globalWebSocket() }, connection);
  followNetwork(connection);
  const files = new Files({ url: filesUrl(url), tokens, ended: connection.ended });
  const calls = callsOf(link.api);
  const never = new AbortController().signal;
  const outbox = new Outbox();
  const optionsOf = (signal: AbortSignal = never) => ({
    backoff,
    signal,
    ended: connection.ended,
    areTokensRenewable: tokens.areRenewable,
  });
  const client: Omit<ChatClient, 'open' | 'openShared'> = {
    api: link.api,
    connection,
    create: (input = {}, { signal } = {}) => createChat(calls, input, optionsOf(signal)),
    send: (input, { signal } = {}) =>
      outbox.inTurn(input.chatId, signal ?? never, () => sendMessage(calls, input, optionsOf(signal))),
    regenerate: (input, { signal } = {}) =>
      outbox.inTurn(input.chatId, signal ?? never, () => regenerateAnswer(calls, input, optionsOf(signal))),
    edit: (input, { signal } = {}) =>
      outbox.inTurn(input.chatId, signal ?? never, () => editMessage(calls, input, optionsOf(signal))),
    stop: (input, { signal } = {}) => stopRun(calls, input, optionsOf(signal)),
    respond: (input, { signal } = {}) => respondTo(calls, input, optionsOf(signal)),
    stream: (input, { signal } = {}) => streamChat(calls, input, optionsOf(signal)),
    upload: (input, options) => files.upload(input, options),
    download: (fileId, options) => files.download(fileId, options),
    close: () => link.close(),
  };
  const sharedCalls = sharedCallsOf(link.api);
  const streamShared: ChatClient['stream'] = (input, { signal } = {}) =>
    streamChat(sharedCalls, input, optionsOf(signal));
  return {
    ...client,
    open: (chatId) => openChatStore({ ...client, backoff, storage: options.storage }, chatId),
    openShared: (shareId) => openChatStore({ ...client, backoff, stream: streamShared }, shareId),
  };
}

function globalWebSocket(): WebSocketClass {
  const { WebSocket } = globalThis as { WebSocket?: WebSocketClass };
  if (WebSocket) return WebSocket;
  throw new TypeError(
    "WebSocket: expected a global one (browsers, Node 22 and later), got none; pass the class of 'ws'",
  );
}
