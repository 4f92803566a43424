import type { Api } from './calls.ts';
import type { ConnectionView } from './connection.ts';
import type { Tokens } from './tokens.ts';

/** Milliseconds before its end at which a token is replaced, where it lasts at least twice that. */
const aheadMs = 60_000;

/** Milliseconds between two tries at least. */
const leastMs = 500;

/** What a timer can be set to; whatever ends later is asked about again by then. */
const longestTimerMs = 2 ** 31 - 1;

interface Refresh {
  readonly account: Api['account'];
  readonly connection: ConnectionView;
  readonly tokens: Tokens;
  /** Aborts when the connection is closed for good. */
  readonly ended: AbortSignal;
}

/**
 * Hands a fresh token over on each open socket before the one that it was opened with has ended. What fails is tried
 * again, sooner and sooner, until then; after that the server closes the socket, and the next one gets a fresh token.
 */
export function keepTokenFresh({ account, connection, tokens, ended }: Refresh): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** Counts the sockets: what is still being asked on an earlier one decides nothing any more. */
  let socket = 0;

  const follow = async (ofSocket: number, ask: () => Promise<{ expiresInMs: number | null }>, triedInMs: number) => {
    let expiresInMs: number | null = triedInMs;
    try {
      expiresInMs = (await ask()).expiresInMs;
      tokens.accept();
    } catch {
      // Half of what was left is left now.
    }
    if (ofSocket !== socket || ended.aborted || expiresInMs === null) return;
    const inMs = Math.max(leastMs, expiresInMs - aheadMs, Math.min(expiresInMs / 2, aheadMs));
    timer = setTimeout(() => void follow(ofSocket, refresh, expiresInMs - inMs), Math.min(inMs, longestTimerMs));
  };
  const refresh = async () => {
    const token = await tokens.next();
    return account.refresh.mutate({ token: token ?? '' }, { signal: ended });
  };
  const onChange = (): void => {
    clearTimeout(timer);
    socket += 1;
    if (connection.get().status !== 'open') return;
    void follow(socket, () => account.me.query(undefined, { signal: ended }), 2 * aheadMs);
  };
  const unsubscribe = connection.subscribe(onChange);
  ended.addEventListener(
    'abort',
    () => {
      unsubscribe();
      clearTimeout(timer);
    },
    { once: true },
  );
}
