import { TRPCClientError } from '@trpc/client';
import type { Backoff } from './backoff.ts';
import { wait } from './backoff.ts';
import type { CallError } from './call-error.ts';
import { typedError } from './call-error.ts';
import { closeCodes } from '../shared/errors.ts';
import { Listeners } from './listeners.ts';
import type { SocketWatcher } from './watched-socket.ts';

/** Milliseconds that a connection must have lasted for the next loss to count as the first one. */
const stableMs = 5_000;

/** Milliseconds of grace that a server with too many connections gets at least. */
const tooManyMs = 5_000;

/** Clients that a closing server asks to move to another one spread like after so many failures: over one second. */
const moveLikeFailures = 3;

/** How the link to the server is. `attempt` counts from 1 and starts again after a connection that lasted. */
export type ConnectionState =
  | { readonly status: 'connecting'; readonly attempt: number }
  | { readonly status: 'open' }
  | { readonly status: 'waiting'; readonly attempt: number; readonly retryInMs: number; readonly code: number }
  /** For good: 1000 after `close()`, 4401 when the server does not accept the token. */
  | { readonly status: 'closed'; readonly code: number; readonly reason: string };

/** The connection as others may see it. */
export interface ConnectionView {
  get(): ConnectionState;
  /** Called after each change, without arguments; returns what ends it. */
  subscribe(listener: () => void): () => void;
}

/**
 * Decides when the next socket may be opened and when there shall be none again, and knows how the link is.
 *
 * It opens nothing itself: whoever does asks `permit()` before each socket and reports what became of it.
 */
export class Connection implements ConnectionView, SocketWatcher {
  #state: ConnectionState = { status: 'connecting', attempt: 1 };
  readonly #backoff: Backoff;
  readonly #onRefused: () => boolean;
  readonly #listeners = new Listeners();
  /** Every socket that is not closed yet, with the time when it opened. */
  readonly #sockets = new Map<WebSocket, number | null>();
  readonly #ended = new AbortController();
  #error: CallError | null = null;
  #attempts = 0;
  #plannedMs: number | null = null;
  /** Aborts to cut the wait for the next socket short. */
  #hurry = new AbortController();

  /** @param onRefused told that the server does not accept the token; whether another one is worth a try */
  constructor(backoff: Backoff, onRefused: () => boolean = () => false) {
    this.#backoff = backoff;
    this.#onRefused = onRefused;
  }

  get(): ConnectionState {
    return this.#state;
  }

  subscribe(listener: () => void): () => void {
    return this.#listeners.add(listener);
  }

  /** Aborts when no further socket will be opened. */
  get ended(): AbortSignal {
    return this.#ended.signal;
  }

  /** Why every further call is refused; null while there is hope. */
  get error(): CallError | null {
    return this.#error;
  }

  /** Resolves when the next socket may be opened; rejects when there shall be none. */
  async permit(): Promise<void> {
    await wait(this.#plan(), AbortSignal.any([this.ended, this.#hurry.signal])).catch(() =>
      this.ended.throwIfAborted(),
    );
    this.#plannedMs = null;
    this.#attempts += 1;
    if (!this.#isOpen()) this.#set({ status: 'connecting', attempt: this.#attempts });
  }

  /** The next socket may be opened at once, and waits are short again. Changes nothing while one is open. */
  retryNow(): void {
    if (this.ended.aborted || this.#isOpen()) return;
    this.#attempts = Math.min(this.#attempts, 1);
    this.#plannedMs = 0;
    this.#hurry.abort();
    this.#hurry = new AbortController();
  }

  /** The socket that was in use, from when it is no longer open until it has told its end; null at all other times. */
  get closing(): WebSocket | null {
    const [[socket, openedAt] = [], ...others] = this.#sockets;
    const isClosing = socket && openedAt !== null && socket.readyState >= socket.CLOSING;
    return isClosing && others.length === 0 ? socket : null;
  }

  opening(socket: WebSocket): void {
    this.#sockets.set(socket, null);
  }

  opened(socket: WebSocket): void {
    this.#sockets.set(socket, Date.now());
    if (!this.ended.aborted) this.#set({ status: 'open' });
  }

  lost(socket: WebSocket, code: number, reason: string): void {
    const openedAt = this.#sockets.get(socket) ?? null;
    this.#sockets.delete(socket);
    if (openedAt !== null && Date.now() - openedAt >= stableMs) this.#attempts = 1;
    if (code === closeCodes.unauthenticated && !this.#onRefused()) this.refuse(reason);
    if (this.ended.aborted || this.#isOpen()) return;
    this.#plannedMs = this.#backoff(this.#attempts) + (code === closeCodes.tooMany ? tooManyMs : 0);
    this.#set({ status: 'waiting', attempt: this.#attempts, retryInMs: this.#plannedMs, code });
  }

  /** The server does not accept this token: everything that is under way or comes later ends `UNAUTHENTICATED`. */
  refuse(reason: string): void {
    const message = `the server closed the connection with 4401: ${reason || 'the token is missing or not valid'}`;
    this.#end(closeCodes.unauthenticated, reason, typedError('UNAUTHENTICATED', message));
  }

  /** This side wants no more: streams end, calls reject. */
  close(): void {
    this.#end(closeCodes.done, 'closed by this side', new TRPCClientError('the client is closed'));
  }

  /** Closes what sockets there are. */
  dropSockets(): void {
    for (const socket of this.#sockets.keys()) socket.close();
  }

  /** Resolves when the last socket is closed; each one is within half a second of `dropSockets()`. */
  async idle(): Promise<void> {
    while (this.#sockets.size > 0) {
      await new Promise<void>((resolve) => {
        for (const socket of this.#sockets.keys()) socket.addEventListener('close', () => resolve(), { once: true });
      });
    }
  }

  #plan(): number {
    if (this.#isOpen()) return this.#backoff(moveLikeFailures);
    return this.#plannedMs ?? (this.#attempts === 0 ? 0 : this.#backoff(this.#attempts));
  }

  #isOpen(): boolean {
    return [...this.#sockets.values()].some((openedAt) => openedAt !== null);
  }

  #end(code: number, reason: string, error: CallError): void {
    if (this.ended.aborted) return;
    this.#error = error;
    this.#set({ status: 'closed', code, reason });
    this.#ended.abort(error);
  }

  #set(state: ConnectionState): void {
    this.#state = state;
    this.#listeners.notify();
  }
}
