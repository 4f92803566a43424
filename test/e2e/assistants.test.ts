import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Assistant } from '../../shared/assistant.ts';
import type { AssistantVersion } from '../../shared/assistant-settings.ts';
import type { Chat } from '../../shared/chat.ts';
import { textOf } from '../../shared/message.ts';
import type { ModelProviderOptions } from '../helpers/model-provider.ts';
import { RawClient } from '../helpers/raw-client.ts';
import { gate } from '../helpers/scripted-server.ts';
import { startServerWithModel } from '../helpers/server.ts';
import type { ServerWithModel } from '../helpers/server.ts';
import { assistantId as seeded } from '../helpers/store-chat.ts';
import { authSecret, tokenFor } from '../helpers/tokens.ts';

/** Answers wait at the gate that stands there when they are asked for; open where there is none. */
const held: { gate: ReturnType<typeof gate> | null } = { gate: null };
const provider: ModelProviderOptions = {
  answer: async ({ body }) => {
    await held.gate?.passed;
    return [`${body.model} answers`];
  },
};

describe('assistants of people', () => {
  let running: ServerWithModel;
  beforeAll(async () => {
    running = await startServerWithModel(provider, { authSecret });
  });
  afterAll(() => running[Symbol.asyncDispose]());

  const connectAs = async (user: string) => RawClient.connect(running.url, { token: await tokenFor(user) });
  const make = (client: RawClient, settings: object = {}) =>
    client.mutate<Assistant>('assistant.create', { name: 'Pirate', ...settings });
  const chatWith = (client: RawClient, { id }: Assistant) =>
    client.mutate<Chat>('chat.create', { app: { kind: 'assistant', id } });

  /** A stream of the chat from before the message to the end of so many runs. */
  async function say(client: RawClient, chatId: string, text: string) {
    const stream = client.stream({ chatId });
    await stream.until(({ types }) => types.includes('snapshot'));
    await client.mutate('chat.send', { chatId, text });
    await stream.untilEnded();
    return stream;
  }

  test('[APP-1] one is made, seen, published, changed and deleted', async () => {
    await using ann = await connectAs('ann');
    await using bob = await connectAs('bob');
    const made = await make(ann, { prompt: 'Arr.', avatar: '🦜', guideWord: 'Ahoy', guideQuestions: ['Where?'] });
    expect(made).toMatchObject({ name: 'Pirate', published: false, version: 1, owned: true, prompt: 'Arr.' });
    const { id: assistantId } = made;
    const list = async (client: RawClient, mine = true) =>
      (await client.query<{ assistants: Assistant[] }>('assistant.list', { mine })).assistants.map(({ id }) => id);
    expect([await list(ann), await list(bob, false)]).toEqual([
      [assistantId],
      expect.not.arrayContaining([assistantId]),
    ]);
    await ann.mutate('assistant.publish', { assistantId });
    expect([await list(bob), await list(bob, false)]).toEqual([[], expect.arrayContaining([seeded, assistantId])]);
    const seen = await bob.query<Assistant>('assistant.get', { assistantId });
    expect(seen).toMatchObject({ name: 'Pirate', avatar: '🦜', guideWord: 'Ahoy', owned: false });
    expect(Object.keys(seen).filter((name) => /prompt|parameters|tools|limits/.test(name))).toEqual([]);
    const updated = await ann.mutate<Assistant>('assistant.update', { assistantId, guideWord: null });
    expect(updated).toMatchObject({ version: 2, prompt: 'Arr.', published: true });
    expect(updated).not.toHaveProperty('guideWord');
    expect(await ann.mutate('assistant.delete', { assistantId })).toEqual({ assistantId });
    expect([await list(ann), await list(bob, false)]).toEqual([[], expect.not.arrayContaining([assistantId])]);
  });

  test('[APP-3] an update that changes nothing makes no version', async () => {
    await using ann = await connectAs('ann');
    const made = await make(ann, { tools: [{ name: 'calculator', approval: true }], parameters: { topP: 0.5 } });
    const { name, parameters, tools, limits } = made;
    const again = { assistantId: made.id, name, parameters, tools, limits };
    expect(await ann.mutate('assistant.update', again)).toEqual(made);
    const page = await ann.query<{ versions: AssistantVersion[] }>('assistant.versions', { assistantId: made.id });
    expect(page.versions).toEqual([expect.objectContaining({ version: 1, name, parameters, tools, limits })]);
  });

  test('[APP-4] of changes at once all count, and one of an older version is refused with the newest', async () => {
    await using ann = await connectAs('ann');
    const { id: assistantId } = await make(ann);
    const changes = [{ prompt: 'A' }, { description: 'B' }, { followUps: true }, { guideWord: 'C' }];
    await Promise.all(changes.map((change) => ann.mutate('assistant.update', { assistantId, ...change })));
    const merged = { prompt: 'A', description: 'B', followUps: true, guideWord: 'C', version: 5 };
    expect(await ann.query('assistant.get', { assistantId })).toMatchObject(merged);
    const at = (ifVersion: number, name: string) => ann.mutate('assistant.update', { assistantId, ifVersion, name });
    const both = await Promise.allSettled([at(5, 'One'), at(5, 'Other')]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    await expect(at(5, 'Late')).rejects.toMatchObject({
      message: expect.stringMatching(/^ifVersion: expected 6, the newest version, got 5; /) as string,
      data: { code: 'INVALID_INPUT', version: 6 },
    });
  });

  test('[AST-14] prompt and parameters reach the model, of the version that was there at the start', async () => {
    await using ann = await connectAs('ann');
    const parameters = { temperature: 0.25, topP: 0.5, maxOutputTokens: 99 };
    const made = await make(ann, { prompt: 'First.', model: 'openai:mine', parameters });
    const chat = await chatWith(ann, made);
    const { view } = await say(ann, chat.id, 'hello');
    expect(textOf(view?.messages[1] ?? { parts: [] })).toBe('mine answers');
    const sent = { model: 'mine', temperature: 0.25, top_p: 0.5, max_tokens: 99 };
    const system = (content: string) => expect.arrayContaining([{ role: 'system', content }]) as unknown;
    expect(running.provider.requests.at(-1)?.body).toMatchObject({ ...sent, messages: system('First.') });
    await ann.mutate('assistant.update', { assistantId: made.id, prompt: 'Second.', parameters: {} });
    await say(ann, chat.id, 'again');
    const body = running.provider.requests.at(-1)?.body;
    expect(body).toMatchObject({ model: 'mine', messages: system('Second.') });
    for (const name of ['temperature', 'top_p', 'max_tokens']) expect(body).not.toHaveProperty(name);
  });

  test('[APP-5] a run says its version, and a queued one uses that of its start', async () => {
    await using ann = await connectAs('ann');
    const made = await make(ann, { prompt: 'First.' });
    const { id: chatId } = await chatWith(ann, made);
    const stream = ann.stream({ chatId });
    held.gate = gate();
    await ann.mutate('chat.send', { chatId, text: 'one' });
    await ann.mutate('chat.send', { chatId, text: 'two' });
    await ann.mutate('assistant.update', { assistantId: made.id, prompt: 'Second.' });
    held.gate.open();
    held.gate = null;
    await stream.untilEnded(2);
    const versions = stream.events.flatMap((event) => (event.type === 'run.started' ? [event.run.appVersion] : []));
    expect(versions).toEqual([1, 2]);
    const prompts = running.provider.requests.slice(-2).map(({ body }) => body.messages[0]?.content);
    expect(prompts).toEqual(['First.', 'Second.']);
  });

  test('[APP-6] when it is unpublished others are refused, what waits fails, and its owner goes on', async () => {
    await using ann = await connectAs('ann');
    await using bob = await connectAs('bob');
    const made = await make(ann);
    const { id: assistantId } = made;
    const own = await chatWith(ann, made);
    await ann.mutate('assistant.publish', { assistantId });
    const { id: chatId } = await chatWith(bob, made);
    const stream = bob.stream({ chatId });
    held.gate = gate();
    await bob.mutate('chat.send', { chatId, text: 'one' });
    const waiting = await bob.mutate<{ runId: string }>('chat.send', { chatId, text: 'two' });
    await ann.mutate('assistant.unpublish', { assistantId });
    await expect(bob.mutate('chat.send', { chatId, text: 'three' })).rejects.toMatchObject({
      data: { code: 'APP_UNPUBLISHED' },
    });
    held.gate.open();
    held.gate = null;
    await stream.untilEnded(2);
    const ends = stream.events.flatMap((event) => (event.type === 'run.ended' ? [event] : []));
    expect(ends.map(({ status, error }) => [status, error?.code])).toEqual([
      ['completed', undefined],
      ['failed', 'APP_UNPUBLISHED'],
    ]);
    expect(ends[1]?.runId).toBe(waiting.runId);
    expect(stream.view).toMatchObject({ activeRun: null, queue: [] });
    const { messages } = await bob.query<{ messages: unknown[] }>('chat.history', { chatId });
    expect(messages).toHaveLength(2);
    expect((await say(ann, own.id, 'hello')).view?.messages[1]?.status).toBe('completed');
    await ann.mutate('assistant.delete', { assistantId });
    await expect(ann.mutate('chat.send', { chatId: own.id, text: 'more' })).rejects.toMatchObject({
      data: { code: 'APP_UNPUBLISHED' },
    });
    await expect(chatWith(ann, made)).rejects.toMatchObject({ data: { code: 'NOT_FOUND' } });
  });

  test('[APP-8] what a model does not take is refused with the field, and a missing key is not', async () => {
    await using ann = await connectAs('ann');
    const refused = (settings: object) =>
      make(ann, settings).then(
        () => 'made',
        (error: Error) => error.message,
      );
    expect(await refused({ model: 'nobody:x' })).toMatch(/^model: expected .*, got "nobody:x"$/);
    const demo = { model: 'demo:guide', parameters: { temperature: 1 } };
    expect(await refused(demo)).toMatch(/^parameters\.temperature: expected null, .*, got 1$/);
    expect(await refused({ parameters: { temperature: 3 } })).toMatch(/^parameters\.temperature: /);
    const made = await make(ann, { model: 'anthropic:claude-3-5-haiku-latest', parameters: { temperature: 1 } });
    const warm = { assistantId: made.id, parameters: { temperature: 1.5 } };
    await expect(ann.mutate('assistant.update', warm)).rejects.toMatchObject({
      message: expect.stringMatching(/^parameters\.temperature: expected .* 0 to 1, .*, got 1\.5$/) as string,
    });
    expect(await ann.query('assistant.get', { assistantId: made.id })).toMatchObject({ version: 1 });
  });
});

describe('debug chats', () => {
  test('[APP-9] are deleted a while after their last use, and their streams end; others stay', async () => {
    const answering = gate();
    await using running = await startServerWithModel(
      { answer: async () => (await answering.passed, ['done']) },
      { limits: { debugChatMs: 300, debugSweepMs: 20 } },
    );
    await using client = await RawClient.connect(running.url);
    const [unused, active] = [
      await client.mutate<Chat>('chat.create', { debug: true }),
      await client.mutate<Chat>('chat.create', { debug: true }),
    ];
    const ordinary = await client.mutate<Chat>('chat.create', {});
    const [first, second] = [client.stream({ chatId: unused.id }), client.stream({ chatId: active.id })];
    await client.mutate('chat.send', { chatId: active.id, text: 'hello' });
    await first.until(({ isStopped }) => isStopped);
    expect(first.types.at(-1)).toBe('chat.deleted');
    await expect(client.query('chat.get', { chatId: unused.id })).rejects.toMatchObject({
      data: { code: 'NOT_FOUND' },
    });
    // Made later than the active one, so that a sweep which took it would have taken both.
    const { id: chatId } = await client.mutate<Chat>('chat.create', { debug: true });
    await client.stream({ chatId }).until(({ isStopped }) => isStopped);
    expect(second.isStopped).toBe(false);
    answering.open();
    await second.until(({ isStopped }) => isStopped);
    expect(second.types).toContain('run.ended');
    expect(second.types.at(-1)).toBe('chat.deleted');
    expect(await client.query('chat.get', { chatId: ordinary.id })).toMatchObject({ chat: { id: ordinary.id } });
  });
});
