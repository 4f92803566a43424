/** The process of `measured-server.ts`: a server whose assistants produce what they are told to, and that measures itself. */
import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import { createServer } from '../../server/index.ts';
import type { ServerOptions } from '../../server/index.ts';
import type { HandlerEvent, HandlerRun } from '../../server/handlers/handler.ts';
import type { Measured } from './measured-server.ts';

const sockets = new Set<Socket>();
subscribe('net.server.socket', (message) => {
  const { socket } = message as { socket: Socket };
  sockets.add(socket);
  socket.once('close', () => sockets.delete(socket));
});

/**
 * `text COUNT SIZE EVERY_MS` produces text, `nodes COUNT` as many events that cannot be merged.
 *
 * Like a model it keeps to its own clock: whoever takes a token late does not make the next one later.
 */
async function* produce({ text }: HandlerRun): AsyncGenerator<HandlerEvent> {
  const [what, ...numbers] = text.split(' ');
  const [count = 0, size = 1, everyMs = 0] = numbers.map(Number);
  const startedAt = performance.now();
  for (let index = 0; index < count; index += 1) {
    if (what === 'text') yield { type: 'text', text: String(index % 10).repeat(size) };
    else yield { type: 'node.started', nodeId: `n${index}`, title: 'a step' };
    const untilNextMs = everyMs > 0 ? startedAt + (index + 1) * everyMs - performance.now() : 0;
    if (untilNextMs > 0) await delay(untilNextMs);
  }
}

/** What the log would have as an error: nothing that a client does is one. */
const problems: string[] = [];
const ignore = () => {};
const logger = {
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: (details: object, message: string) => {
    problems.push(`${message}: ${inspect(details, { depth: 4 })}`);
  },
};

const options = JSON.parse(process.argv[2] ?? '{}') as ServerOptions;
const server = await createServer({
  port: 0,
  dataDir: null,
  logger,
  handlers: { assistant: { run: produce } },
  ...options,
});
const loop = monitorEventLoopDelay({ resolution: 1 });
loop.enable();

function measure(): Measured {
  for (let round = 0; round < 3; round += 1) globalThis.gc?.();
  const { rss, heapUsed, external } = process.memoryUsage();
  const buffered = [...sockets].reduce((sum, socket) => sum + socket.writableLength, 0);
  const { user, system } = process.cpuUsage();
  const measured = {
    rss,
    live: heapUsed + external,
    buffered,
    cpuMs: (user + system) / 1_000,
    longestMs: loop.max / 1e6,
    problems,
  };
  // Collecting was no work of the server's.
  setImmediate(() => loop.reset());
  return measured;
}

process.on('message', (message) => {
  if (message === 'measure') process.send?.(measure());
  else void server.close().then(() => process.disconnect());
});
process.once('disconnect', () => process.exit());
process.send?.({ url: server.url });
