/**
 * A model provider of its own process: OpenAI chat completions over HTTP, streamed at an even pace.
 *
 * How many tokens and how fast stands in the message (`order` in token.ts). The first token leaves at once, so that the
 * latency that a client sees is the server's.
 */
import type { Socket } from 'node:net';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { nowMicros } from './clock.ts';
import { Emission } from './emission.ts';
import { listen } from './listen.ts';
import { serveParent } from './parent.ts';
import { chunkWriter, type ChunkWriter } from './sse-chunks.ts';
import { readOrder } from './token.ts';

const emission = new Emission();
const writers = { plain: chunkWriter(false), withUsage: chunkWriter(true) };

interface Answer {
  readonly socket: Socket;
  readonly response: ServerResponse;
  readonly writer: ChunkWriter;
  readonly tokens: number;
  readonly interval: number;
}

/**
 * Writes past `ServerResponse`, straight to the socket: the chunks are framed already, and one write for each is a third
 * of the cost. `response.end()` then only adds the closing chunk.
 */
function stream({ socket, response, writer, tokens, interval }: Answer): void {
  const startedAt = nowMicros();
  let index = 0;
  const emit = (now: number): number | null => {
    if (socket.destroyed) return null;
    socket.write((index === 0 ? writer.role : '') + writer.token(index, now), 'latin1');
    index += 1;
    if (index < tokens) return startedAt + index * interval;
    socket.write(writer.end(tokens), 'latin1');
    response.end();
    return null;
  };
  const next = emit(startedAt);
  if (next !== null) emission.add({ emit }, next);
}

async function complete(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await text(request);
  const order = readOrder(body);
  const { socket } = response;
  if (order === null || socket === null || !body.includes('"stream":true')) {
    response.writeHead(400, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ error: { message: 'expected stream: true and a message "tokens=N rate=M"' } }));
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'transfer-encoding': 'chunked' });
  response.flushHeaders();
  const writer = body.includes('"include_usage":true') ? writers.withUsage : writers.plain;
  stream({ socket, response, writer, tokens: order.tokens, interval: 1e6 / order.perSecond });
}

const server = createServer((request, response) => {
  if (request.method === 'POST' && request.url?.endsWith('/chat/completions') === true) {
    void complete(request, response);
    return;
  }
  response.writeHead(404).end();
});
server.keepAliveTimeout = 60_000;
const port = await listen(server);
serveParent(`http://127.0.0.1:${port}/v1`, { lateness: () => emission.takeLateness() });
