import { createServer, connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

/** A TCP proxy on a loopback port that breaks links the way networks do. */
export interface TcpProxy extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, to be used in place of the server's address. */
  readonly url: string;
  /** Links that are open now. */
  readonly links: number;
  /** Links that were ever opened. */
  readonly opened: number;
  /** Resets every open link; both ends see it at once. New ones are accepted. */
  cutAll(): void;
  /** From now on bytes are swallowed in both directions and nobody is told: half-open links. New ones hang too. */
  pause(): void;
  /** New bytes pass again; what was swallowed is lost, so links that were paused are broken. */
  resume(): void;
  /** The next so many chunks from the server do not arrive: instead their link is reset. Calls then had run, unanswered. */
  cutAnswers(count: number): void;
}

/** @param target the server's address, for example `http://127.0.0.1:3000` */
export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  const links = new Set<() => void>();
  const state = { isPaused: false, answersToCut: 0, opened: 0 };

  const server = createServer((client) => {
    state.opened += 1;
    const upstream = connect(Number(port), hostname);
    const cut = (): void => {
      links.delete(cut);
      client.resetAndDestroy();
      upstream.resetAndDestroy();
    };
    links.add(cut);
    forward(client, upstream, () => false);
    forward(upstream, client, () => {
      if (state.answersToCut === 0) return false;
      state.answersToCut -= 1;
      cut();
      return true;
    });
    function forward(from: Socket, to: Socket, isCut: () => boolean): void {
      from.on('data', (chunk: Buffer) => {
        if (state.isPaused || isCut()) return;
        if (!to.write(chunk)) from.pause();
      });
      to.on('drain', () => from.resume());
      from.on('error', cut);
      from.on('close', () => {
        if (!state.isPaused) cut();
      });
      from.on('end', () => {
        if (!state.isPaused) to.end();
      });
    }
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get links() {
      return links.size;
    },
    get opened() {
      return state.opened;
    },
    cutAll() {
      for (const cut of links) cut();
    },
    pause() {
      state.isPaused = true;
    },
    resume() {
      state.isPaused = false;
    },
    cutAnswers(count) {
      state.answersToCut = count;
    },
    async [Symbol.asyncDispose]() {
      for (const cut of links) cut();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
