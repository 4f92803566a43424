import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createHTTPHandler } from '@trpc/server/adapters/standalone';
import type { CreateHTTPContextOptions } from '@trpc/server/adapters/standalone';
import cors from 'cors';
import sirv from 'sirv';
import { TokenAccess } from './auth/access.ts';
import { tokenOf } from './auth/token-of.ts';
import type { Context } from './context.ts';
import type { Door } from './door.ts';
import { targetOf } from './door.ts';
import type { Edge } from './edge.ts';
import { fileRequests, filesPath } from './files/file-requests.ts';
import type { Guests } from './guests.ts';
import type { Quotas } from './quotas.ts';
import type { Files } from './files/files.ts';
import { appRouter } from './routers/app-router.ts';
import { openConnection } from './socket-connection.ts';
import { trpcPath } from './upgrade.ts';

export interface HttpOptions {
  readonly door: Door;
  readonly edge: Edge;
  readonly files: Files;
  /** Rejects with the reason while the server can't do its work. */
  readonly quotas: Quotas;
  readonly guests: Guests;
  readonly checkReady: () => Promise<void>;
  /** The folder of the built page. */
  readonly page: string;
}

type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/** Scripts and styles from here only, no frames around it; images of files that it has fetched. The page needs nothing else. */
const contentSecurityPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self'; " +
  "connect-src 'self' ws: wss:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** What a call may come with; `cors` has answered the others that mean something. */
const callMethods = new Set(['GET', 'POST', 'HEAD']);

const vary = 'Origin, Accept-Encoding';

/** Everything but WebSockets on the one port: tRPC and its server-sent events, files, health, and the page. */
export function createHttpServer(options: HttpOptions): Server {
  const { door, edge, files, quotas, guests, checkReady, page } = options;
  const trpc = createHTTPHandler({
    router: appRouter,
    basePath: `${trpcPath}/`,
    createContext: (options) => createRequestContext(edge, options),
    maxBodySize: edge.limits.frameBytes,
    maxBatchSize: edge.limits.callsPerFrame,
    onError: ({ error, path }) => edge.reportError(error, path),
  });
  const allowOrigin = cors({ origin: true, maxAge: 600 });
  const serveFiles = fileRequests({ edge, files, quotas, guests });
  const servePage = createPage(page);
  const { authenticateMs } = edge.limits;
  // Whoever connects and does not get as far as a whole request is looked for, and closed, in time.
  const patience = { headersTimeout: authenticateMs, connectionsCheckingInterval: Math.ceil(authenticateMs / 10) };
  return createServer(patience, (request, response) => {
    const refusal = door.check(request);
    if (refusal) {
      edge.logger.warn(refusal, 'a request was refused');
      return answer(response, refusal.status, refusal.message);
    }
    allowOrigin(request, response, () => {
      const path = targetOf(request)?.pathname ?? '/';
      if (path.startsWith(`${trpcPath}/`)) callOverHttp(trpc, request, response);
      else if (path === filesPath || path.startsWith(`${filesPath}/`)) serveFiles(request, response);
      else if (path === '/healthz') answer(response, 200, 'ok');
      else if (path === '/readyz') answerReadiness(response, checkReady);
      else servePage(request, response);
    });
  });
}

/** What no call can be made with would throw inside tRPC. */
function callOverHttp(trpc: Handle, request: IncomingMessage, response: ServerResponse): void {
  const { method = '' } = request;
  if (callMethods.has(method)) trpc(request, response);
  else answer(response, 405, `expected GET or POST, got ${method}`);
}

async function createRequestContext(edge: Edge, { req, res, info }: CreateHTTPContextOptions): Promise<Context> {
  const gone = new AbortController();
  res.once('close', () => gone.abort());
  const token = tokenOf(req, info.connectionParams);
  const { identity, guest, refusal } = await edge.admit(token, req.socket.remoteAddress, gone.signal);
  if (refusal) throw refusal;
  const connection = openConnection({
    access: new TokenAccess(identity, gone.signal),
    guest,
    signal: gone.signal,
    stream: res,
    stalledMs: edge.limits.stalledReaderMs,
    readsAtOnce: edge.limits.readsAtOnce,
    close: () => res.destroy(),
  });
  return edge.contextOf(connection);
}

function createPage(folder: string): Handle {
  if (!existsSync(`${folder}/index.html`)) {
    return (_, response) =>
      answer(response, 404, 'The page is not built. `npm start` builds it; so does `npm run build`.');
  }
  // The build put compressed copies beside the files. The page's own addresses are behind the #, so any other is unknown.
  const files = sirv(folder, {
    etag: true,
    brotli: true,
    gzip: true,
    extensions: ['html'],
    // It sets its own; what CORS answers depends on the origin too.
    setHeaders: (response) => response.setHeader('Vary', vary),
  });
  return (request, response) => {
    for (const [name, value] of Object.entries(headersOf(targetOf(request)?.pathname))) response.setHeader(name, value);
    files(request, response, () => answer(response, 404, 'Nothing here.'));
  };
}

/** A name in `assets/` has the hash of its content in it and never means anything else; all others are asked for again. */
function headersOf(path = '/'): Readonly<Record<string, string>> {
  return {
    'Content-Security-Policy': contentSecurityPolicy,
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cache-Control': path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    Vary: vary,
  };
}

function answerReadiness(response: ServerResponse, checkReady: () => Promise<void>): void {
  checkReady().then(
    () => answer(response, 200, 'ready'),
    (reason: unknown) => answer(response, 503, reason instanceof Error ? reason.message : 'not ready'),
  );
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' });
  response.end(`${text}\n`);
}
