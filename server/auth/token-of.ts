import type { IncomingMessage } from 'node:http';

/** The token of a request: `connectionParams.token` over WebSocket, `Authorization: Bearer …` over HTTP. */
export function tokenOf(
  request: IncomingMessage,
  connectionParams: Readonly<Record<string, unknown>> | null,
): string | null {
  const param = connectionParams?.['token'];
  if (typeof param === 'string') return param;
  return /^Bearer\s+(\S+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}
