import type { Connection } from './connection.ts';

type Network = Pick<EventTarget, 'addEventListener'>;

/**
 * Follows what a browser knows of the network, until the connection is ended: with its loss every socket is given up,
 * since it would take seconds to find out that it is dead, and a server on this machine is there again at once; with its
 * return the next try is made at once. Where there are no such events, as in Node, nothing happens.
 */
export function followNetwork(
  connection: Pick<Connection, 'dropSockets' | 'ended' | 'retryNow'>,
  network: Partial<Network> = globalThis,
): void {
  const options = { signal: connection.ended };
  network.addEventListener?.('offline', () => connection.dropSockets(), options);
  network.addEventListener?.('online', () => connection.retryNow(), options);
}
