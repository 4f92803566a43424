import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import type { TRPCLink } from '@trpc/client';
import { observable } from '@trpc/server/observable';
import type { Unsubscribable } from '@trpc/server/observable';
import type { AppRouter } from '../server/routers/app-router.ts';
import type { Api } from './calls.ts';
import type { Connection } from './connection.ts';
import { keepTokenFresh } from './token-refresh.ts';
import type { Tokens } from './tokens.ts';
import { watchedSocket } from './watched-socket.ts';
import type { WebSocketClass } from './watched-socket.ts';

/** Milliseconds of silence after which the link is probed. */
const probeMs = 4_000;

/** Milliseconds that the answer may take. With `probeMs` and the half second of a close: a dead link is known within 10 s. */
const answerMs = 4_000;

/** Milliseconds that `close()` leaves to calls that wait for their answer. */
const graceMs = 1_000;

export interface LinkOptions {
  /** ws:// or wss:// with the path. */
  readonly url: string;
  readonly tokens: Tokens;
  readonly WebSocket: WebSocketClass;
}

/** The typed client over one socket at a time, opened when `connection` permits it. */
export function openLink(options: LinkOptions, connection: Connection): { api: Api; close(): Promise<void> } {
  const { tokens } = options;
  const ws = createWSClient({
    url: async () => {
      await permitWithToken(connection, tokens).catch((error: unknown) => {
        // A call made after the end, or just when it came, asks for a socket again: without this, at once and for ever.
        void ws.close();
        throw error;
      });
      return options.url;
    },
    ...(tokens.areGiven ? { connectionParams: () => ({ token: tokens.current }) } : {}),
    WebSocket: watchedSocket(options.WebSocket, connection),
    // The waiting is in `permit`, where it can be cut short: a timer of the library would outlive the client.
    retryDelayMs: () => 0,
    keepAlive: { enabled: true, intervalMs: probeMs, pongTimeoutMs: answerMs },
  });
  connection.ended.addEventListener('abort', () => void ws.close(), { once: true });
  const api: Api = createTRPCClient<AppRouter>({
    links: [endedLink(connection), patientLink(connection), wsLink({ client: ws })],
  });
  if (tokens.areRenewable) keepTokenFresh({ account: api.account, connection, tokens, ended: connection.ended });
  return {
    api,
    async close() {
      const mayBeAnswered = connection.get().status === 'open';
      connection.close();
      const closed = ws.close();
      if (mayBeAnswered) await within(graceMs, closed);
      connection.dropSockets();
      await connection.idle();
    },
  };
}

/** Waits until a socket may be opened and there is a token for it. Errors: the connection's, when there shall be none. */
async function permitWithToken(connection: Connection, tokens: Tokens): Promise<void> {
  for (;;) {
    await connection.permit();
    try {
      await tokens.next();
    } catch {
      // Whoever gives the tokens is away; that is one more failed try.
      continue;
    }
    if (tokens.isRefused) connection.refuse('the token was refused, and there is no other');
    if (!connection.ended.aborted) return;
  }
}

/** What the end interrupted, and what comes after it, is told the reason instead of how it happened to fail. */
function endedLink(connection: Connection): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) => {
      const call = next(op);
      return {
        ...call,
        subscribe: (observer) =>
          call.subscribe({ ...observer, error: (error) => observer.error?.(connection.error ?? error) }),
      };
    };
}

/**
 * A call that comes while the socket is closing waits until that has told its end: the library would open a socket for
 * the call, and another one for the end.
 */
function patientLink(connection: Connection): TRPCLink<AppRouter> {
  return () =>
    ({ op, next }) => {
      const { closing } = connection;
      if (!closing) return next(op);
      return observable((observer) => {
        let call: Unsubscribable | undefined;
        const go = (): void => void (call = next(op).subscribe(observer));
        // After the library's own listener, which was there before.
        closing.addEventListener('close', go, { once: true });
        return () => {
          closing.removeEventListener('close', go);
          call?.unsubscribe();
        };
      });
    };
}

async function within(ms: number, done: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([done, late]);
  clearTimeout(timer);
}
