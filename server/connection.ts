import type { UserId } from '../shared/ids.ts';

/** Who is calling, as authentication found out. */
export interface User {
  readonly id: UserId;
}

export type ConnectionId = string & { readonly brand: 'ConnectionId' };

/**
 * One socket (or one HTTP request) as the core sees it. It owns its subscriptions and nothing else: when it goes, its
 * streams end, and no run notices.
 */
export interface Connection {
  readonly id: ConnectionId;
  /** Null: whoever it is has not said so, or not rightly; every procedure answers `UNAUTHENTICATED`. */
  readonly user: User | null;
  /** Aborts when the socket has closed. */
  readonly signal: AbortSignal;
  /** Streams that are open on it now. */
  streams: number;
  /** Undefined while the socket takes more; otherwise resolves when it does again, or when it is gone. */
  drained(): Promise<void> | undefined;
  close(code: number, reason: string): void;
}
