import { describe, expect, test } from 'vitest';
import type { Conversation } from '../../../../../db/store.ts';
import type { HandlerRun } from '../../../../../server/handlers/handler.ts';
import { createModels } from '../../../../../server/handlers/models.ts';
import { limits } from '../../../../../shared/limits.ts';
import type { Message } from '../../../../../shared/message.ts';
import { startModelProvider } from '../../../../helpers/model-provider.ts';
import type { ModelProvider, ProviderAnswer, ProviderRequest } from '../../../../helpers/model-provider.ts';
import { plainMemory } from '../../../../helpers/plain-memory.ts';
import { sampleChat, sampleMessage } from '../../../../helpers/samples.ts';
import { assistantHandler, handlerRun, produce } from '../handler-run.ts';

const chat = sampleChat();
const said = (role: Message['role'], text: string): Message =>
  sampleMessage(chat, { role, status: 'completed', parts: [{ type: 'text', text }] });

/** Turns of which each message has about a hundred tokens, numbered from 1. */
const turns = (count: number) =>
  Array.from({ length: count }, (_, index) => [
    said('user', `q${index + 1} ${'x'.repeat(396)}`),
    said('assistant', `a${index + 1} ${'y'.repeat(396)}`),
  ]).flat();

const asksForSummary = ({ body }: ProviderRequest) => String(body.messages[0]?.content).startsWith('Sum up');
const summing = (summary: ProviderAnswer) =>
  startModelProvider({ answer: (request) => (asksForSummary(request) ? summary : ['Yes.']) });

/** A model that takes so many tokens, a third of which are for its answer. */
async function ask(
  provider: ModelProvider,
  conversation: Partial<Conversation>,
  { tokens = 3_000, text = 'now', signal = new AbortController().signal, ...more } = {},
) {
  const models = createModels({
    openaiBaseUrl: provider.url,
    defaultModel: 'openai:double',
    contextTokens: { other: tokens },
    ...more,
  });
  const { messages = [], summary = null } = conversation;
  const memory = plainMemory(messages, summary);
  const run: HandlerRun = { ...handlerRun(text), memory };
  const produced = await produce(assistantHandler(models), run, signal);
  const told = provider.requests
    .filter((request) => !asksForSummary(request))
    .map(({ body }) => body.messages.map(({ role, content }) => `${role}: ${String(content).slice(0, 60)}`));
  return { ...produced, memory, told, summaries: provider.requests.filter(asksForSummary) };
}

