import { once } from 'node:events';
import { connect } from 'node:net';
import { describe, expect, test, vi } from 'vitest';
import type { Chat } from '../../shared/chat.ts';
import { RawClient } from '../helpers/raw-client.ts';
import { startServer, startServerWithModel } from '../helpers/server.ts';
import { startTcpProxy } from '../helpers/tcp-proxy.ts';

describe('a connection', () => {
  test.each([
    ['says nothing', ''],
    ['says a word and no more', 'GET /trpc HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: webs'],
  ])('[DOOR-12] that %s is closed in the time that there is to say who one is', async (_, bytes) => {
    await using server = await startServer({ limits: { authenticateMs: 200 } });
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.resume();
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    const from = performance.now();
    socket.write(bytes);
    await once(socket, 'close');
    expect(performance.now() - from).toBeGreaterThan(150);
    expect(performance.now() - from).toBeLessThan(4_000);
  });

  test('[DOOR-12] without a token, where one is expected, is closed with 4401', async () => {
    await using server = await startServer({ authenticate: () => null });
    await using silent = await RawClient.connect(server.url);
    await once(silent.socket, 'close');
    expect(silent.closeCode).toBe(4401);
  });
});

describe('the heartbeat', () => {
  test('[DOOR-10] cuts a socket that gives no sign of life within two, and leaves the others', async () => {
    const heartbeatMs = 250;
    await using server = await startServer({ limits: { heartbeatMs } });
    await using proxy = await startTcpProxy(server.url);
    await using living = await RawClient.connect(server.url);
    await using dead = await RawClient.connect(proxy.url);
    await dead.query('server.info');
    expect(server.server.census().connections).toBe(2);
    proxy.pause();
    const from = performance.now();
    await vi.waitFor(() => expect(server.server.census().connections).toBe(1), { timeout: 5_000, interval: 5 });
    expect(performance.now() - from).toBeLessThan(heartbeatMs * 2 + 2_000);
    // Long enough for the others to have been asked several times.
    let pings = 0;
    living.socket.on('ping', () => (pings += 1));
    await vi.waitFor(() => expect(pings).toBeGreaterThan(2), { timeout: 5_000 });
    expect(await living.query('server.info')).toMatchObject({ protocol: 1 });
    dead.cut();
  });

  test('[DOOR-10] closes one whose reader has stalled, which finds everything when it comes back', async () => {
    const heartbeatMs = 300;
    const piece = '0123456789'.repeat(10_000);
    await using server = await startServerWithModel(
      { answer: () => Array.from({ length: 10 }, () => piece) },
      { limits: { heartbeatMs } },
    );
    await using writer = await RawClient.connect(server.url);
    const chat = await writer.mutate<Chat>('chat.create', {});
    const watcher = writer.stream({ chatId: chat.id });
    const slow = await RawClient.connect(server.url);
    const stream = slow.stream({ chatId: chat.id });
    await stream.until(({ types }) => types.length === 1);
    slow.socket.pause();
    for (let turn = 1; turn <= 8; turn += 1) {
      await writer.mutate('chat.send', { chatId: chat.id, text: `turn ${turn}` });
      await watcher.untilEnded(turn);
    }
    await vi.waitFor(() => expect(server.server.census().connections).toBe(1), { timeout: 5_000 });
    await using again = await RawClient.connect(server.url);
    const resumed = again.stream({ chatId: chat.id, lastEventId: stream.cursor }, stream.view);
    await resumed.until(({ view }) => view?.activeRun === null && view.messages.length === 16);
    expect(resumed.view).toEqual(watcher.view);
    slow.cut();
  });
});
