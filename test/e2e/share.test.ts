import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { SendReply } from '../../server/chat-manager.ts';
import type { ExportedChat } from '../../server/chat-export.ts';
import type { Chat } from '../../shared/chat.ts';
import { ChatEvent, type ChatView } from '../../shared/events.ts';
import { textOf } from '../../shared/message.ts';
import type { ProviderAnswer } from '../helpers/model-provider.ts';
import { definitionOf, startOwn } from '../helpers/own-workflow.ts';
import { RawClient } from '../helpers/raw-client.ts';
import { startServerWithModel } from '../helpers/server.ts';
import type { ServerWithModel } from '../helpers/server.ts';
import { authSecret, tokenFor } from '../helpers/tokens.ts';

let answer: () => ProviderAnswer;
let running: ServerWithModel;
beforeAll(async () => {
  running = await startServerWithModel({ answer: () => answer() }, { authSecret });
});
beforeEach(() => {
  answer = () => ['Hello'];
});
afterEach(() => running.settled());
afterAll(() => running[Symbol.asyncDispose]());

const connectAs = async (user: string) => RawClient.connect(running.url, { token: await tokenFor(user) });

async function turnOf(client: RawClient, text = 'Hi'): Promise<{ chatId: string; sent: SendReply }> {
  const { id: chatId } = await client.mutate<Chat>('chat.create', { title: 'On sockets' });
  const stream = client.stream({ chatId });
  const sent = await client.mutate<SendReply>('chat.send', { chatId, text });
  await stream.untilEnded();
  return { chatId, sent };
}

const share = async (client: RawClient, chatId: string) =>
  (await client.mutate<{ shareId: string }>('chat.share', { chatId })).shareId;

describe('a shared chat', () => {
  test('[SHR-8] does not tell why an answer has failed, which may repeat what nodes and tools were given', async () => {
    await using owner = await connectAs('ann');
    await using guest = await connectAs('bob');
    const code = 'function main() { throw new Error("pin 4711") }';
    const failing = definitionOf(
      [
        { id: 'start', type: 'start' },
        { id: 'calc', type: 'code', code, inputs: {}, outputs: [] },
        { id: 'end', type: 'end' },
      ],
      ['start > calc', 'calc > end'],
    );
    const { asked } = await startOwn(owner, failing);
    await asked.stream.untilEnded();
    expect(JSON.stringify(asked.stream.events)).toContain('pin 4711');
    const shareId = await share(owner, asked.chatId);
    const stream = guest.stream({ shareId });
    await stream.until(({ view }) => view !== null);
    await asked.send('again');
    await stream.untilEnded();
    await asked.stream.untilEnded(2);
    const history = await guest.query<{ messages: unknown[] }>('share.history', { shareId });
    const view = await guest.query('share.get', { shareId });
    expect(JSON.stringify([stream.events, history, view])).not.toContain('pin 4711');
    expect(stream.events.at(-1)).toMatchObject({ status: 'failed', error: { code: 'TOOL_FAILED' } });
    expect(history.messages).toEqual(stream.view?.messages);
    for (const event of stream.events) expect(ChatEvent.parse(event)).toEqual(event);
  });

  test('[SHR-1] is read by whoever has its id, live, and only read', async () => {
    await using owner = await connectAs('ann');
    await using guest = await connectAs('bob');
    const { chatId } = await turnOf(owner);
    const shareId = await share(owner, chatId);
    expect(await share(owner, chatId)).toBe(shareId);
    expect(await guest.query<ChatView>('share.get', { shareId })).toMatchObject({ chat: { title: 'On sockets' } });
    const stream = guest.stream({ shareId });
    await stream.until(({ types }) => types.length === 1);
    answer = () => ['It ', 'grows'];
    await owner.mutate('chat.send', { chatId, text: 'And?' });
    await stream.untilEnded();
    expect(stream.types).toContain('message.delta');
    for (const event of stream.events) expect(ChatEvent.parse(event)).toEqual(event);
    expect(stream.view?.messages.map(textOf)).toEqual(['Hi', 'Hello', 'And?', 'It grows']);
    const seen = await guest.query<{ messages: unknown }>('share.history', { shareId });
    expect(seen.messages).toEqual(stream.view?.messages);
    for (const path of ['chat.get', 'chat.send', 'chat.stop', 'chat.history', 'chat.unshare', 'chat.export'])
      await expect(
        guest.call(path === 'chat.send' ? 'mutation' : procedureTypeOf(path), path, { chatId, text: 'x' }),
      ).rejects.toMatchObject({ data: { code: 'NOT_FOUND' } });
  });

  test('[SHR-2] tells neither the queue nor feedback nor its own id', async () => {
    await using owner = await connectAs('ann');
    await using guest = await connectAs('bob');
    const { chatId } = await turnOf(owner);
    const shareId = await share(owner, chatId);
    const stream = guest.stream({ shareId });
    await stream.until(({ types }) => types.length === 1);
    answer = () => ['x', { end: 'hang' }];
    await owner.mutate('chat.send', { chatId, text: 'first' });
    await owner.mutate('chat.send', { chatId, text: 'a secret that waits' });
    const { messages } = await owner.query<ChatView>('chat.history', { chatId });
    const messageId = messages[1]?.id;
    await owner.mutate('chat.feedback', { chatId, messageId, rating: 'dislike', comment: 'private' });
    const { queue } = await owner.query<ChatView>('chat.get', { chatId });
    await owner.mutate('chat.stop', { chatId, runId: queue[0]?.id });
    await owner.mutate('chat.stop', { chatId });
    await stream.untilEnded(2);
    const told = JSON.stringify([stream.events, await guest.query('share.get', { shareId })]);
    expect(told).not.toMatch(/a secret that waits|private|feedback|shareId/);
  });

  test('[SHR-3] is nobody else’s any more when its owner ends it', async () => {
    await using owner = await connectAs('ann');
    await using guest = await connectAs('bob');
    const { chatId } = await turnOf(owner);
    const shareId = await share(owner, chatId);
    const stream = guest.stream({ shareId });
    await stream.until(({ types }) => types.length === 1);
    await owner.mutate('chat.unshare', { chatId });
    await stream.until(({ error }) => error !== null);
    expect(stream.error?.data.code).toBe('NOT_FOUND');
    const again = guest.stream({ shareId, lastEventId: stream.cursor });
    await again.until(({ error }) => error !== null);
    expect(again.error?.data.code).toBe('NOT_FOUND');
    await expect(guest.query('share.get', { shareId })).rejects.toMatchObject({ data: { code: 'NOT_FOUND' } });
    expect(await share(owner, chatId)).not.toBe(shareId);
  });
});

