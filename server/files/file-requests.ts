import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { TRPCError } from '@trpc/server';
import { SwitchboardError } from '../../shared/errors.ts';
import { fileKind } from '../../shared/file-types.ts';
import { FileId, ShareId } from '../../shared/ids.ts';
import type { UserId } from '../../shared/ids.ts';
import { noToken } from '../auth/no-token.ts';
import { tokenOf } from '../auth/token-of.ts';
import { targetOf } from '../door.ts';
import type { Edge, Visitor } from '../edge.ts';
import { asSwitchboardError, refusedShape } from '../error-shape.ts';
import type { Guests } from '../guests.ts';
import type { Quotas } from '../quotas.ts';
import { cleanFileName, dispositionOf } from './file-name.ts';
import { tooLarge } from './files.ts';
import type { Files, ReadableFile } from './files.ts';
import { parseMediaType } from './media-type.ts';

export const filesPath = '/files';

/** Milliseconds that the rest of a refused upload may still come, so that its sender gets to read why. */
const lingerMs = 2_000;

/** Nothing of a file is ever run: it is no page, has no scripts and loads nothing. */
const contentSecurityPolicy = "default-src 'none'; sandbox";

export interface FileRequestsOptions {
  readonly edge: Edge;
  readonly files: Files;
  readonly quotas: Quotas;
  readonly guests: Guests;
}

/**
 * Files over HTTP: `POST /files?name=…` with the bytes as they are, `GET /files/ID` for their owner, `?share=SHARE` for whoever
 * a chat is shared with. Refusals are JSON, as tRPC sends them.
 */
export function fileRequests({ edge, files, quotas, guests }: FileRequestsOptions) {
  const { limits } = edge;

  async function upload(userId: UserId, request: IncomingMessage, url: URL): Promise<unknown> {
    const { headers } = request;
    if (Number(headers['content-length'] ?? 0) > limits.fileBytes) throw tooLarge(limits);
    if (headers['content-encoding'] !== undefined)
      throw new SwitchboardError('INVALID_INPUT', 'Content-Encoding: expected the bytes as they are');
    await quotas.takeUpload(userId);
    return files.upload(userId, {
      name: cleanFileName(url.searchParams.get('name')),
      mediaType: parseMediaType(headers['content-type']),
      // Refused in the middle, the rest of it is still to be read: see `linger`.
      body: request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>,
      onChunk: (bytes) => quotas.takeUploadBytes(userId, bytes),
    });
  }

  async function download(visitor: Visitor, response: ServerResponse, url: URL, isHead: boolean): Promise<void> {
    const fileId = FileId.safeParse(url.pathname.slice(filesPath.length + 1));
    const share = url.searchParams.get('share');
    const shareId = share === null ? null : ShareId.safeParse(share);
    if (!fileId.success || shareId?.success === false)
      throw new SwitchboardError('NOT_FOUND', 'There is no such file.');
    const { file, bytes } = shareId
      ? await openShared(visitor, shareId.data, fileId.data)
      : await files.open(expectUser(visitor), fileId.data);
    const isImage = fileKind(file.mediaType) === 'image';
    response.writeHead(200, {
      // Text is never a page or a script here, whatever it is called.
      'Content-Type': isImage ? file.mediaType : 'text/plain; charset=utf-8',
      'Content-Length': file.size,
      'Content-Disposition': dispositionOf(isImage ? 'inline' : 'attachment', file.name),
      'Content-Security-Policy': contentSecurityPolicy,
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'private, no-store',
    });
    if (isHead) response.end();
    else await pipeline(bytes, response);
  }

  async function openShared(visitor: Visitor, shareId: ShareId, fileId: FileId): Promise<ReadableFile> {
    if (visitor.guest === undefined) expectUser(visitor);
    else await guests.takeCall(visitor.guest);
    return files.openShared(shareId, fileId);
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = targetOf(request);
    const { method = '' } = request;
    const isUpload = url?.pathname === filesPath;
    if (!url || !(isUpload ? ['POST'] : ['GET', 'HEAD']).includes(method)) {
      const message = `expected POST ${filesPath}, or GET ${filesPath}/ID, got ${method}`;
      throw new SwitchboardError('INVALID_INPUT', message);
    }
    const visitor = await enter(edge, request, response);
    if (isUpload) sendJson(response, 200, await upload(expectUser(visitor), request, url));
    else await download(visitor, response, url, method === 'HEAD');
  }

  return (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response).catch((error: unknown) => refuse(edge, request, response, error));
  };
}

/** Who asks, counted among their connections. Errors: `RATE_LIMITED`, `UNAVAILABLE`. */
async function enter(edge: Edge, request: IncomingMessage, response: ServerResponse): Promise<Visitor> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  const visitor = await edge.admit(tokenOf(request, null), request.socket.remoteAddress, gone.signal);
  if (visitor.refusal) throw visitor.refusal;
  return visitor;
}

/** Errors: `UNAUTHENTICATED`. */
function expectUser({ identity }: Visitor): UserId {
  if (!identity) throw noToken();
  return identity.user.id;
}

function refuse(edge: Edge, request: IncomingMessage, response: ServerResponse, error: unknown): void {
  // Whoever has left is told nothing, and of what has begun nothing else can be said.
  if (response.destroyed || request.errored || response.headersSent) return void response.destroy();
  const thrown = new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause: error });
  edge.reportError(thrown, filesPath);
  const shape = refusedShape(asSwitchboardError(thrown));
  sendJson(response, shape.data.httpStatus, { error: shape });
  if (!request.complete) linger(request);
}

/** The rest is read and thrown away, but not for ever. */
function linger(request: IncomingMessage): void {
  request.resume();
  const timer = setTimeout(() => request.destroy(), lingerMs);
  void once(request, 'close').then(
    () => clearTimeout(timer),
    () => clearTimeout(timer),
  );
}

function sendJson(response: ServerResponse, status: number, value: unknown): void {
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(JSON.stringify(value));
}
