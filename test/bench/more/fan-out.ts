import { nowMicros } from '../clock.ts';
import { cpuBetween, readCpu } from '../cpu.ts';
import { percentile } from '../figures.ts';
import { elapsed, order, readToken, tokenLength } from '../token.ts';
import { connect, newChat, several, type Scene } from './scene.ts';

const watchers = 500;
const tokens = 200;

/** One answer that many people watch, each over a connection of their own. */
export const fanOut: Scene = async (server) => {
  const clients = await several(watchers, () => connect(server));
  const [first] = clients;
  if (!first) throw new Error('expected a watcher');
  const chatId = await newChat(first);
  const delays: number[] = [];
  const streams = clients.map((client) => {
    client.socket.on('message', (frame: Buffer) => {
      const text = /"text":"((?:\d{4}-\d{9} )+)"/.exec(frame.toString('latin1'))?.[1];
      const last = text === undefined ? null : readToken(text.slice(-tokenLength));
      if (last) delays.push(elapsed(last.sentAt, nowMicros()) / 1_000);
    });
    return client.stream({ chatId });
  });
  await Promise.all(streams.map((stream) => stream.until(({ view }) => view !== null)));
  const before = readCpu(server.pid);
  await first.mutate('chat.send', { chatId, text: order(tokens, 50) });
  await Promise.all(streams.map((stream) => stream.untilEnded()));
  const { micros } = cpuBetween(before, readCpu(server.pid));
  const frames = streams.reduce((sum, { received }) => sum + received.length, 0);
  await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
  return [
    { what: `one chat to ${watchers} watchers`, value: micros / frames, unit: 'µs CPU a frame' },
    { what: 'its delay from provider to watcher, p50', value: percentile(delays, 0.5), unit: 'ms' },
    { what: 'its delay from provider to watcher, p99', value: percentile(delays, 0.99), unit: 'ms' },
  ];
};
