import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Chat } from '../../shared/chat.ts';
import type { ChatEventOf } from '../../shared/events.ts';
import type { ProviderAnswer, ProviderRequest } from '../helpers/model-provider.ts';
import { RawClient } from '../helpers/raw-client.ts';
import type { RawStream } from '../helpers/raw-client.ts';
import { startServerWithModel } from '../helpers/server.ts';
import type { ServerWithModel } from '../helpers/server.ts';

/** What the request for a title is answered with. */
let title: (request: ProviderRequest) => ProviderAnswer;
let running: ServerWithModel;
const asksForTitle = ({ body }: ProviderRequest) => String(body.messages[0]?.content).includes('title');
const titleRequests = () => running.provider.requests.filter(asksForTitle);

beforeAll(async () => {
  const answer = (request: ProviderRequest) => (asksForTitle(request) ? title(request) : ['It is Lisbon.']);
  running = await startServerWithModel({ answer }, { titles: true });
});
beforeEach(() => {
  title = () => ['"The capital ', 'of Portugal."\n', 'I hope that helps'];
});
afterEach(() => running.settled());
afterAll(() => running[Symbol.asyncDispose]());

async function ask(client: RawClient, text: string, chat: object = {}): Promise<RawStream> {
  const { id: chatId } = await client.mutate<Chat>('chat.create', chat);
  const stream = client.stream({ chatId });
  await stream.until(({ types }) => types.length === 1);
  await client.mutate('chat.send', { chatId, text });
  await stream.untilEnded();
  return stream;
}

const titled = async (stream: RawStream) => {
  await stream.until(({ types }) => types.includes('chat.updated'));
  return stream.events.find((event): event is ChatEventOf<'chat.updated'> => event.type === 'chat.updated')?.chat.title;
};

describe('a title', () => {
  test('[TTL-1] is made by the model after the first answer, and told to everybody', async () => {
    await using client = await RawClient.connect(running.url);
    const stream = await ask(client, 'What is the capital of Portugal?');
    expect(await titled(stream)).toBe('The capital of Portugal');
    const { chat } = await client.query<{ chat: Chat }>('chat.get', { chatId: stream.view?.chat.id });
    expect(chat).toEqual(stream.view?.chat);
    const { body } = titleRequests().at(-1) ?? {};
    expect(JSON.stringify(body?.messages)).toContain('Person: What is the capital of Portugal?');
    expect(JSON.stringify(body?.messages)).toContain('Answer: It is Lisbon.');
  });

  test('[TTL-2] is the first words of the question where the model makes none', async () => {
    await using client = await RawClient.connect(running.url);
    title = () => ({ status: 400, body: { error: { message: 'no' } } });
    const long = `What is\n the capital of ${'a '.repeat(40)}country?`;
    expect(await titled(await ask(client, long))).toBe(
      `${`What is the capital of ${'a '.repeat(40)}`.slice(0, 60).trimEnd()}…`,
    );
    title = () => [' \n'];
    expect(await titled(await ask(client, 'Hello there'))).toBe('Hello there');
  });

  test('[TTL-3] that somebody gave the chat stays', async () => {
    await using client = await RawClient.connect(running.url);
    const before = titleRequests().length;
    const given = await ask(client, 'Hello', { title: 'Mine' });
    const other = await ask(client, 'Hello');
    await titled(other);
    expect(given.view?.chat.title).toBe('Mine');
    expect(titleRequests().length - before).toBe(1);
  });

  test('[TTL-5] takes the place of a draft, until somebody gives the chat another', async () => {
    await using client = await RawClient.connect(running.url);
    const begun = await ask(client, 'Hello', { draftTitle: 'Hello …' });
    expect(begun.view?.chat).toMatchObject({ title: 'Hello …', titleIsDraft: true });
    expect(await titled(begun)).toBe('The capital of Portugal');
    expect(begun.view?.chat.titleIsDraft).toBeUndefined();
    const { id: chatId } = await client.mutate<Chat>('chat.create', { draftTitle: 'Mine' });
    const kept = await client.mutate<Chat>('chat.rename', { chatId, title: 'Mine' });
    expect(kept).toMatchObject({ title: 'Mine' });
    expect(kept.titleIsDraft).toBeUndefined();
  });

  test('[TTL-4] holds up neither a second message nor the end of the server', async () => {
    await using hurried = await startServerWithModel(
      { answer: (request) => (asksForTitle(request) ? [{ end: 'hang' }] : ['yes']) },
      { titles: true },
    );
    await using client = await RawClient.connect(hurried.url);
    const stream = await ask(client, 'Hello');
    await client.mutate('chat.send', { chatId: stream.view?.chat.id, text: 'and?' });
    await stream.untilEnded(2);
    expect(stream.view?.messages).toHaveLength(4);
  });
});
