import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChatClient } from '../../../client/index.ts';
import type { ChatClient, ChatStore } from '../../../client/index.ts';
import { startIn } from '../servers/ours.ts';
import { order } from '../token.ts';
import { several, type Finding } from './scene.ts';

const clients = 2_000;

interface Person {
  readonly client: ChatClient;
  readonly store: ChatStore;
  readonly chatId: string;
}

/** The server is killed while all these people have a chat open; another one takes over its folder and port. */
export async function storm(providerUrl: string): Promise<Finding[]> {
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-storm-'));
  const first = await startIn(folder, providerUrl);
  const url = new URL(first.url);
  const address = `http://${url.host}`;
  const people = await several(clients, () => arrive(address));
  await first.kill();
  const second = await startIn(folder, providerUrl, { port: Number(url.port) });
  const startedAt = performance.now();
  await Promise.all(people.map(({ client, chatId }) => client.send({ chatId, text: order(1, 50) })));
  await Promise.all(people.map(({ store }) => until(store, isAnswered)));
  const seconds = (performance.now() - startedAt) / 1_000;
  await Promise.all(people.map(({ client }) => client.close()));
  await second.stop();
  await rm(folder, { recursive: true, force: true });
  const what = `restart with ${clients} clients until each has sent and read an answer`;
  return [{ what, value: seconds, unit: 's', goal: 30 }];
}

async function arrive(url: string): Promise<Person> {
  const client = createChatClient({ url });
  const { id: chatId } = await client.api.chat.create.mutate({});
  const store = client.open(chatId);
  await until(store, () => store.get().status === 'ready');
  return { client, store, chatId };
}

function isAnswered(store: ChatStore): boolean {
  return store.get().view?.messages.at(-1)?.status === 'completed' && store.get().view?.messages.length === 2;
}

function until(store: ChatStore, condition: (store: ChatStore) => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (!condition(store)) return;
      stop();
      resolve();
    };
    const stop = store.subscribe(look);
    look();
  });
}
