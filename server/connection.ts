import type { UserId } from '../shared/ids.ts';

/** Who is calling, as authentication found out. */
export interface User {
  readonly id: UserId;
}

/** Whom a token belongs to, and for how long. */
export interface Identity {
  readonly user: User;
  /** Milliseconds since 1970; null: it does not end by itself. */
  readonly expiresAt: number | null;
  /** Aborts when the token is revoked; null where that cannot happen. */
  readonly revoked: AbortSignal | null;
}

/** What a connection may do, and until when: for as long as its token holds, or the one that was handed over last. */
export interface Access {
  /** Null: whoever it is has not said so, not rightly, or not any more; every procedure answers `UNAUTHENTICATED`. */
  readonly user: User | null;
  /** Aborts when the token expires or is revoked: from then on nothing is delivered. */
  readonly ended: AbortSignal;
  /** Milliseconds until the token ends by itself; null: it does not. */
  readonly expiresInMs: number | null;
  /** From now on another token of the same user counts. Errors: `UNAUTHENTICATED` when it is none. */
  renew(identity: Identity | null): void;
}

export type ConnectionId = string & { readonly brand: 'ConnectionId' };

/**
 * One socket (or one HTTP request) as the core sees it. It owns its subscriptions and nothing else: when it goes, its
 * streams end, and no run notices.
 */
export interface Connection {
  readonly id: ConnectionId;
  readonly access: Access;
  /**
   * What somebody is counted by who has brought no token where one is asked for, and may read what is shared; null for
   * everybody else, also for whoever has brought a token that is not valid.
   */
  readonly guest: string | null;
  /** Aborts when the socket has closed. */
  readonly signal: AbortSignal;
  /** Streams that are open on it now. */
  streams: number;
  /** Undefined while the socket takes more; otherwise resolves when it does again, or when it is gone. */
  drained(): Promise<void> | undefined;
  /**
   * Waits until this connection may be read much for: few reads at once, and none while its socket is full. Resolves with
   * what gives the place back; null when the connection is gone.
   */
  enter(): Promise<(() => void) | null>;
  /** Whoever it is would have to say who they are: a socket is closed soon, when they have been told. Twice is once. */
  refuse(): void;
  close(code: number, reason: string): void;
}
