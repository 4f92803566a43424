import { createTRPCClient, createWSClient, wsLink } from '@trpc/client';
import type { TRPCLink } from '@trpc/client';
import type { AppRouter } from '../server/routers/app-router.ts';
import type { Api } from './calls.ts';
import type { Connection } from './connection.ts';
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
  readonly token?: string | undefined;
  readonly WebSocket: WebSocketClass;
}

/** The typed client over one socket at a time, opened when `connection` permits it. */
export function openLink(options: LinkOptions, connection: Connection): { api: Api; close(): Promise<void> } {
  const { token } = options;
  const ws = createWSClient({
    url: async () => {
      await connection.permit().catch((error: unknown) => {
        // A call made after the end, or just when it came, asks for a socket again: without this, at once and for ever.
        void ws.close();
        throw error;
      });
      return options.url;
    },
    ...(token === undefined ? {} : { connectionParams: () => ({ token }) }),
    WebSocket: watchedSocket(options.WebSocket, connection),
    // The waiting is in `permit`, where it can be cut short: a timer of the library would outlive the client.
    retryDelayMs: () => 0,
    keepAlive: { enabled: true, intervalMs: probeMs, pongTimeoutMs: answerMs },
  });
  connection.ended.addEventListener('abort', () => void ws.close(), { once: true });
  return {
    api: createTRPCClient<AppRouter>({ links: [endedLink(connection), wsLink({ client: ws })] }),
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

async function within(ms: number, done: Promise<void>): Promise<void> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([done, late]);
  clearTimeout(timer);
}