describe('a conversation that a model does not take', () => {
  test('[CTX-3] is summed up by one call, which is kept and told in place of what is left out', async () => {
    await using provider = await summing(['They want ', 'a boat.']);
    const messages = turns(15);
    const { memory, told, summaries, text, error } = await ask(provider, { messages });
    expect({ text, error }).toEqual({ text: 'Yes.', error: null });
    expect(summaries).toHaveLength(1);
    expect(memory.calls).toEqual(['finished']);
    const at = messages.findIndex(({ id }) => id === memory.kept[0]?.messageId);
    expect(memory.kept).toEqual([{ messageId: messages[at]?.id, text: 'They want a boat.' }]);
    expect(told[0]?.slice(0, 2)).toEqual([
      'system: You are helpful.',
      expect.stringMatching(/^user: \[What was said before, summed up\]\n\nThey want a boat\.\n\nq\d+ /),
    ]);
    // All that is left is whole, and fits in half of the room.
    expect(told[0]).toHaveLength(messages.length - at + 1);
    expect(told[0]?.length).toBeGreaterThan(6);
    expect(told[0]?.length).toBeLessThan(12);
    const { body } = summaries[0] ?? {};
    const transcript = String(body?.messages[1]?.content);
    expect(transcript).toContain('Person: q1 xxx');
    expect(transcript).toContain(`Answer: a${(at + 1) / 2} yyy`);
    expect(transcript).not.toContain(`q${(at + 1) / 2 + 1} `);
  });

  test('[CTX-3] whose summary is known needs no call until too much has been added again', async () => {
    await using provider = await summing(['Both.']);
    const known = { messageId: said('user', '').id, text: 'They want a boat.' };
    const little = await ask(provider, { messages: turns(5), summary: known });
    expect(little.summaries).toEqual([]);
    expect(little.told[0]?.[1]).toMatch(/They want a boat\.\n\nq1 /);
    const much = await ask(provider, { messages: turns(12), summary: known });
    expect(much.summaries).toHaveLength(1);
    expect(JSON.stringify(much.summaries[0]?.body.messages)).toContain('before: They want a boat.');
    expect(much.memory.kept).toMatchObject([{ text: 'Both.' }]);
    expect(much.told.at(-1)?.[1]).toMatch(/summed up\]\n\nBoth\.\n\nq\d+ /);
  });

  test('[CTX-1] is not summed up while the model takes all of it, calls of tools included', async () => {
    await using provider = await summing(['No.']);
    const messages = turns(8);
    expect((await ask(provider, { messages })).summaries).toEqual([]);
    const called = sampleMessage(chat, {
      status: 'completed',
      parts: [
        { type: 'tool', toolCallId: 'a', name: 'book', input: {}, state: 'done', output: 'z'.repeat(4_000), step: 1 },
        { type: 'text', text: 'Booked.' },
      ],
    });
    const { summaries } = await ask(provider, { messages: [...messages, said('user', 'book'), called] });
    expect(String(summaries[0]?.body.messages[1]?.content)).toContain('q1');
  });

  test('[CTX-3] is told by so many messages at most', async () => {
    await using provider = await summing(['Much.']);
    const messages = Array.from({ length: limits.historyMessages + 2 }, (_, index) =>
      said(index % 2 === 0 ? 'user' : 'assistant', `m${index}`),
    );
    const { summaries, told } = await ask(provider, { messages }, { tokens: 1_000_000 });
    expect(summaries).toHaveLength(1);
    expect(told[0]).toHaveLength(limits.historyMessages / 2 + 2);
  });

  test('[CTX-3] is cut for its summary, each message alike, where even that is too much', async () => {
    await using provider = await summing(['Long.']);
    const messages = turns(60);
    const { summaries } = await ask(provider, { messages });
    const transcript = String(summaries[0]?.body.messages[1]?.content);
    expect(transcript.length).toBeLessThan(8_000);
    for (const name of ['q1 ', 'a30 ', 'q50 ']) expect(transcript).toContain(name);
  });

  test.each([
    ['fails', { status: 400, body: { error: { message: 'no' } } }, 'failed'],
    ['breaks off', ['half', { end: 'close' }], 'failed'],
    ['says nothing', [' '], 'finished'],
  ] as const)('[CTX-5] is told by its newest messages where the call for a summary %s', async (_, answer, status) => {
    await using provider = await summing(answer);
    const { memory, text, told, error } = await ask(provider, { messages: turns(15) });
    expect({ text, error }).toEqual({ text: 'Yes.', error: null });
    expect(memory.kept).toEqual([]);
    expect(memory.failures).toHaveLength(1);
    expect(memory.calls).toEqual([status]);
    expect(told[0]?.[1]).toMatch(/^user: q\d+ /);
    expect(told[0]?.at(-2)).toMatch(/^assistant: a15 /);
  });

  test('[CTX-5] is not summed up any more when the run is stopped', async () => {
    const stop = new AbortController();
    await using provider = await startModelProvider({
      answer: () => {
        stop.abort(new Error('stopped'));
        return ['half', { end: 'hang' }];
      },
    });
    const { memory, error } = await ask(provider, { messages: turns(15) }, { signal: stop.signal });
    expect(error).toEqual(new Error('stopped'));
    expect(memory).toMatchObject({ kept: [], failures: [], calls: ['stopped'] });
    expect(provider.requests).toHaveLength(1);
  });

  test('[CTX-3] is not summed up for what leaves it no room, nor by the demo', async () => {
    await using provider = await summing(['No.']);
    const messages = turns(15);
    expect((await ask(provider, { messages }, { text: 'x'.repeat(7_000) })).summaries).toEqual([]);
    const demo = await ask(provider, { messages }, { defaultModel: 'demo:guide', demoWordMs: 0 } as object);
    expect(demo).toMatchObject({ error: null, memory: { kept: [], failures: [], calls: [] } });
  });
});
