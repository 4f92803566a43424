import type { RunningServer } from '../servers/roster.ts';
import { order } from '../token.ts';
import { connect, newChat, several, type Finding, type Scene } from './scene.ts';

const forMs = 3_000;

/** The smallest turns, a message and an answer of one token, one after the other in each chat. */
export const turns: Scene = async (server) => [await turnsPerSecond(server, 1), await turnsPerSecond(server, 16)];

async function turnsPerSecond(server: RunningServer, chats: number): Promise<Finding> {
  const clients = await several(chats, () => connect(server));
  const until = performance.now() + forMs;
  const done = await Promise.all(
    clients.map(async (client) => {
      const chatId = await newChat(client);
      const stream = client.stream({ chatId });
      let count = 0;
      for (; performance.now() < until; count += 1) {
        await client.mutate('chat.send', { chatId, text: order(1, 50) });
        await stream.untilEnded(count + 1);
      }
      return count;
    }),
  );
  await Promise.all(clients.map((client) => client[Symbol.asyncDispose]()));
  const total = done.reduce((sum, count) => sum + count, 0);
  return { what: `smallest turns, ${chats} at once`, value: total / (forMs / 1_000), unit: 'a second' };
}
