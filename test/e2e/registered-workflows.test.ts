import { AIMessage } from '@langchain/core/messages';
import type { LangGraphRunnableConfig } from '@langchain/langgraph';
import { END, interrupt, MessagesAnnotation, START, StateGraph } from '@langchain/langgraph';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../../db/connect.ts';
import type { ServerOptions, WorkflowQuestion } from '../../server/index.ts';
import { textOf } from '../../shared/message.ts';
import type { Message } from '../../shared/message.ts';
import type { Chat } from '../../shared/chat.ts';
import type { WorkflowSummary } from '../../shared/workflow.ts';
import { severable } from '../fuzz/severable-database.ts';
import { openDatabase } from '../helpers/open-database.ts';
import { RawClient } from '../helpers/raw-client.ts';
import type { RawStream } from '../helpers/raw-client.ts';
import { startServer } from '../helpers/server.ts';

function fail(why: string): never {
  throw new Error(why);
}

let planned = 0;

/** A node that works, one that asks, one that is told the answer. */
function journey() {
  return new StateGraph(MessagesAnnotation)
    .addNode('plan', () => {
      planned += 1;
      return { messages: [new AIMessage('Two trips are free.')] };
    })
    .addNode('ask', () => {
      const place = interrupt<WorkflowQuestion, string>({ prompt: 'Where to?', options: ['Rome', 'Oslo'] });
      return { messages: [new AIMessage(`Off to ${place}!`)] };
    })
    .addEdge(START, 'plan')
    .addEdge('plan', 'ask')
    .addEdge('ask', END);
}

