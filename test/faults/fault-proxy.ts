import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { Lane } from './lane.ts';
import { calm } from './link-fate.ts';
import type { LinkEnd, LinkFate } from './link-fate.ts';

/** A TCP proxy on a loopback port, each link of which has a fate of its own. */
export interface FaultProxy extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`, to be used in place of the server's address. */
  readonly url: string;
  /** Links that their fate has ended, or broken without a word. */
  readonly ended: number;
  /** Ends all links that there are now. */
  reset(): void;
}

export interface FaultProxyOptions {
  /** The server's address, asked for each link: after a restart it may be another one. */
  readonly target: () => string;
  /** The fate of the next link, after so many that have reached the server; all of them are calm when absent. */
  readonly fate?: (linksBefore: number) => LinkFate;
  /** From 0 up to just below 1, for the jitter. */
  readonly random: () => number;
  /** Told when a link's fate has come true; of the silent ends nobody else hears. */
  readonly onEnd?: (how: LinkEnd) => void;
}

export async function startFaultProxy(options: FaultProxyOptions): Promise<FaultProxy> {
  const links = new Set<Link>();
  const reset = () => {
    for (const link of links) link.reset();
  };
  const counts = { opened: 0, ended: 0 };
  const onEnd = (how: LinkEnd) => {
    counts.ended += 1;
    options.onEnd?.(how);
  };
  const server = createServer((client) => {
    const { hostname, port } = new URL(options.target());
    const upstream = connect(Number(port), hostname);
    const link = new Link(client, upstream, options.fate?.(counts.opened) ?? calm, options.random, onEnd);
    upstream.once('connect', () => (counts.opened += 1));
    links.add(link);
    client.once('close', () => links.delete(link));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get ended() {
      return counts.ended;
    },
    reset,
    async [Symbol.asyncDispose]() {
      reset();
      const closed = once(server, 'close');
      server.close();
      await closed;
    },
  };
}

/** Two sockets and what is on its way between them. */
class Link {
  readonly #client: Socket;
  readonly #upstream: Socket;
  readonly #lanes: readonly Lane[];

  constructor(client: Socket, upstream: Socket, fate: LinkFate, random: () => number, onEnd: (how: LinkEnd) => void) {
    this.#client = client;
    this.#upstream = upstream;
    const onEndReached = (how: LinkEnd) => {
      this.#end(how);
      onEnd(how);
    };
    this.#lanes = [
      new Lane(client, upstream, { fate, lane: 'up', random, onEndReached }),
      new Lane(upstream, client, { fate, lane: 'down', random, onEndReached }),
    ];
    for (const socket of [client, upstream]) {
      socket.setNoDelay(true);
      socket.on('error', () => this.reset());
    }
  }

  reset(): void {
    for (const lane of this.#lanes) lane.stop();
    for (const socket of [this.#client, this.#upstream]) {
      socket.resume();
      socket.resetAndDestroy();
    }
  }

  #end(how: LinkEnd): void {
    if (how === 'reset') return this.reset();
    for (const lane of this.#lanes) lane.stop();
    for (const socket of [this.#client, this.#upstream]) {
      if (how === 'close') socket.end(() => socket.destroy());
      else if (how === 'stalled') socket.pause();
      else socket.resume();
    }
  }
}
