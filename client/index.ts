import { fullJitter } from './backoff.ts';
import { callsOf } from './calls.ts';
import type { Api, SendInput, SendOutput, StopInput, StopOutput, StreamedEvent, StreamInput } from './calls.ts';
import { openChatStore } from './chat-store.ts';
import type { ChatStore } from './chat-store.ts';
import { Connection } from './connection.ts';
import type { ConnectionView } from './connection.ts';
import { openLink } from './link.ts';
import { Outbox } from './outbox.ts';
import { sendMessage, stopRun } from './send.ts';
import { socketUrl } from './socket-url.ts';
import { streamChat } from './stream.ts';
import type { WebSocketClass } from './watched-socket.ts';

export type { CallError, ErrorInfo } from './call-error.ts';
export { codeOf, infoOf } from './call-error.ts';
export type { SendInput, SendOutput, StopInput, StopOutput, StreamedEvent, StreamInput } from './calls.ts';
export type { ChatState, ChatStore, RunEnd } from './chat-store.ts';
export type { ConnectionState, ConnectionView } from './connection.ts';
export type { PendingMessage } from './pending-message.ts';
export type { WebSocketClass } from './watched-socket.ts';

export interface ChatClientOptions {
  /** The server's address, as http(s):// or ws(s)://; `/trpc` is added. */
  readonly url: string;
  /** A JWT or an API key; absent where the server asks nobody who they are. */
  readonly token?: string;
  /** The class to use where there is no global one (Node below 22), or another one, such as that of `ws`. */
  readonly WebSocket?: WebSocketClass;
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
   * Sends a message exactly once: repeated under the same id until the server has answered, however long the link is
   * down, and in the order in which a chat's messages were sent. Rejects with the server's typed error (`codeOf` tells the code), or with the signal's reason.
   */
  send(input: SendInput, options?: { readonly signal?: AbortSignal }): Promise<SendOutput>;
  /**
   * Stops a run, or the active one where none is named; resolves when the server has recorded it. A stop that names its
   * run is repeated like a send; one that does not could hit the next run, so it is made once.
   */
  stop(input: StopInput, options?: { readonly signal?: AbortSignal }): Promise<StopOutput>;
  /**
   * A chat's events, across every reconnect; from a snapshot when no cursor is given. Ends after `chat.deleted`, when
   * the signal aborts and with `close()`; throws typed errors that no repetition changes.
   */
  stream(input: StreamInput, options?: { readonly signal?: AbortSignal }): AsyncIterableIterator<StreamedEvent>;
  /** A live view of one chat; yours to close. */
  open(chatId: string): ChatStore;
  /** Ends the streams, leaves calls under way a second for their answer, and closes the socket. Idempotent. */
  close(): Promise<void>;
}

/** Errors: a TypeError when `url` is not the address of a server, or when there is no WebSocket class to use. */
export function createChatClient(options: ChatClientOptions): ChatClient {
  const backoff = fullJitter(options.random ?? Math.random);
  const connection = new Connection(backoff);
  const url = socketUrl(options.url);
  const link = openLink({ url, token: options.token, WebSocket: options.WebSocket ?? globalWebSocket() }, connection);
  const calls = callsOf(link.api);
  const never = new AbortController().signal;
  const outbox = new Outbox();
  const optionsOf = (signal: AbortSignal = never) => ({ backoff, signal, ended: connection.ended });
  const client: Omit<ChatClient, 'open'> = {
    api: link.api,
    connection,
    send: (input, { signal } = {}) =>
      outbox.inTurn(input.chatId, signal ?? never, () => sendMessage(calls, input, optionsOf(signal))),
    stop: (input, { signal } = {}) => stopRun(calls, input, optionsOf(signal)),
    stream: (input, { signal } = {}) => streamChat(calls, input, optionsOf(signal)),
    close: () => link.close(),
  };
  return { ...client, open: (chatId) => openChatStore({ ...client, backoff }, chatId) };
}

function globalWebSocket(): WebSocketClass {
  const { WebSocket } = globalThis as { WebSocket?: WebSocketClass };
  if (WebSocket) return WebSocket;
  throw new TypeError(
    "WebSocket: expected a global one (browsers, Node 22 and later), got none; pass the class of 'ws'",
  );
}
