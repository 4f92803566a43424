import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/**
 * What a provider that misbehaves puts on its socket, in order. `reset` cuts, `close` ends cleanly, `hang` says nothing
 * more until the client leaves. Without one of these the connection stays for the next request.
 */
export type RawStep = string | Uint8Array | { readonly end: 'reset' | 'close' | 'hang' };

export interface RawExchange {
  /** 0 for the first. */
  readonly index: number;
  readonly path: string;
  readonly body: string;
}

export type RawAnswer = (exchange: RawExchange) => Iterable<RawStep> | AsyncIterable<RawStep>;

export interface RawProvider extends AsyncDisposable {
  readonly port: number;
  readonly requests: readonly RawExchange[];
  /** Requests whose answer is not over, and whose client has not left. */
  busy(): number;
  /** Bytes that were written. */
  sent(): number;
  /** Connections that were ever made. */
  connections(): number;
}

/** Bytes after which others have a turn. */
const breatherBytes = 65_536;

/** A server that speaks HTTP only as far as its answers do, byte for byte, on a free port of the loopback. */
export async function startRawProvider(answer: RawAnswer): Promise<RawProvider> {
  const requests: RawExchange[] = [];
  const sockets = new Set<Socket>();
  const busy = new Set<Socket>();
  let sent = 0;
  let connections = 0;
  let breather = 0;

  async function play(socket: Socket, exchange: RawExchange): Promise<void> {
    busy.add(socket);
    for await (const step of answer(exchange)) {
      if (socket.destroyed) return;
      if (typeof step === 'object' && 'end' in step) return end(socket, step.end);
      sent += step.length;
      if (!socket.write(step)) await drained(socket);
      // What a socket takes at once never waits by itself, and nobody else would have a turn.
      if (sent - breather > breatherBytes) {
        breather = sent;
        await new Promise(setImmediate);
      }
    }
    busy.delete(socket);
  }

  const server = createServer((socket) => {
    connections += 1;
    socket.setNoDelay(true);
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      busy.delete(socket);
    });
    onRequest(socket, (path, body) => {
      const exchange = { index: requests.length, path, body };
      requests.push(exchange);
      void play(socket, exchange).catch(() => socket.destroy());
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    busy: () => busy.size,
    sent: () => sent,
    connections: () => connections,
    async [Symbol.asyncDispose]() {
      const closed = new Promise((resolve) => {
        server.close(resolve);
      });
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** What is no HTTP, such as a greeting of TLS, is refused as a plain server does. */
function onRequest(socket: Socket, take: (path: string, body: string) => void): void {
  let came = Buffer.alloc(0);
  socket.on('data', (bytes) => {
    came = Buffer.concat([came, bytes]);
    if (came[0] !== 'P'.charCodeAt(0)) return void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
    const headEnd = came.indexOf('\r\n\r\n');
    if (headEnd === -1) return undefined;
    const head = came.subarray(0, headEnd).toString();
    const length = Number(/^content-length: *(\d+)/im.exec(head)?.[1] ?? 0);
    const end = headEnd + 4 + length;
    if (came.length < end) return undefined;
    const body = came.subarray(headEnd + 4, end).toString();
    came = came.subarray(end);
    return take(head.split(' ')[1] ?? '', body);
  });
}

function end(socket: Socket, how: 'reset' | 'close' | 'hang'): void {
  if (how === 'close') socket.end();
  if (how === 'reset') socket.resetAndDestroy();
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.on('drain', done);
    socket.on('close', done);
  });
}
