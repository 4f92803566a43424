import type { AddressInfo } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { WebSocket as WsWebSocket, WebSocketServer } from 'ws';
import type { WebSocket as ServerSocket } from 'ws';
import { codeOf, createChatClient } from '../../client/index.ts';
import type { ChatClient, WebSocketClass } from '../../client/index.ts';
import { watchedSocket } from '../../client/watched-socket.ts';
import { startTcpProxy } from '../helpers/tcp-proxy.ts';

const chatId = '0198c0de-0000-7000-8000-000000000001';

/** A server that speaks frames by hand: answers PING, and each call as `answer` says. */
async function startFrames(answer: (socket: ServerSocket, call: Call) => void) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  const seen: Call[] = [];
  server.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => {
      const text = data.toString();
      if (text === 'PING') return socket.send('PONG');
      for (const call of [JSON.parse(text) as Call | Call[]].flat()) {
        seen.push(call);
        answer(socket, call);
      }
      return undefined;
    });
  });
  await new Promise((resolve) => {
    server.once('listening', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    sockets: server.clients,
    async [Symbol.asyncDispose]() {
      for (const socket of server.clients) socket.terminate();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

interface Call {
  id: number;
  method: string;
  params: { path: string; input: { messageId: string }; lastEventId?: string };
}

const sendResult = ({ id, params: { input } }: Call): string =>
  JSON.stringify({ id, result: { type: 'data', data: { messageId: input.messageId, runId: chatId, cursor: 'c' } } });

/** A client that is closed with its scope, and then has left nothing. */
function client(
  url: string,
  over: { WebSocket?: WebSocketClass; token?: string; random?: () => number } = {},
): ChatClient & AsyncDisposable {
  const made = createChatClient({ url, random: () => 0.1, ...over });
  return { ...made, [Symbol.asyncDispose]: () => made.close() };
}

const isOpen = (made: ChatClient) => vi.waitUntil(() => made.connection.get().status === 'open', { interval: 2 });
const loss = (made: ChatClient, timeout: number) =>
  vi.waitUntil(() => made.connection.get().status === 'waiting', { interval: 2, timeout });

const classes = [
  ['the global WebSocket', WebSocket],
  ["the WebSocket of 'ws'", WsWebSocket],
] as const satisfies (readonly [string, WebSocketClass])[];

test.each(classes)(
  '[CLT-5] over %s a send whose socket drops is repeated under its id on the next one',
  async (_, WebSocket) => {
    let calls = 0;
    await using server = await startFrames((socket, call) => {
      calls += 1;
      if (calls <= 2) socket.terminate();
      else socket.send(sendResult(call));
    });
    await using made = client(server.url, { WebSocket });
    const { messageId } = await made.send({ chatId, text: 'hello' });
    expect(server.seen.map((call) => call.params.input.messageId)).toEqual([messageId, messageId, messageId]);
  },
);

test.each(classes)(
  '[CLT-3] over %s the close code 4401 ends everything and no further socket comes',
  async (_, WebSocket) => {
    let opened = 0;
    await using server = await startFrames((socket, call) => {
      if (call.params?.path === 'chat.send') socket.close(4401, 'token expired');
    });
    await using proxy = await startTcpProxy(server.url);
    await using made = client(proxy.url, { WebSocket, token: 'worn out', random: () => 0 });
    const stream = made.stream({ chatId }).next().catch(codeOf);
    const query = made.api.chat.list.query({}).catch(codeOf);
    await vi.waitUntil(() => server.seen.length === 3, { interval: 2 });
    opened = proxy.opened;
    expect(await made.send({ chatId, text: 'hello' }).catch(codeOf)).toBe('UNAUTHENTICATED');
    expect(await stream).toBe('UNAUTHENTICATED');
    expect(await query).toBe('UNAUTHENTICATED');
    expect(made.connection.get()).toEqual({ status: 'closed', code: 4401, reason: 'token expired' });
    expect(await made.api.chat.list.query({}).catch(codeOf)).toBe('UNAUTHENTICATED');
    expect(await made.send({ chatId, text: 'again' }).catch(codeOf)).toBe('UNAUTHENTICATED');
    await made.close();
    expect(proxy.opened).toBe(opened);
  },
);

test.each(classes)('[CLT-2] over %s calls while a socket closes open one other socket', async (_, WebSocket) => {
  await using server = await startFrames((socket, { id }) => {
    socket.send(JSON.stringify({ id, result: { type: 'data', data: [] } }));
  });
  await using proxy = await startTcpProxy(server.url);
  await using made = client(proxy.url, { WebSocket, random: () => 0 });
  await isOpen(made);
  for (const socket of server.sockets) socket.close(1012, 'come again');
  const calls: Promise<unknown>[] = [];
  // In each turn of the event loop, so that one is made between the socket's last word and its end.
  while (made.connection.get().status === 'open') {
    calls.push(made.api.account.me.query().catch(codeOf));
    await nextTurn();
  }
  await Promise.all(calls);
  await made.api.account.me.query();
  expect(proxy.opened).toBe(2);
});

test('[CLT-2] the token goes out as the first frame, and the answer to who is calling stays with the server', async () => {
  const frames: unknown[] = [];
  await using server = await startFrames((_, call) => frames.push(call));
  await using made = client(server.url, { token: 'sb_1' });
  await vi.waitUntil(() => frames.length === 1, { interval: 2 });
  expect(frames).toEqual([{ method: 'connectionParams', data: { token: 'sb_1' } }]);
  expect(made.connection.get().status).toBe('open');
});

test.each(classes)(
  '[CLT-18] over %s close() answers what is under way, ends the streams, and leaves no socket',
  async (_, WebSocket) => {
    const answers: (() => void)[] = [];
    await using server = await startFrames((socket, call) => {
      if (call.method === 'mutation') answers.push(() => socket.send(sendResult(call)));
    });
    await using made = client(server.url, { WebSocket });
    const stream = made.stream({ chatId }).next();
    const sent = made.send({ chatId, text: 'hello' });
    await vi.waitUntil(() => answers.length === 1, { interval: 2 });
    const closed = made.close();
    answers[0]?.();
    await closed;
    expect(await sent).toMatchObject({ runId: chatId });
    expect(await stream).toEqual({ done: true, value: undefined });
    await vi.waitUntil(() => server.sockets.size === 0, { interval: 2 });
    await expect(made.send({ chatId, text: 'late' })).rejects.toThrow('the client is closed');
    await expect(made.api.chat.list.query({})).rejects.toThrow('the client is closed');
    expect(made.connection.get().status).toBe('closed');
  },
);

test('[CLT-18] close() does not wait for a server that never answers', async () => {
  await using server = await startFrames(() => {});
  await using proxy = await startTcpProxy(server.url);
  await using made = client(proxy.url);
  await isOpen(made);
  proxy.pause();
  const sent = made.send({ chatId, text: 'hello' }).catch((error: unknown) => error);
  const from = performance.now();
  await made.close();
  expect(performance.now() - from).toBeLessThan(2_500);
  expect(await sent).toEqual(expect.objectContaining({ message: 'the client is closed' }));
});

test('[CLT-18] close() of a client that never reached its server is done at once', async () => {
  await using gone = await startTcpProxy('http://127.0.0.1:1');
  const made = client(gone.url);
  await loss(made, 2_000);
  await made.close();
  const { opened } = gone;
  expect(made.connection.get().status).toBe('closed');
  expect(gone.opened).toBe(opened);
});

test.each(classes)(
  '[CLT-4] over %s a socket whose other end is silent tells its end 0.5 s after close(), once',
  async (_, Base) => {
    await using server = await startFrames(() => {});
    await using proxy = await startTcpProxy(server.url);
    const told: string[] = [];
    const Watched = watchedSocket(Base, {
      opening: () => told.push('opening'),
      opened: () => told.push('opened'),
      lost: (_socket, code) => told.push(`lost ${code}`),
    });
    const socket = new Watched(proxy.url.replace('http', 'ws'));
    await new Promise((resolve) => {
      socket.addEventListener('open', resolve);
    });
    const closes: number[] = [];
    socket.addEventListener('close', (event) => closes.push(event.code));
    proxy.pause();
    const from = performance.now();
    socket.close();
    await vi.waitUntil(() => closes.length === 1, { interval: 2, timeout: 2_000 });
    expect(performance.now() - from).toBeGreaterThan(450);
    expect(performance.now() - from).toBeLessThan(1_000);
    // The real end, which comes now, is not told again.
    proxy.cutAll();
    await vi.waitUntil(() => proxy.links === 0 && socket.readyState === 3, { interval: 2, timeout: 5_000 });
    expect(closes).toEqual([1006]);
    expect(told).toEqual(['opening', 'opened', 'lost 1006']);
  },
);

test.concurrent.for(classes)(
  '[CLT-4] over %s a link that dies without a word is noticed within 10 s, and the send gets through',
  async ([, WebSocket], { expect }) => {
    await using server = await startFrames((socket, call) => socket.send(sendResult(call)));
    await using proxy = await startTcpProxy(server.url);
    await using made = client(proxy.url, { WebSocket });
    await isOpen(made);
    proxy.pause();
    const from = performance.now();
    const sent = made.send({ chatId, text: 'into the void' });
    await loss(made, 12_000);
    expect(performance.now() - from).toBeLessThan(10_000);
    proxy.resume();
    expect(await sent).toMatchObject({ runId: chatId });
    expect(made.connection.get().status).toBe('open');
  },
);

test.concurrent.for(classes)(
  '[CLT-4] over %s a server that never answers the upgrade is given up within 6 s',
  async ([, WebSocket], { expect }) => {
    await using server = await startFrames(() => {});
    await using proxy = await startTcpProxy(server.url);
    proxy.pause();
    await using made = client(proxy.url, { WebSocket });
    const from = performance.now();
    await loss(made, 8_000);
    expect(performance.now() - from).toBeLessThan(6_000);
    proxy.resume();
    await isOpen(made);
  },
);