describe('feedback', () => {
  test('[FBK-1] shows in every tab at once and after a reload', async () => {
    await using one = await connectAs('ann');
    await using other = await connectAs('ann');
    const { chatId } = await turnOf(one);
    const stream = other.stream({ chatId });
    await stream.until(({ types }) => types.length === 1);
    const messageId = stream.view?.messages[1]?.id;
    const feedback = await one.mutate('chat.feedback', { chatId, messageId, rating: 'like', copied: true });
    expect(feedback).toEqual({ rating: 'like', copied: 1 });
    await stream.until(({ types }) => types.includes('message.feedback'));
    expect(stream.view?.messages[1]?.feedback).toEqual(feedback);
    const reloaded = one.stream({ chatId });
    await reloaded.until(({ types }) => types.length === 1);
    expect(reloaded.view).toEqual(stream.view);
  });
});

describe('an export', () => {
  test('[EXP-1] has every message, as Markdown or as JSON', async () => {
    answer = () => [{ reasoning: 'Think.' }, 'An *answer*.'];
    await using client = await connectAs('ann');
    const { chatId } = await turnOf(client, 'A question');
    const markdown = await client.query<ExportedChat>('chat.export', { chatId });
    expect(markdown).toMatchObject({ name: 'On-sockets.md', mediaType: 'text/markdown' });
    expect(markdown.text.replace(/_\d{4}.*_/, 'DATE')).toBe(
      '# On sockets\n\nDATE\n\n## You\n\nA question\n\n## Answer (openai:double)\n\n> Think.\n\nAn *answer*.\n',
    );
    const json = await client.query<ExportedChat>('chat.export', { chatId, format: 'json' });
    const { messages } = await client.query<{ messages: unknown }>('chat.history', { chatId });
    expect(json).toMatchObject({ name: 'On-sockets.json', mediaType: 'application/json' });
    expect(JSON.parse(json.text)).toMatchObject({ chat: { id: chatId }, messages });
  });
});

describe('the search', () => {
  test('[SRC-1] finds what was said a few seconds after the answer’s end', async () => {
    answer = () => ['The word is ', 'xylophone.'];
    await using client = await connectAs('ann');
    const { chatId } = await turnOf(client);
    await vi.waitFor(
      async () => {
        const { chats } = await client.query<{ chats: Chat[] }>('chat.list', { search: 'xyloph' });
        expect(chats.map(({ id }) => id)).toEqual([chatId]);
      },
      { timeout: 10_000, interval: 100 },
    );
  });
});

function procedureTypeOf(path: string): 'query' | 'mutation' {
  return ['chat.stop', 'chat.unshare'].includes(path) ? 'mutation' : 'query';
}
