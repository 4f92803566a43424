import type { IncomingMessage } from 'node:http';

/** Whoever a token belongs to. The id is yours, 1 to 255 characters: chats are kept under it. */
export interface KnownUser {
  readonly id: string;
}

/**
 * Finds out who a token belongs to; null when to nobody. Called once for each socket and for each HTTP request; a
 * missing token is null.
 */
export type Authenticate = (token: string | null) => Promise<KnownUser | null> | KnownUser | null;

/** Where nobody has to say who they are, everybody is `local`; the server is then reachable from this machine only. */
export const everybodyIsLocal: Authenticate = () => ({ id: 'local' });

/** The token of a request: `connectionParams.token` over WebSocket, `Authorization: Bearer …` over HTTP. */
export function tokenOf(
  request: IncomingMessage,
  connectionParams: Readonly<Record<string, unknown>> | null,
): string | null {
  const param = connectionParams?.['token'];
  if (typeof param === 'string') return param;
  return /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}
