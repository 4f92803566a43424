import { connect, newChat, restingMiB, several, type Scene } from './scene.ts';

const connections = 2_000;

/** What a person costs who looks at a chat in which nothing happens: a connection with one stream. */
export const idleMemory: Scene = async (server) => {
  const maker = await connect(server);
  const chatIds = await several(connections, () => newChat(maker));
  const before = await restingMiB(server.pid);
  const clients = await several(connections, async (index) => {
    const client = await connect(server);
    const stream = client.stream({ chatId: chatIds[index] ?? '' });
    await stream.until(({ view }) => view !== null);
    return client;
  });
  const after = await restingMiB(server.pid);
  await Promise.all([maker, ...clients].map((client) => client[Symbol.asyncDispose]()));
  const kibibytes = ((after - before) * 1_024) / connections;
  return [
    { what: `idle connection with a stream, of ${connections}`, value: kibibytes, unit: 'KiB resident', goal: 30 },
  ];
};
