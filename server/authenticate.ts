/** Whoever a token belongs to. The id is yours, 1 to 255 characters: chats are kept under it. */
export interface KnownUser {
  readonly id: string;
  /** When the token ends, in milliseconds since 1970: its connections are closed then. Absent: not by itself. */
  readonly expiresAt?: number;
  /** Aborts when the token is taken back: its connections are closed at once. Absent: that does not happen. */
  readonly revoked?: AbortSignal;
}

/**
 * Finds out who a token belongs to; null when to nobody. Called once for each socket, for each HTTP request and for
 * each token that is handed over; a missing token is null. What it throws is logged, so never with the token in it, and
 * answered `UNAVAILABLE`.
 */
export type Authenticate = (token: string | null) => Promise<KnownUser | null> | KnownUser | null;

/** Where nobody has to say who they are, everybody is `local`; the server is then reachable from this machine only. */
export const everybodyIsLocal: Authenticate = () => ({ id: 'local' });
