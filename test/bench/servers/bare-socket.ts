import { createServer } from 'node:http';
import { WebSocketServer, type WebSocket } from 'ws';
import { listen } from '../listen.ts';
import { serveParent } from '../parent.ts';

/** Makes the tokens that answer a text. */
export type Answer = (text: string, signal: AbortSignal) => AsyncIterable<string>;

/** What a client of a bare server sends and gets: the least that tells chats and tokens apart. */
export type BareFrame =
  | { readonly type: 'token'; readonly chatId: string; readonly text: string }
  | { readonly type: 'done'; readonly chatId: string }
  | { readonly type: 'failed'; readonly chatId: string; readonly reason: string };

async function reply(socket: WebSocket, request: string, answer: Answer): Promise<void> {
  const { chatId, text } = JSON.parse(request) as { chatId: string; text: string };
  const say = (frame: BareFrame): void => socket.send(JSON.stringify(frame));
  const controller = new AbortController();
  socket.once('close', () => controller.abort());
  try {
    for await (const token of answer(text, controller.signal)) say({ type: 'token', chatId, text: token });
    say({ type: 'done', chatId });
  } catch (error) {
    say({ type: 'failed', chatId, reason: String(error) });
  }
}

/** A control without us: one WebSocket message in, one frame for each token out, nothing kept. */
export async function serveBare(answer: Answer): Promise<void> {
  const server = createServer();
  const sockets = new WebSocketServer({ server, perMessageDeflate: false });
  sockets.on('connection', (socket) => {
    socket.on('message', (data) => void reply(socket, (data as Buffer).toString(), answer));
  });
  const port = await listen(server);
  serveParent(`ws://127.0.0.1:${port}`);
}
