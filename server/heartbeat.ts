import type { WebSocket, WebSocketServer } from 'ws';

/** A dead peer is found within two of these: one to ask, one to give up. */
const probeEveryMs = 9_000;

/** Asks every socket for a sign of life and cuts those that give none. Returns its stop. */
export function startHeartbeat(sockets: WebSocketServer): () => void {
  const silent = new WeakSet<WebSocket>();
  sockets.on('connection', (socket) => {
    const live = () => silent.delete(socket);
    socket.on('pong', live);
    socket.on('message', live);
  });
  const timer = setInterval(() => {
    for (const socket of sockets.clients) {
      if (silent.has(socket)) socket.terminate();
      else if (socket.readyState === socket.OPEN) {
        silent.add(socket);
        socket.ping();
      }
    }
  }, probeEveryMs).unref();
  return () => clearInterval(timer);
}
