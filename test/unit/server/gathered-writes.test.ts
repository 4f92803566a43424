import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { gatherWrites } from '../../../server/gathered-writes.ts';

/** A socket whose writes are gathered; `writes` has the number of pieces of each that reached the system. */
async function connect() {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const came: string[] = [];
  client.on('message', (data: Buffer) => came.push(data.toString()));
  const [socket, { socket: stream }] = (await once(server, 'connection')) as [WebSocket, IncomingMessage];
  const writes: number[] = [];
  const write = stream._writev?.bind(stream);
  stream._writev = (chunks, done) => {
    writes.push(chunks.length);
    write?.(chunks, done);
  };
  gatherWrites(socket, stream);
  return {
    socket,
    stream,
    came,
    writes,
    async [Symbol.asyncDispose]() {
      const closed = once(client, 'close');
      socket.close();
      await closed;
      server.close();
    },
  };
}

test('[STR-19] what is sent over a socket in one go is one write, in order, and what comes later is another', async () => {
  await using open = await connect();
  for (const text of ['a', 'b', 'c']) open.socket.send(text);
  await Promise.resolve();
  open.socket.send('d');
  expect(open.writes).toEqual([]);
  await nextTurn();
  // A header and a payload each.
  expect(open.writes).toEqual([8]);
  open.socket.send('e');
  await nextTurn();
  expect(open.writes).toEqual([8, 2]);
  await vi.waitUntil(() => open.came.length === 5, { interval: 2 });
  expect(open.came).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test('[STR-19] long frames are not kept back, so that the socket does not seem full', async () => {
  await using open = await connect();
  const text = 'x'.repeat(16_000);
  for (let count = 0; count < 5; count += 1) {
    open.socket.send(text);
    expect(open.stream.writableLength).toBe(0);
  }
  expect(open.stream.writableNeedDrain).toBe(false);
});
