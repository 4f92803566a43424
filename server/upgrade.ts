import { STATUS_CODES } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { getWSConnectionHandler } from '@trpc/server/adapters/ws';
import type { CreateWSSContextFnOptions, WSSHandlerOptions } from '@trpc/server/adapters/ws';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { closeCodes } from '../shared/errors.ts';
import type { SwitchboardError } from '../shared/errors.ts';
import type { Limits } from '../shared/limits.ts';
import { TokenAccess } from './auth/access.ts';
import { tokenOf } from './auth/token-of.ts';
import type { Context } from './context.ts';
import type { Door, Refusal } from './door.ts';
import { targetOf } from './door.ts';
import type { Edge } from './edge.ts';
import { refusedShape } from './error-shape.ts';
import { startHeartbeat } from './heartbeat.ts';
import { appRouter } from './routers/app-router.ts';
import { expectReading } from './guest-stay.ts';
import { frameEncoder } from './frame-encoder.ts';
import type { RefuseCall } from './frame-encoder.ts';
import { readOnlyWhatIsAnswered } from './read-pause.ts';
import { gatherWrites } from './gathered-writes.ts';
import { sendSharedFrames } from './shared-frame.ts';
import { closeSocket, openConnection } from './socket-connection.ts';

/** The path of tRPC, over WebSocket and HTTP. */
export const trpcPath = '/trpc';

/** How long a socket stays open that nobody may use, so that its first calls are answered with the reason. */
const refusedMs = 500;

export interface Sockets {
  /** Asks every client to come back elsewhere, then closes what is left. */
  close(): Promise<void>;
}

/**
 * Takes over the server's `upgrade` event: what may come in becomes a WebSocket that speaks tRPC, everything else is
 * answered with the reason and closed.
 */
export function acceptSockets(server: Server, door: Door, edge: Edge): Sockets {
  const { limits, logger } = edge;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: limits.frameBytes, perMessageDeflate: false });
  const options: WSSHandlerOptions<typeof appRouter> = {
    wss: sockets,
    router: appRouter,
    createContext: (options) => createSocketContext(edge, options),
    onError: ({ error, path }) => {
      const frame = frameErrorOf(error.cause);
      if (frame) logger.warn({ code: frame }, 'a socket sent what is no frame, or too large a one, and is closed');
      else if (error.code !== 'CLIENT_CLOSED_REQUEST') edge.reportError(error, path);
    },
  };
  sockets.on('connection', (socket: WebSocket, request: IncomingMessage) => {
    expectIdentity(socket, limits);
    readOnlyWhatIsAnswered(socket, request.socket, limits.stalledReaderMs);
    gatherWrites(socket, request.socket);
    sendSharedFrames(socket);
    const refuse: RefuseCall = (id, error) => answerRefused(socket, id, error);
    const encoder = frameEncoder(limits.callsPerFrame, refuse);
    getWSConnectionHandler({ ...options, experimental_encoder: encoder })(socket, request);
  });
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', (err) => logger.debug({ err }, 'a socket broke before it was open'));
    const refusal = door.check(request) ?? checkPath(request);
    if (refusal) return refuse(socket, refusal, () => logger.warn(refusal, 'a WebSocket was refused'));
    sockets.handleUpgrade(request, socket, head, (open) => sockets.emit('connection', open, request));
  });
  const stopHeartbeat = startHeartbeat(sockets, limits.heartbeatMs);
  return {
    close: async () => {
      stopHeartbeat();
      // First of all, so that an upgrade that is half done gets 503 instead of a socket that nobody closes.
      sockets.close();
      const closed = [...sockets.clients].map((socket) => {
        closeSocket(socket, closeCodes.goingAway, 'the server is stopping');
        return new Promise((resolve) => socket.once('close', resolve));
      });
      await Promise.all(closed);
    },
  };
}

async function createSocketContext(
  edge: Edge,
  { req, res: socket, info }: CreateWSSContextFnOptions,
): Promise<Context> {
  identified.add(socket);
  const visitor = await edge.admit(tokenOf(req, info.connectionParams), req.socket.remoteAddress, info.signal);
  // Its calls find nobody to be made for, and its client comes back later.
  if (visitor.refusal) closeSocket(socket, closeCodes.tooMany, 'too many connections');
  const reason =
    visitor.guest === undefined ? 'the token is not valid' : 'a token is needed for all but what is shared';
  const connection = openConnection({
    access: new TokenAccess(visitor.identity, info.signal),
    guest: visitor.guest,
    signal: info.signal,
    stream: req.socket,
    stalledMs: edge.limits.stalledReaderMs,
    readsAtOnce: edge.limits.readsAtOnce,
    close: (code, reason) => closeSocket(socket, code, reason),
    refuse: () => void setTimeout(() => closeSocket(socket, closeCodes.unauthenticated, reason), refusedMs),
  });
  if (visitor.guest !== undefined) expectReading(connection, edge.limits.authenticateMs);
  else if (!visitor.identity && !visitor.refusal) connection.refuse();
  return edge.contextOf(connection);
}

/** Answers a call that has not reached tRPC; null: a frame. */
function answerRefused(socket: WebSocket, id: number | string | null, cause: SwitchboardError): void {
  if (socket.readyState !== socket.OPEN) return;
  socket.send(JSON.stringify({ id, error: refusedShape(cause) }));
}

/** Sockets that have said who they are, or that they won't say. */
const identified = new WeakSet<WebSocket>();

/** A client may announce that it will say who it is; one that then stays silent would stay for ever. */
function expectIdentity(socket: WebSocket, limits: Limits): void {
  const timer = setTimeout(() => {
    if (!identified.has(socket)) closeSocket(socket, closeCodes.unauthenticated, 'no connection parameters came');
  }, limits.authenticateMs);
  socket.once('close', () => clearTimeout(timer));
}

/** What `ws` calls a frame that it refuses: the peer's fault, which must not fill the log with stacks. */
function frameErrorOf(cause: unknown): string | null {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  return code.startsWith('WS_ERR_') ? code : null;
}

function checkPath(request: IncomingMessage): Refusal | null {
  const path = targetOf(request)?.pathname;
  return path === trpcPath || path === `${trpcPath}/`
    ? null
    : { status: 404, message: `expected a WebSocket at ${trpcPath}, got ${JSON.stringify(path?.slice(0, 200))}` };
}

function refuse(socket: Duplex, { status, message }: Refusal, log: () => void): void {
  log();
  const body = `${message}\n`;
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\nContent-Type: text/plain; charset=utf-8\r\n` +
      `Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    () => socket.destroy(),
  );
}
