import { createServer } from '../../server/index.ts';
import type { Server, ServerOptions } from '../../server/index.ts';
import type { ChatHandler } from '../../server/handlers/handler.ts';

/** A real server on a free port with a database in memory, whose assistants answer as the test says. */
export async function startScriptedServer(
  run: ChatHandler['run'],
  options: ServerOptions = {},
): Promise<Server & AsyncDisposable> {
  const server = await createServer({
    titles: false,
    ...options,
    port: 0,
    dataDir: null,
    logLevel: 'silent',
    handlers: { assistant: { run } },
  });
  return { ...server, [Symbol.asyncDispose]: () => server.close() };
}

/** Something that happens once, when the test says so. */
export interface Gate {
  readonly passed: Promise<void>;
  open(): void;
}

export function gate(): Gate {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { passed: promise, open: () => resolve() };
}

/** Numbered words, so that a lost or repeated one is seen: `w0 w1 w2 …`. */
export function words(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `w${index} `);
}
