import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Chat } from '../../shared/chat.ts';
import { WatchEvent } from '../../shared/watch.ts';
import { RawClient } from '../helpers/raw-client.ts';
import type { RawStream } from '../helpers/raw-client.ts';
import { startServerWithModel } from '../helpers/server.ts';
import type { ServerWithModel } from '../helpers/server.ts';
import { authSecret, tokenFor } from '../helpers/tokens.ts';

let running: ServerWithModel;
beforeAll(async () => {
  running = await startServerWithModel({ answer: () => ['Hello'] }, { authSecret });
});
afterEach(() => running.settled());
afterAll(() => running[Symbol.asyncDispose]());

const connectAs = async (user: string) => RawClient.connect(running.url, { token: await tokenFor(user) });

/** What the list has been told. */
const told = (watch: RawStream) => watch.events.map((event) => WatchEvent.parse(event));
/** The list that follows from it. */
function listOf(watch: RawStream): Map<string, string> {
  const list = new Map<string, string>();
  for (const event of told(watch)) {
    if (event.type === 'chats.deleted') list.delete(event.chatId);
    const entries = event.type === 'chats.snapshot' ? event.chats : event.type === 'chats.changed' ? [event] : [];
    for (const { chat, status, unread } of entries)
      list.set(chat.id, `${chat.title} ${status}${unread ? ' unread' : ''}`);
  }
  return list;
}

async function open(client: RawClient): Promise<RawStream> {
  const watch = client.watch();
  await watch.until(({ received }) => received.length > 0);
  return watch;
}

describe('the list of chats', () => {
  test('[WAT-1] begins with what there is and tells what becomes of it, whoever does it', async () => {
    await using one = await connectAs('ann');
    await using other = await connectAs('ann');
    const { id: chatId } = await one.mutate<Chat>('chat.create', { title: 'First' });
    const watch = await open(one);
    expect(listOf(watch)).toEqual(new Map([[chatId, 'First idle']]));
    const { id: second } = await other.mutate<Chat>('chat.create', { title: 'Second' });
    await watch.until(() => listOf(watch).has(second));
    await other.mutate('chat.rename', { chatId, title: 'Renamed' });
    await watch.until(() => listOf(watch).get(chatId) === 'Renamed idle');
    await other.mutate('chat.delete', { chatId: second });
    await watch.until(() => !listOf(watch).has(second));
    await other.mutate('chat.create', { title: 'Tried out', debug: true });
    await other.mutate('chat.rename', { chatId, title: 'Last' });
    await watch.until(() => listOf(watch).get(chatId) === 'Last idle');
    expect([...listOf(watch).keys()]).toEqual([chatId]);
  });

  test('[WAT-2] tells what is being answered, and what nobody has read', async () => {
    await using client = await connectAs('bob');
    const { id: chatId } = await client.mutate<Chat>('chat.create', { title: 'Chat' });
    const watch = await open(client);
    const stream = client.stream({ chatId });
    await client.mutate('chat.send', { chatId, text: 'Hi' });
    await stream.untilEnded();
    await watch.until(() => listOf(watch).get(chatId) === 'Chat idle unread');
    const again = await open(client);
    expect(listOf(again).get(chatId)).toBe('Chat idle unread');
    await client.mutate('chat.markRead', { chatId });
    for (const list of [watch, again]) await list.until(() => listOf(list).get(chatId) === 'Chat idle');
  });

  test('[WAT-3] has nothing of anybody else', async () => {
    await using stranger = await connectAs('eve');
    await using owner = await connectAs('fay');
    const watch = await open(stranger);
    const { id: chatId } = await owner.mutate<Chat>('chat.create', { title: 'Hers' });
    await owner.mutate('chat.delete', { chatId });
    await stranger.mutate('chat.create', { title: 'Mine' });
    await watch.until(() => listOf(watch).size > 0);
    expect([...listOf(watch).values()]).toEqual(['Mine idle']);
    expect(told(watch).map(({ type }) => type)).toEqual(['chats.snapshot', 'chats.changed']);
  });
});