describe('workflows that a program registers', () => {
  let lasting: Database;
  beforeAll(async () => {
    lasting = await openDatabase();
  });
  afterAll(() => lasting.close());

  const start = (
    workflows: ServerOptions['workflows'] = { journey: { name: 'Journey', graph: journey() } },
    hold = severable(lasting),
  ) => startServer({ database: hold.database, workflows });

  async function listed(client: RawClient): Promise<WorkflowSummary | undefined> {
    const { workflows } = await client.query<{ workflows: WorkflowSummary[] }>('workflow.list', { limit: 100 });
    return workflows.find(({ name }) => name === 'Journey');
  }

  async function chatWith(client: RawClient): Promise<{ chat: Chat; stream: RawStream }> {
    const { id } = (await listed(client)) ?? fail('it is not listed');
    const chat = await client.mutate<Chat>('chat.create', { app: { kind: 'workflow', id } });
    const stream = client.stream({ chatId: chat.id });
    await client.mutate('chat.send', { chatId: chat.id, text: 'go' });
    return { chat, stream };
  }

  const respond = (client: RawClient, { id: chatId }: Chat, inputId: string | undefined, value: unknown) =>
    client.mutate('chat.respond', { chatId, inputId, value });

  test('[REG-4] are listed for everybody, and a question of theirs waits over a restart without anything being done again', async () => {
    planned = 0;
    const first = await start();
    const client = await RawClient.connect(first.url);
    expect(await listed(client)).toMatchObject({ name: 'Journey', description: '', published: true });
    const { chat, stream } = await chatWith(client);
    await stream.until(({ types }) => types.includes('input.requested'));
    const inputId = stream.view?.pendingInput?.id;
    await expect(respond(client, chat, inputId, 'Paris')).rejects.toMatchObject({ data: { code: 'INVALID_INPUT' } });
    await first[Symbol.asyncDispose]();

    await using second = await start();
    await using again = await RawClient.connect(second.url);
    const later = again.stream({ chatId: chat.id });
    await respond(again, chat, inputId, 'Oslo');
    await later.until(({ types }) => types.includes('run.ended'));
    const answer = later.view?.messages.at(-1) ?? fail('there is no answer');
    expect(answer.status).toBe('completed');
    expect(textOf(answer)).toMatch(/^Two trips are free\.\s*Off to Oslo!$/);
    expect(answer.parts).toContainEqual(
      expect.objectContaining({ type: 'input', prompt: 'Where to?', answer: 'Oslo' }),
    );
    expect(planned).toBe(1);
  });

  test.each([
    ['registered again', true],
    ['registered no more', false],
  ])(
    '[REG-5] [REG-7] a run that is cut off while it works ends interrupted, with what it has said: %s',
    async (_, isRegisteredAgain) => {
      const graph = new StateGraph(MessagesAnnotation)
        .addNode('begin', async (_, config: LangGraphRunnableConfig) => {
          config.writer?.('Begun.');
          return new Promise<never>(() => {});
        })
        .addEdge(START, 'begin');
      const workflows = { journey: { name: 'Journey', graph } };
      const hold = severable(lasting);
      const first = await start(workflows, hold);
      const client = await RawClient.connect(first.url);
      const { chat, stream } = await chatWith(client);
      await stream.until(({ types }) => types.includes('message.delta'));
      const recorded = async () =>
        (await client.query<{ messages: Message[] }>('chat.history', { chatId: chat.id })).messages.at(-1)?.parts
          .length;
      await expect.poll(recorded).toBe(1);
      await hold.sever();
      await first[Symbol.asyncDispose]();

      await using second = await start(isRegisteredAgain ? workflows : {});
      await using again = await RawClient.connect(second.url);
      const later = again.stream({ chatId: chat.id });
      await later.until(({ view }) => view !== null);
      const answer = later.view?.messages.at(-1) ?? fail('there is no answer');
      expect([answer.status, textOf(answer)]).toEqual(['interrupted', 'Begun.']);
    },
  );

  test('[REG-6] nodes ask again and again, at once and in graphs inside, and each is told its own answer', async () => {
    const says = (text: string) => ({ messages: [new AIMessage(text)] });
    const inner = new StateGraph(MessagesAnnotation)
      .addNode('deep', () => says(`deep ${interrupt('deep?')}.`))
      .addEdge(START, 'deep')
      .compile();
    const graph = new StateGraph(MessagesAnnotation)
      .addNode('twice', () => says(`first ${interrupt('first?')}, second ${interrupt('second?')}.`))
      .addNode('left', () => says(`left ${interrupt('left?')}.`))
      .addNode('right', () => says(`right ${interrupt('right?')}.`))
      .addNode('inner', inner)
      .addEdge(START, 'twice')
      .addEdge('twice', 'left')
      .addEdge('twice', 'right')
      .addEdge(['left', 'right'], 'inner');
    await using server = await start({ journey: { name: 'Journey', graph } });
    await using client = await RawClient.connect(server.url);
    const { chat, stream } = await chatWith(client);
    for (let count = 1; count <= 5; count += 1) {
      await stream.until(({ types }) => types.filter((type) => type === 'input.requested').length === count);
      const { id, prompt = '' } = stream.view?.pendingInput ?? {};
      await respond(client, chat, id, prompt.replace('?', '!'));
    }
    await stream.untilEnded();
    const answer = stream.view?.messages.at(-1) ?? fail('there is no answer');
    expect(answer.status).toBe('completed');
    const texts = answer.parts.flatMap((part) => (part.type === 'text' ? part.text.trim() : []));
    expect(texts).toEqual(['first first!, second second!.', 'left left!.', 'right right!.', 'deep deep!.']);
  });

  test('[REG-7] one that is not registered any more fails when its question is answered', async () => {
    const first = await start();
    const client = await RawClient.connect(first.url);
    const { chat, stream } = await chatWith(client);
    await stream.until(({ types }) => types.includes('input.requested'));
    await first[Symbol.asyncDispose]();
    await using second = await start({});
    await using again = await RawClient.connect(second.url);
    const later = again.stream({ chatId: chat.id });
    await respond(again, chat, stream.view?.pendingInput?.id, 'Oslo');
    await later.until(({ types }) => types.includes('run.ended'));
    expect(later.view?.messages.at(-1)).toMatchObject({
      status: 'failed',
      error: { code: 'NOT_FOUND', message: expect.stringContaining('does not register the workflow') },
    });
  });

  test('[REG-4] one that is not registered any more is not published any more, until it is again', async () => {
    await (await start())[Symbol.asyncDispose]();
    const without = await start({});
    const client = await RawClient.connect(without.url);
    expect(await listed(client)).toBeUndefined();
    await without[Symbol.asyncDispose]();
    await using server = await start();
    await using again = await RawClient.connect(server.url);
    expect(await listed(again)).toMatchObject({ name: 'Journey' });
  });

  test('[REG-4] a name that cannot be one keeps the server from starting', async () => {
    const wrong = start({ 'two words': { name: 'Journey', graph: journey() } });
    await expect(wrong).rejects.toThrow(/createServer: workflows: expected a name .*got "two words"/);
  });
});
