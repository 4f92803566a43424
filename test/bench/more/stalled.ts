import { percentile } from '../figures.ts';
import type { RunningServer } from '../servers/roster.ts';
import { order } from '../token.ts';
import { connect, newChat, restingMiB, several, type Scene } from './scene.ts';

const readers = 100;

/** Longer than what the operating system keeps for a socket: each message comes twice, in the queue and in the chat. */
const messages = 50;
const text = `${'-'.repeat(99_900)} ${order(1, 50)}`;

/** Readers of a chat who do not read while 10 MB are written in it: what they cost, and what another reader notices. */
export const stalled: Scene = async (server) => {
  const alone = await talkBeside(server, 0);
  const crowded = await talkBeside(server, readers);
  const each = ((crowded.grownMiB - alone.grownMiB) * 1_024) / readers;
  return [
    { what: `stalled reader, of ${readers}`, value: each, unit: 'KiB resident', goal: 1_024 },
    { what: 'turn of another reader without them, p99', value: alone.turnMs, unit: 'ms' },
    { what: 'turn of another reader beside them, p99', value: crowded.turnMs, unit: 'ms' },
  ];
};

async function talkBeside(server: RunningServer, count: number): Promise<{ grownMiB: number; turnMs: number }> {
  const reader = await connect(server);
  const chatId = await newChat(reader);
  const others = await several(count, async () => {
    const other = await connect(server);
    await other.stream({ chatId }).until(({ view }) => view !== null);
    other.socket.pause();
    return other;
  });
  const before = await restingMiB(server.pid);
  const turns: number[] = [];
  for (let message = 0; message < messages; message += 1) {
    const startedAt = performance.now();
    const { cursor } = await reader.mutate<{ cursor: string }>('chat.send', { chatId, text });
    await reader.stream({ chatId, lastEventId: cursor }).untilEnded();
    turns.push(performance.now() - startedAt);
  }
  const grownMiB = (await restingMiB(server.pid)) - before;
  for (const other of others) other.cut();
  await reader[Symbol.asyncDispose]();
  return { grownMiB, turnMs: percentile(turns, 0.99) };
}
