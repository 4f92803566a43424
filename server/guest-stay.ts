import type { Connection } from './connection.ts';

/**
 * Closes the socket of a guest that reads nothing: one that has no stream open when this time is over, at first or again.
 * Ends with the connection.
 *
 * @param everyMs milliseconds that there are to say who one is, or to read what is shared
 */
export function expectReading(connection: Pick<Connection, 'streams' | 'signal' | 'refuse'>, everyMs: number): void {
  const timer = setInterval(() => {
    if (connection.streams === 0) connection.refuse();
  }, everyMs);
  connection.signal.addEventListener('abort', () => clearInterval(timer), { once: true });
}
